/** Time as a room sees it: a clock that tests can hold still and move on. */

/** Seconds since 1970, whole. */
export type UnixSeconds = number;

export interface Clock {
  /** Now, whole seconds since 1970. */
  now(): UnixSeconds;
  /** Resolves after `ms`, or at once (without an error) when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Math.floor(Date.now() / 1000),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) {
        resolve();
        return;
      }
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      // setTimeout holds 31 bits of milliseconds; a longer wait would fire at once.
      const timer = setTimeout(done, Math.min(Math.max(ms, 0), 2 ** 31 - 1));
      signal?.addEventListener('abort', done, { once: true });
    }),
};

/** A clock that stands still until a test advances it; sleepers wake in the order of their time. */
export class ManualClock implements Clock {
  #nowMs: number;
  #sleepers: { wakeMs: number; wake: () => void }[] = [];

  constructor(start: UnixSeconds) {
    this.#nowMs = start * 1000;
  }

  now(): UnixSeconds {
    return Math.floor(this.#nowMs / 1000);
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) {
        resolve();
        return;
      }
      const aborted = (): void => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        resolve();
      };
      const wake = (): void => {
        signal?.removeEventListener('abort', aborted);
        resolve();
      };
      const sleeper = { wakeMs: this.#nowMs + ms, wake };
      this.#sleepers.push(sleeper);
      signal?.addEventListener('abort', aborted, { once: true });
    });
  }

  /** Moves time on and wakes who is due. */
  advance(seconds: number): void {
    this.#nowMs += seconds * 1000;
    const due = this.#sleepers.filter((sleeper) => sleeper.wakeMs <= this.#nowMs);
    this.#sleepers = this.#sleepers.filter((sleeper) => sleeper.wakeMs > this.#nowMs);
    for (const sleeper of due.sort((a, b) => a.wakeMs - b.wakeMs)) sleeper.wake();
  }
}
