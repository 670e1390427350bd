/** A copy of many messages, in steps in which nobody has to wait: seen at once, and there as a whole or not at all, also after a crash. */
import type { UnixSeconds } from '../../base/clock.js';
import type { Database } from '../database.js';
import type { CopyLog } from './copy-log.js';
import type { Entries } from './entries.js';
import { CountChange } from './entry-counts.js';
import type { State } from './state-pool.js';
import type { UidPairs } from './types.js';
import type { UidRun } from './uid-runs.js';

/** What shows these is written in 20 ms. */
export const SHOWN_AT_ONCE = 100_000;

/** So many UIDs are left to those who put something into the folder meanwhile: a second of APPENDs. They are logged as expunged. */
const UIDS_LEFT = 1024;
/** Where that was too little, so many times as many the next time. */
const MORE_LEFT = 8;

/** What came in and is not seen yet. */
interface Unseen {
  readonly area: UidRun;
  readonly from: number[];
  readonly states: State[];
  readonly counts: CountChange;
}

export class UnseenCopy {
  #unseen: Unseen | null = null;
  #left = UIDS_LEFT;

  constructor(
    private readonly database: Database,
    private readonly entries: Entries,
    private readonly log: CopyLog,
    /** The folder copied from. */
    private readonly sourceId: number,
    private readonly tell: () => void,
  ) {}

  /** The next of them (ascending), at most SHOWN_AT_ONCE before they are shown; those that are gone are left out. Seen by nobody. */
  add(uids: readonly number[], now: UnixSeconds): void {
    const { targetId } = this.log;
    const unseen = (this.#unseen ??= {
      area: this.entries.reserve(targetId, SHOWN_AT_ONCE, this.#left),
      from: [],
      states: [],
      counts: new CountChange(),
    });
    // A batch: what shows them brings them onto the disk as well.
    this.database.batch(() => {
      const firstUid = unseen.area.first + unseen.states.length;
      const { from, states } = this.entries.copyUnseen(this.sourceId, uids, { mailboxId: targetId, firstUid }, now, unseen.counts);
      if (from.length === 0) return;
      this.log.note({ first: firstUid, last: firstUid + from.length - 1 });
      for (const uid of from) unseen.from.push(uid);
      for (const state of states) unseen.states.push(state);
    });
  }

  /** Shows to everybody at once what was added. Null: so much else came into the folder meanwhile that it has to be added again. */
  show(): UidPairs | null {
    const unseen = this.#unseen;
    if (unseen === null) return { from: [], to: [] };
    const { area, from, states, counts } = unseen;
    const isShown = this.database.transaction(() => {
      if (this.entries.show(this.log.targetId, area.first, states, counts)) {
        this.tell();
        return true;
      }
      for (const run of this.log.takeWithin(area)) this.entries.undoCopy(this.log.targetId, run);
      return false;
    });
    this.#release();
    if (!isShown) this.#left *= MORE_LEFT;
    return isShown ? { from, to: from.map((_, index) => area.first + index) } : null;
  }

  /** All is there. */
  finish(): void {
    this.log.forget();
  }

  /** Takes away what one step has copied; false: nothing is left of it all. */
  undoNext(): boolean {
    this.#release();
    return this.database.transaction(() => {
      const isLeft = undoNext(this.entries, this.log);
      if (isLeft) this.tell();
      return isLeft;
    });
  }

  #release(): void {
    if (this.#unseen !== null) this.entries.release(this.log.targetId, this.#unseen.area);
    this.#unseen = null;
  }
}

/** Inside the caller's transaction. */
export function undoNext(entries: Entries, log: CopyLog): boolean {
  const run = log.take();
  if (run !== null) entries.undoCopy(log.targetId, run);
  return run !== null;
}
