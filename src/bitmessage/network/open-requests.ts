/** What one peer was asked for and has not delivered: in order of time, and how much of it still may be expected any moment. */
import type { UnixSeconds } from '../../base/clock.js';
import type { HashKey } from '../wire/inv.js';

/** A peer that has not answered by then may never do so; what else it has is not to wait for that. */
const PROMPT_SECONDS = 3;

export interface OpenRequest<T> {
  readonly wanted: T;
  readonly askedAt: UnixSeconds;
}

export class OpenRequests<T> {
  readonly #requests = new Map<HashKey, OpenRequest<T>>();
  /** Those asked for before this are late; how many they are. */
  #lateBefore: UnixSeconds = 0;
  #late = 0;

  get size(): number {
    return this.#requests.size;
  }

  /** Those that are not late, as far as the last `tick` knew. */
  get prompt(): number {
    return this.#requests.size - this.#late;
  }

  add(key: HashKey, wanted: T, now: UnixSeconds): void {
    this.#requests.set(key, { wanted, askedAt: now });
  }

  delete(key: HashKey): void {
    const request = this.#requests.get(key);
    if (request === undefined) return;
    this.#requests.delete(key);
    if (request.askedAt < this.#lateBefore) this.#late--;
  }

  keys(): IterableIterator<HashKey> {
    return this.#requests.keys();
  }

  /** Oldest first. */
  values(): IterableIterator<OpenRequest<T>> {
    return this.#requests.values();
  }

  /** Called every second. */
  tick(now: UnixSeconds): void {
    this.#lateBefore = now - PROMPT_SECONDS;
    this.#late = 0;
    for (const { askedAt } of this.#requests.values()) {
      if (askedAt >= this.#lateBefore) break;
      this.#late++;
    }
  }
}
