/** Keeps the full-text index up with what comes in, a little at a time, while nobody is waiting. */
import type { Clock } from '../../base/clock.js';
import type { Logger } from '../../base/log.js';
import { TaskGroup } from '../../base/task-group.js';
import { nextSliceSize } from './slice-size.js';
import type { TextIndex } from './text-index.js';
import type { Mailboxes } from './types.js';

const FIRST_TURN = 20;
const TURN_MS = 12;
/** Leaves nine tenths of the time to others while a large import is being indexed. */
const PAUSE_MS = 100;

export class TextIndexer {
  readonly #tasks: TaskGroup;
  #wake: (() => void) | null = null;
  #unwatch: (() => void) | null = null;

  constructor(private readonly rooms: { mailboxes: Mailboxes; index: TextIndex; clock: Clock; log: Logger }) {
    this.#tasks = new TaskGroup((error) => rooms.log.error('indexing', error));
  }

  start(): void {
    this.#unwatch = this.rooms.mailboxes.watch(() => this.#wake?.());
    this.#tasks.run((signal) => this.#indexForEver(signal));
  }

  async stop(): Promise<void> {
    this.#unwatch?.();
    const stopped = this.#tasks.stop();
    this.#wake?.();
    await stopped;
  }

  async #indexForEver(signal: AbortSignal): Promise<void> {
    let size = FIRST_TURN;
    while (!signal.aborted) {
      // Made before the look, so that a message that comes in between is not missed.
      const changed = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      const startedAt = performance.now();
      const taken = this.rooms.index.indexNext(size);
      if (taken > 0) size = nextSliceSize(taken, performance.now() - startedAt, TURN_MS);
      if (taken === 0) await changed;
      else await this.rooms.clock.sleep(PAUSE_MS, signal);
    }
  }
}
