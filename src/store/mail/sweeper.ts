/** Deletes what lay in removed folders, was expunged or never came into a folder, and the pieces of large messages, a little at a time; goes on after a restart. */
import type { Clock } from '../../base/clock.js';
import type { Logger } from '../../base/log.js';
import { TaskGroup } from '../../base/task-group.js';
import type { LargeMessages } from './large-messages.js';
import type { RemovedEntries } from './removed-entries.js';
import type { RemovedFolders } from './removed-folders.js';
import { nextSliceSize } from './slice-size.js';
import type { StagedMessages } from './staged-messages.js';
import type { Mailboxes } from './types.js';

const FIRST_SLICE = 100;
/** 2 MB: some milliseconds, what was there being overwritten. */
const PIECES_PER_TURN = 4;
const SLICE_MS = 10;
/** Leaves nine tenths of the time to others: nobody waits for this. */
const PAUSE_MS = 90;
/** A full disk needs room to delete, too. */
const PAUSE_AFTER_FAILURE_MS = 30_000;

export class Sweeper {
  readonly #tasks: TaskGroup;
  #wake: () => void = () => {};
  #unwatch: (() => void)[] = [];

  constructor(
    private readonly rooms: {
      mailboxes: Mailboxes;
      removed: RemovedFolders;
      expunged: RemovedEntries;
      staged: StagedMessages;
      large: LargeMessages;
      clock: Clock;
      log: Logger;
    },
  ) {
    this.#tasks = new TaskGroup((error) => rooms.log.error('sweeping', error));
  }

  start(): void {
    const wake = (): void => this.#wake();
    this.#unwatch = [this.rooms.mailboxes.watch(wake), this.rooms.staged.watch(wake)];
    this.#tasks.run((signal) => this.#sweepForEver(signal));
  }

  async stop(): Promise<void> {
    for (const unwatch of this.#unwatch) unwatch();
    const stopped = this.#tasks.stop();
    this.#wake();
    await stopped;
  }

  async #sweepForEver(signal: AbortSignal): Promise<void> {
    let size = FIRST_SLICE;
    while (!signal.aborted) {
      // Made before the look, so that a folder that is removed in between is not missed.
      const changed = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      const startedAt = performance.now();
      const wasWork = this.#sweep(size);
      if (wasWork === null) await this.rooms.clock.sleep(PAUSE_AFTER_FAILURE_MS, signal);
      else if (!wasWork) await changed;
      else {
        size = nextSliceSize(size, performance.now() - startedAt, SLICE_MS);
        await this.rooms.clock.sleep(PAUSE_MS, signal);
      }
    }
  }

  /** Null: it failed, and will be tried again. */
  #sweep(size: number): boolean | null {
    try {
      const { removed, expunged, staged, large } = this.rooms;
      return removed.emptyNext(size) || expunged.deleteNext(size) || staged.deleteNext(size) || large.deleteNext(PIECES_PER_TURN);
    } catch (error) {
      this.rooms.log.warn('what was removed cannot be deleted now', error as Error);
      return null;
    }
  }
}
