/** What a door waits for before it answers: nobody is told of what a loss of power could still take back. Pure. */

/** Resolves when all that was committed so far is on the disk; rejects when it may never be. Null: it is there already. */
export type OnDisk = () => Promise<void> | null;
