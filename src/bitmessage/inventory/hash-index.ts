/** Every inventory hash in memory, by stream: answers "is it here?" and lists what to announce without touching the disk. */
import type { UnixSeconds } from '../../base/clock.js';
import type { HashKey } from '../wire/inv.js';
import type { StreamNumber } from '../wire/params.js';

export class HashIndex {
  readonly #streams = new Map<StreamNumber, Map<HashKey, UnixSeconds>>();

  get size(): number {
    let size = 0;
    for (const hashes of this.#streams.values()) size += hashes.size;
    return size;
  }

  has(key: HashKey): boolean {
    for (const hashes of this.#streams.values()) if (hashes.has(key)) return true;
    return false;
  }

  add(key: HashKey, stream: StreamNumber, expiresAt: UnixSeconds): void {
    let hashes = this.#streams.get(stream);
    if (hashes === undefined) {
      hashes = new Map();
      this.#streams.set(stream, hashes);
    }
    hashes.set(key, expiresAt);
  }

  remove(key: HashKey, stream: StreamNumber): void {
    this.#streams.get(stream)?.delete(key);
  }

  /** Hashes of a stream that are not expired. The iterator stays valid while hashes come and go. */
  *unexpired(stream: StreamNumber, now: UnixSeconds): IterableIterator<HashKey> {
    for (const [key, expiresAt] of this.#streams.get(stream) ?? []) if (expiresAt >= now) yield key;
  }
}
