/** Background work of one room: every promise is watched, and `stop` waits for all of them. */
import { setMaxListeners } from 'node:events';
import type { Clock } from './clock.js';

export class TaskGroup {
  readonly #abort = new AbortController();
  readonly #running = new Set<Promise<void>>();

  /** @param failed told of each task that ends with an error, unless the group is stopping */
  constructor(private readonly failed: (error: unknown) => void) {
    // Each task that waits listens to the one signal; Node takes more than ten for a leak.
    setMaxListeners(0, this.#abort.signal);
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Starts a task. After `stop` was called nothing new is started. */
  run(task: (signal: AbortSignal) => Promise<void>): void {
    if (this.#abort.signal.aborted) return;
    const promise = (async () => task(this.#abort.signal))()
      .catch((error: unknown) => {
        if (!this.#abort.signal.aborted) this.failed(error);
      })
      .finally(() => this.#running.delete(promise));
    this.#running.add(promise);
  }

  /** Does it again and again, so long after it was last done, until `stop`. */
  repeat(clock: Clock, intervalMs: number, task: () => Promise<unknown>): void {
    this.run(async (signal) => {
      for (;;) {
        await clock.sleep(intervalMs, signal);
        if (signal.aborted) return;
        await task();
      }
    });
  }

  /** Aborts the signal and waits until every task has ended. Calling it again is harmless. */
  async stop(): Promise<void> {
    this.#abort.abort();
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }
}
