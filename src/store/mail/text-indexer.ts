/** Keeps the full-text index up with what comes in, a little at a time, while nobody is waiting. */
import type { Clock } from '../../base/clock.js';
import type { Logger } from '../../base/log.js';
import { TaskGroup } from '../../base/task-group.js';
import type { TextIndex } from './text-index.js';
import type { Mailboxes } from './types.js';

/** Takes about 20 ms on a slow machine. */
const MESSAGES_PER_TURN = 50;
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
    while (!signal.aborted) {
      // Made before the look, so that a message that comes in between is not missed.
      const changed = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      const taken = this.rooms.index.indexNext(MESSAGES_PER_TURN);
      if (taken === 0) await changed;
      else await this.rooms.clock.sleep(PAUSE_MS, signal);
    }
  }
}
