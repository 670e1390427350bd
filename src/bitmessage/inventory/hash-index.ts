/** Every inventory hash in memory, by stream: answers "is it here?" and lists what to announce without touching the disk. */
import type { UnixSeconds } from '../../base/clock.js';
import type { HashKey } from '../wire/inv.js';
import type { StreamNumber } from '../wire/params.js';

/**
 * Tables of each stream, by the first byte of the hash. A table that grows is laid out anew as a whole: one of 200,000 hashes
 * would hold up the main thread for 20 ms.
 */
const TABLES = 64;

type Table = Map<HashKey, UnixSeconds>;

export class HashIndex {
  readonly #streams = new Map<StreamNumber, readonly Table[]>();

  get size(): number {
    let size = 0;
    for (const tables of this.#streams.values()) for (const table of tables) size += table.size;
    return size;
  }

  has(key: HashKey): boolean {
    for (const tables of this.#streams.values()) if (tableOf(tables, key).has(key)) return true;
    return false;
  }

  add(key: HashKey, stream: StreamNumber, expiresAt: UnixSeconds): void {
    let tables = this.#streams.get(stream);
    if (tables === undefined) {
      tables = Array.from({ length: TABLES }, () => new Map());
      this.#streams.set(stream, tables);
    }
    tableOf(tables, key).set(key, expiresAt);
  }

  remove(key: HashKey, stream: StreamNumber): void {
    const tables = this.#streams.get(stream);
    if (tables !== undefined) tableOf(tables, key).delete(key);
  }

  /** Hashes of a stream that are not expired. The iterator stays valid while hashes come and go. */
  *unexpired(stream: StreamNumber, now: UnixSeconds): IterableIterator<HashKey> {
    for (const table of this.#streams.get(stream) ?? []) {
      for (const [key, expiresAt] of table) if (expiresAt >= now) yield key;
    }
  }
}

function tableOf(tables: readonly Table[], key: HashKey): Table {
  return tables[key.charCodeAt(0) % TABLES] as Table;
}
