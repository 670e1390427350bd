/** Keeps the full-text index up with what comes in, a little at a time, while nobody is waiting. */
import type { Clock } from '../../base/clock.js';
import type { Logger } from '../../base/log.js';
import { TaskGroup } from '../../base/task-group.js';
import { nextSliceSize } from './slice-size.js';
import type { TextIndex } from './text-index.js';
import type { Mailboxes } from './types.js';

const FIRST_MESSAGES = 20;
/** With a million messages 4 ms, 12 ms at most. */
const PAGES_PER_TURN = 32;
const TURN_MS = 12;
/** Leaves nine tenths of the time to others while a large import is being indexed: so many times what a turn took. */
const PAUSE = 9;
const MIN_PAUSE_MS = 20;

export class TextIndexer {
  readonly #tasks: TaskGroup;
  #messages = FIRST_MESSAGES;
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
    while (!signal.aborted) {
      // Made before the look, so that a message that comes in between is not missed.
      const changed = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      const startedAt = performance.now();
      if (!this.#takeTurn()) await changed;
      else await this.rooms.clock.sleep(Math.max(PAUSE * (performance.now() - startedAt), MIN_PAUSE_MS), signal);
    }
  }

  /** Either joins parts of the index or adds messages to it. Answers false when there is nothing to do. */
  #takeTurn(): boolean {
    const { index } = this.rooms;
    if (index.mergeNext(PAGES_PER_TURN)) return true;
    const startedAt = performance.now();
    const taken = index.indexNext(this.#messages);
    if (taken > 0) this.#messages = nextSliceSize(taken, performance.now() - startedAt, TURN_MS);
    return taken > 0;
  }
}
