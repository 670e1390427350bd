/** Time as a room sees it: a clock that tests can hold still and move on. */

/** Seconds since 1970, whole. */
export type UnixSeconds = number;

export interface Clock {
  /** Now, whole seconds since 1970. */
  now(): UnixSeconds;
  /** Resolves after `ms`, or at once (without an error) when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** After a suspension, or when the clock was set, nobody sleeps longer than this beyond the time. */
const LONGEST_NAP_MS = 30_000;

export const systemClock: Clock = createSystemClock(LONGEST_NAP_MS);

/**
 * The machine's clock. A sleep ends when so much time has passed by the wall, which goes on while a laptop is suspended, or by the timer,
 * which does not go back when the clock is set: whichever is first.
 */
export function createSystemClock(longestNapMs: number): Clock {
  return {
    now: () => Math.floor(Date.now() / 1000),
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) {
          resolve();
          return;
        }
        // Whole milliseconds, cut off: one more, or it might end too soon.
        const ends = { wall: Date.now() + ms + 1, timer: performance.now() + ms };
        const done = (): void => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', done);
          resolve();
        };
        const left = (): number => Math.min(ends.wall - Date.now(), ends.timer - performance.now());
        const nap = (leftMs: number): NodeJS.Timeout =>
          setTimeout(
            () => {
              const rest = left();
              if (rest <= 0) done();
              else timer = nap(rest);
            },
            Math.min(Math.max(leftMs, 0), longestNapMs),
          );
        let timer = nap(ms);
        signal?.addEventListener('abort', done, { once: true });
      }),
  };
}

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

  /** The clock was wrong: sleepers sleep as long as they would have. */
  setBack(seconds: number): void {
    this.#nowMs -= seconds * 1000;
    for (const sleeper of this.#sleepers) sleeper.wakeMs -= seconds * 1000;
  }

  /** Moves time on and wakes who is due. */
  advance(seconds: number): void {
    this.#nowMs += seconds * 1000;
    const due = this.#sleepers.filter((sleeper) => sleeper.wakeMs <= this.#nowMs);
    this.#sleepers = this.#sleepers.filter((sleeper) => sleeper.wakeMs > this.#nowMs);
    for (const sleeper of due.sort((a, b) => a.wakeMs - b.wakeMs)) sleeper.wake();
  }
}
