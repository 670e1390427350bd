/** Shares the main thread: what peers cause is done for some milliseconds in each turn of the event loop, and the rest in the next ones. */

/**
 * All peers together get this much of a turn. What each of them sends is cheap, but a hundred that send as fast as they can would
 * hold up the mail programs, which share the thread; nobody is to wait for 50 ms.
 */
const TURN_MS = 10;

export class Turns {
  #endsAt: number | undefined;
  #next: NodeJS.Immediate | undefined;
  #waiting: (() => void)[] = [];

  /** Asked before each piece of work; true when it has to wait for `later`. */
  isOver(): boolean {
    const now = performance.now();
    this.#endsAt ??= now + TURN_MS;
    this.#schedule();
    return now >= this.#endsAt;
  }

  /** Runs a piece of work, of a few milliseconds at most, in the first turn that has time for it; first come, first served. */
  later(work: () => void): void {
    this.#waiting.push(work);
    this.#schedule();
  }

  /** What waits is dropped. */
  stop(): void {
    clearImmediate(this.#next);
    this.#waiting = [];
  }

  #schedule(): void {
    this.#next ??= setImmediate(() => this.#begin());
  }

  #begin(): void {
    this.#next = undefined;
    this.#endsAt = undefined;
    while (this.#waiting.length > 0 && !this.isOver()) this.#waiting.shift()?.();
  }
}
