/** Keeps the write-ahead log short from a thread: on the main thread each checkpoint would keep everybody waiting (44-200 ms). */
import type { Clock } from '../base/clock.js';
import type { Logger } from '../base/log.js';
import { TaskGroup } from '../base/task-group.js';
import { WorkerPool } from '../base/worker-pool.js';
import type { CheckpointOrder } from './checkpoint.js';
import type { Database } from './database.js';
import type { SqliteFile } from './sqlite-file.js';

/** SQLite's own measure: 4 MB, so that a checkpoint is worth its two waits for the disk. */
const WORTHWHILE_PAGES = 1000;
/**
 * 16 MB. The log begins anew only when all of it was copied, and a writer without pause lets no checkpoint catch up: from here on
 * nobody writes for the moment that the last few pages take.
 */
const LONG_LOG_PAGES = 4096;
/** 256 MB: should the thread fail, SQLite does it on the main thread from here on. Four mails of 36 MiB, one after the other, come to half of it. */
const LAST_RESORT_PAGES = 65_536;
/** Gathers the commits of a moment: a page written ten times is copied once. */
const PAUSE_MS = 250;
/** A full disk or a bad one: nothing is lost by waiting, the log holds all. */
const PAUSE_AFTER_FAILURE_MS = 30_000;
/** The thread takes some megabytes while it lives. */
const THREAD_IDLE_MS = 60_000;

export interface CheckpointerRooms {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
}

export class Checkpointer {
  readonly #tasks: TaskGroup;
  readonly #pool = new WorkerPool<CheckpointOrder, void>({
    url: new URL('./checkpoint-worker.js', import.meta.url),
    threads: 1,
    maxQueued: 1,
    idleMs: THREAD_IDLE_MS,
  });
  #wake: () => void = () => {};
  #unwatch: () => void = () => {};

  constructor(
    private readonly file: SqliteFile,
    private readonly rooms: CheckpointerRooms,
  ) {
    this.#tasks = new TaskGroup((error) => rooms.log.error('checkpoints', error));
  }

  start(): void {
    this.rooms.database.checkpointAt(LAST_RESORT_PAGES);
    this.#unwatch = this.rooms.database.watchCommits(() => this.#wake());
    this.#tasks.run((signal) => this.#keepShort(signal));
  }

  /** Before the database is closed, which then does the rest itself. */
  async stop(): Promise<void> {
    this.#unwatch();
    const stopped = this.#tasks.stop();
    this.#wake();
    // A thread that is ended in the midst of SQLite takes the process with it.
    await stopped;
    await this.#pool.close();
  }

  async #keepShort(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const { log, pending } = this.rooms.database.logPages();
      if (pending < WORTHWHILE_PAGES) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        await this.rooms.clock.sleep(PAUSE_MS, signal);
        continue;
      }
      try {
        await this.#pool.run({ file: this.file, mayHoldWriter: log > LONG_LOG_PAGES });
        await this.rooms.clock.sleep(PAUSE_MS, signal);
      } catch (error) {
        if (signal.aborted) return;
        this.rooms.log.warn('the write-ahead log cannot be taken over into the database now', error as Error);
        await this.rooms.clock.sleep(PAUSE_AFTER_FAILURE_MS, signal);
      }
    }
  }
}
