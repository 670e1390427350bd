/** A token bucket: so many bytes per second, with a reserve of some seconds for bursts. */
import type { Clock, UnixSeconds } from '../../base/clock.js';

export class RateLimit {
  #available: number;
  #filledAt: UnixSeconds;

  /** @param bytesPerSecond 0: no limit */
  constructor(
    private readonly bytesPerSecond: number,
    private readonly burstSeconds: number,
    private readonly clock: Clock,
  ) {
    this.#available = bytesPerSecond * burstSeconds;
    this.#filledAt = clock.now();
  }

  /** Whether something may pass now. What passes may overdraw: the debt is waited for. */
  isOpen(): boolean {
    if (this.bytesPerSecond === 0) return true;
    const now = this.clock.now();
    const refill = Math.max(0, now - this.#filledAt) * this.bytesPerSecond;
    this.#available = Math.min(this.bytesPerSecond * this.burstSeconds, this.#available + refill);
    this.#filledAt = now;
    return this.#available > 0;
  }

  spend(bytes: number): void {
    if (this.bytesPerSecond > 0) this.#available -= bytes;
  }
}
