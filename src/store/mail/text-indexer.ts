/** Keeps the full-text index up with the mail, from a thread of its own. */
import type { Clock } from '../../base/clock.js';
import { isDamage } from '../../base/disk-fault.js';
import type { Logger } from '../../base/log.js';
import { TaskGroup } from '../../base/task-group.js';
import { WorkerPool } from '../../base/worker-pool.js';
import type { SqliteFile } from '../sqlite-file.js';
import type { TextBacklog } from './text-backlog.js';
import type { TextIndex } from './text-index.js';
import type { IndexingOrder, IndexingResult } from './text-indexing.js';
import type { Mailboxes } from './types.js';

/** Forgotten in some milliseconds. */
const REMOVALS_PER_TURN = 1000;
/** Gathers what comes in in a moment. */
const PAUSE_MS = 250;
/** A full disk or a bad one: searches read what the index does not know. */
const PAUSE_AFTER_FAILURE_MS = 30_000;
/** The thread takes some megabytes while it lives. */
const THREAD_IDLE_MS = 60_000;

export interface TextIndexerRooms {
  readonly mailboxes: Pick<Mailboxes, 'watch'>;
  readonly index: TextIndex;
  readonly backlog: TextBacklog;
  readonly clock: Clock;
  readonly log: Logger;
}

export class TextIndexer {
  readonly #tasks: TaskGroup;
  readonly #pool: WorkerPool<IndexingOrder, IndexingResult>;
  #wake: () => void = () => {};
  #unwatch: () => void = () => {};

  /** @param thread the compiled module that answers orders by `takeIndexingTurn` */
  constructor(
    private readonly files: { readonly mail: SqliteFile; readonly index: SqliteFile },
    thread: URL,
    private readonly rooms: TextIndexerRooms,
  ) {
    this.#tasks = new TaskGroup((error) => rooms.log.error('indexing', error));
    this.#pool = new WorkerPool({ url: thread, threads: 1, maxQueued: 1, idleMs: THREAD_IDLE_MS });
  }

  start(): void {
    this.#unwatch = this.rooms.mailboxes.watch(() => this.#wake());
    this.#tasks.run((signal) => this.#indexForEver(signal));
  }

  async stop(): Promise<void> {
    this.#unwatch();
    const stopped = this.#tasks.stop();
    this.#wake();
    // A thread that is ended in the midst of SQLite takes the process with it.
    await stopped;
    await this.#pool.close();
  }

  async #indexForEver(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.rooms;
    while (!signal.aborted) {
      // Made before the look, so that a message that comes in between is not missed.
      const changed = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      try {
        if (await this.#takeTurn()) continue;
        await changed;
        await clock.sleep(PAUSE_MS, signal);
      } catch (error) {
        if (signal.aborted) return;
        if (isDamage(error) && !this.rooms.index.isDamaged) {
          this.rooms.index.noteDamage();
          continue;
        }
        log.warn('the full-text index cannot be brought up to date now', error as Error);
        await clock.sleep(PAUSE_AFTER_FAILURE_MS, signal);
      }
    }
  }

  /** Answers false when there was nothing to do. */
  async #takeTurn(): Promise<boolean> {
    const { index, backlog, log } = this.rooms;
    if (index.isDamaged) {
      log.warn('the full-text index is damaged: it is made anew');
      index.makeAnew();
    }
    const removed = backlog.removed(REMOVALS_PER_TURN);
    if (removed.length === 0 && index.reach >= backlog.lastMessageId) return false;
    const result = await this.#pool.run({ ...this.files, removed });
    if (result === 'index damaged') index.noteDamage();
    else backlog.forgotten(removed);
    return true;
  }
}
