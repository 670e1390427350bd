/** Brings what was committed to the disk, away from the main thread: one wait for all commits of a moment. */
import { close, closeSync, fdatasync, fdatasyncSync, openSync } from 'node:fs';

interface Waiter {
  readonly upTo: number;
  resolve(): void;
  reject(error: Error): void;
}

/**
 * SQLite writes a commit to the write-ahead log, where a crash of the program does not reach it any more; one of the machine does, until
 * the system has brought the log to the disk. To ask for that is no business of SQLite's locks, so a thread of Node.js can wait for it.
 * The log keeps its order: when a commit is on the disk, all before it are.
 */
export class LogSync {
  readonly #file: number;
  #committed = 0;
  #onDisk = 0;
  #state: 'idle' | 'soon' | 'waiting' = 'idle';
  #isClosed = false;
  #lost: Error | null = null;
  #waiters: Waiter[] = [];

  /**
   * @param path of the write-ahead log, which is the same file from the first reading until the database is closed
   * @param onLost told, once, that the disk failed. What it has of the log is unknown then, and to ask again is no help: a system that
   *   could not write a page forgets it, and says "done" the next time
   */
  constructor(
    path: string,
    private readonly onLost: (error: Error) => void,
  ) {
    // Windows brings only files to the disk that were opened for writing.
    this.#file = openSync(path, 'r+');
  }

  /** Something was committed. It goes to the disk from the end of this turn on, whether anybody waits for it or not. */
  committed(): void {
    this.#committed++;
    if (this.#state !== 'idle') return;
    this.#state = 'soon';
    setImmediate(() => this.#sync());
  }

  /** Resolves when all that was committed so far is on the disk; rejects when nobody knows whether it will be. Null: it is there. */
  onDisk(): Promise<void> | null {
    if (this.#lost !== null) return Promise.reject(this.#lost);
    if (this.#onDisk === this.#committed) return null;
    return new Promise((resolve, reject) => this.#waiters.push({ upTo: this.#committed, resolve, reject }));
  }

  /** As `onDisk`, waiting here and now. @throws what the system says */
  bring(): void {
    if (this.#lost !== null) throw this.#lost;
    try {
      fdatasyncSync(this.#file);
    } catch (error) {
      this.#lose(error as Error);
      throw error;
    }
    this.#reachedDisk(this.#committed);
  }

  /** Brings what is left, and lets go of the file. */
  close(): void {
    if (this.#lost === null && this.#onDisk < this.#committed) this.bring();
    this.#isClosed = true;
    // A number that a thread works with must not become another file's.
    if (this.#state !== 'waiting') closeSync(this.#file);
  }

  #sync(): void {
    if (this.#isClosed || this.#lost !== null || this.#onDisk === this.#committed) {
      this.#state = 'idle';
      return;
    }
    const upTo = this.#committed;
    this.#state = 'waiting';
    fdatasync(this.#file, (error) => {
      if (this.#isClosed) {
        close(this.#file);
        return;
      }
      if (error !== null) this.#lose(error);
      else this.#reachedDisk(upTo);
      this.#sync();
    });
  }

  #reachedDisk(upTo: number): void {
    this.#onDisk = Math.max(this.#onDisk, upTo);
    const waiters = this.#waiters;
    this.#waiters = waiters.filter((waiter) => waiter.upTo > this.#onDisk);
    for (const waiter of waiters) if (waiter.upTo <= this.#onDisk) waiter.resolve();
  }

  #lose(error: Error): void {
    if (this.#lost !== null) return;
    this.#lost = error;
    for (const waiter of this.#waiters.splice(0)) waiter.reject(error);
    this.onLost(error);
  }
}
