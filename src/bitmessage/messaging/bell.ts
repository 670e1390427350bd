/** What a loop sleeps by: it wakes when somebody rings, and at the latest when its time has come. */
import type { Clock, UnixSeconds } from '../../base/clock.js';

/** Nothing is due: look again after an hour all the same, for clocks that were set meanwhile. */
const LONGEST_WAIT_SECONDS = 3_600;

export class Bell {
  #rung = false;
  #wake: (() => void) | undefined;

  constructor(private readonly clock: Clock) {}

  /** Wakes the loop; one that is awake will not sleep before it has looked once more. */
  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /** Resolves when rung, at `time` (undefined: nothing is due), or when the signal aborts. */
  async waitUntil(time: UnixSeconds | undefined, signal: AbortSignal): Promise<void> {
    if (!this.#rung && !signal.aborted) {
      const sleep = new AbortController();
      this.#wake = () => sleep.abort();
      signal.addEventListener('abort', this.#wake);
      const seconds = Math.min(time === undefined ? LONGEST_WAIT_SECONDS : time - this.clock.now(), LONGEST_WAIT_SECONDS);
      await this.clock.sleep(Math.max(seconds, 0) * 1000, sleep.signal);
      signal.removeEventListener('abort', this.#wake);
      this.#wake = undefined;
    }
    this.#rung = false;
  }
}
