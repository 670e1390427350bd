/** The rows of the inventory: every object we hold, ours and everybody's, until it is swept. */
import type { Database } from '../database.js';

export interface NewInventoryRow {
  readonly object: {
    readonly hash: Uint8Array;
    readonly type: number;
    readonly stream: bigint;
    readonly expiresAt: number;
    readonly own: boolean;
    readonly bytes: Uint8Array;
  };
  /** What it is looked for by, or null. */
  readonly tag: Uint8Array | null;
  /** 0: public. */
  readonly stemUntil: number;
}

export interface InventoryRow {
  readonly id: number;
  readonly hash: Uint8Array;
  readonly own: boolean;
  readonly bytes: Uint8Array;
}

export interface InventoryKey {
  readonly hash: Uint8Array;
  readonly stream: bigint;
  readonly expiresAt: number;
  readonly length: number;
}

interface RawRow {
  id: number;
  hash: Uint8Array;
  own: number;
  bytes: Uint8Array;
}

const COLUMNS = 'id, hash, own, bytes';

/** Hashes looked for in one statement: a call for each would cost more than the search. */
const HASH_PLACES = Array.from({ length: 128 }, (_, place) => place);

const HASH_BYTES = 32;
/** A megabyte of text. */
const KEYS_AT_ONCE = 10_000;
/** No object expires then. */
const BEFORE_ALL = -1;

/** Rows deleted in one go: with secure_delete each costs a rewrite of its pages, and the main thread waits. */
const SWEEP_ROWS = 200;

export class InventoryStore {
  constructor(private readonly database: Database) {}

  /** Joins the running transaction, or makes one that survives a crash of the program. */
  batch<T>(work: () => T): T {
    return this.database.batch(work);
  }

  /** Joins the running transaction, or makes one; either is on the disk when its commit returns. */
  durably<T>(work: () => T): T {
    return this.database.durably(work);
  }

  afterCommit(callback: () => void): void {
    this.database.afterCommit(callback);
  }

  /** Answers those that were not here yet. @param unprocessedTypes new objects of these types are noted as not processed */
  insert<Row extends NewInventoryRow>(rows: readonly Row[], unprocessedTypes: readonly number[]): Row[] {
    return this.database.batch(() => {
      let firstId: number | undefined;
      const inserted = rows.filter(({ object, tag, stemUntil }) => {
        const { changes, lastId } = this.database.run(
          `INSERT INTO inventory (hash, type, stream, expires_at, tag, own, stem_until, length, bytes)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (hash) DO NOTHING`,
          object.hash,
          object.type,
          object.stream.toString(),
          object.expiresAt,
          tag,
          object.own ? 1 : 0,
          stemUntil,
          object.bytes.length,
          object.bytes,
        );
        if (changes > 0) firstId ??= lastId;
        return changes > 0;
      });
      const marks = unprocessedTypes.map(() => '?').join(', ');
      const sql = `INSERT INTO unprocessed (id, length) SELECT id, length FROM inventory WHERE id >= ? AND type IN (${marks})`;
      if (firstId !== undefined) this.database.run(sql, firstId, ...unprocessedTypes);
      return inserted;
    });
  }

  get(hash: Uint8Array): InventoryRow | undefined {
    const row = this.database.get<RawRow>(`SELECT ${COLUMNS} FROM inventory WHERE hash = ?`, hash);
    return row && toRow(row);
  }

  byTag(type: number, tag: Uint8Array, now: number): InventoryRow[] {
    const sql = `SELECT ${COLUMNS} FROM inventory WHERE type = ? AND tag = ? AND expires_at >= ? ORDER BY expires_at DESC`;
    return this.database.all<RawRow>(sql, type, tag, now).map(toRow);
  }

  unprocessed(limit: number): InventoryRow[] {
    const sql = `SELECT ${COLUMNS} FROM unprocessed JOIN inventory USING (id) ORDER BY id LIMIT ?`;
    return this.database.all<RawRow>(sql, limit).map(toRow);
  }

  /** The id before the oldest that is not, else the newest; 0: none is. */
  processedUpTo(): number {
    const sql = 'SELECT coalesce((SELECT min(id) - 1 FROM unprocessed), (SELECT max(id) FROM inventory), 0) AS id';
    return this.database.get<{ id: number }>(sql)?.id ?? 0;
  }

  /** The oldest and the newest that are here; null: none is. */
  range(): { first: number; last: number } | null {
    const sql = 'SELECT (SELECT min(id) FROM inventory) AS first, (SELECT max(id) FROM inventory) AS last';
    const { first, last } = this.database.get<{ first: number | null; last: number | null }>(sql)!;
    return first === null || last === null ? null : { first, last };
  }

  /** Answers the lengths of those that are here and were not done before. */
  markProcessed(hashes: readonly Uint8Array[]): number[] {
    const places = HASH_PLACES.map(() => '?').join(', ');
    const sql = `DELETE FROM unprocessed WHERE id IN (SELECT id FROM inventory WHERE hash IN (${places})) RETURNING length`;
    const lengths: number[] = [];
    for (let first = 0; first < hashes.length; first += HASH_PLACES.length) {
      const values = HASH_PLACES.map((place) => hashes[first + place] ?? null);
      for (const { length } of this.database.all<{ length: number }>(sql, ...values)) lengths.push(length);
    }
    return lengths;
  }

  ofType(type: number, now: number, limit: number): InventoryRow[] {
    const sql = `SELECT ${COLUMNS} FROM inventory INDEXED BY inventory_tag WHERE type = ? AND tag IS NOT NULL AND expires_at >= ? ORDER BY expires_at DESC LIMIT ?`;
    return this.database.all<RawRow>(sql, type, now, limit).map(toRow);
  }

  scan(types: readonly number[], afterId: number, limit: number): InventoryRow[] {
    const marks = types.map(() => '?').join(', ');
    const sql = `SELECT ${COLUMNS} FROM inventory WHERE id > ? AND type IN (${marks}) ORDER BY id LIMIT ?`;
    return this.database.all<RawRow>(sql, afterId, ...types, limit).map(toRow);
  }

  /** Every hash, without the bytes, by expiry. The program does nothing else while it starts: row by row it would take three times as long. */
  *keys(): IterableIterator<InventoryKey> {
    for (let after: InventoryKey | undefined, keys = this.#keysAfter(after); keys.length > 0; keys = this.#keysAfter(after)) {
      yield* keys;
      after = keys[keys.length - 1];
    }
  }

  /** The next ones in the order of the index. @param after undefined: from the beginning */
  #keysAfter(after: InventoryKey | undefined): InventoryKey[] {
    const row = this.database.get<{ hashes: string | null; streams: string; expiries: string; lengths: string }>(
      `SELECT group_concat(hex(hash), '') AS hashes, json_group_array(stream) AS streams, json_group_array(expires_at) AS expiries,
         json_group_array(length) AS lengths
       FROM (SELECT hash, stream, expires_at, length FROM inventory INDEXED BY inventory_expiry
             WHERE (expires_at, stream, hash) > (?, ?, ?) ORDER BY expires_at, stream, hash LIMIT ${KEYS_AT_ONCE})`,
      after?.expiresAt ?? BEFORE_ALL,
      after?.stream.toString() ?? '',
      after?.hash ?? new Uint8Array(0),
    )!;
    const hashes = Buffer.from(row.hashes ?? '', 'hex');
    const streams = (JSON.parse(row.streams) as string[]).map(BigInt);
    const lengths = JSON.parse(row.lengths) as number[];
    return (JSON.parse(row.expiries) as number[]).map((expiresAt, at) => ({
      hash: hashes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES),
      stream: streams[at],
      expiresAt,
      length: lengths[at],
    }));
  }

  /** Own objects still in the stem phase, with the end of their embargo. */
  stems(): { hash: Uint8Array; stemUntil: number }[] {
    const sql = 'SELECT hash, stem_until FROM inventory WHERE stem_until > 0';
    return this.database.all<{ hash: Uint8Array; stem_until: number }>(sql).map((row) => ({ hash: row.hash, stemUntil: row.stem_until }));
  }

  setStemUntil(hash: Uint8Array, stemUntil: number): void {
    this.database.run('UPDATE inventory SET stem_until = ? WHERE hash = ?', stemUntil, hash);
  }

  /** What still waits to be processed. */
  backlog(): { objects: number; bytes: number } {
    const sql = 'SELECT count(*) AS objects, coalesce(sum(length), 0) AS bytes FROM unprocessed';
    return this.database.get<{ objects: number; bytes: number }>(sql) ?? { objects: 0, bytes: 0 };
  }

  /** Deletes some of the objects that expired before `time`. */
  sweep(time: number): { hash: Uint8Array; stream: bigint; length: number; processed: boolean }[] {
    return this.database.batch(() => {
      const sql = `SELECT id, hash, stream, length FROM inventory WHERE expires_at < ? ORDER BY expires_at LIMIT ${SWEEP_ROWS}`;
      const rows = this.database.all<{ id: number; hash: Uint8Array; stream: string; length: number }>(sql, time);
      return rows.map(({ id, hash, stream, length }) => {
        this.database.run('DELETE FROM inventory WHERE id = ?', id);
        const { changes } = this.database.run('DELETE FROM unprocessed WHERE id = ?', id);
        return { hash, stream: BigInt(stream), length, processed: changes === 0 };
      });
    });
  }
}

function toRow(row: RawRow): InventoryRow {
  return { id: row.id, hash: row.hash, own: row.own === 1, bytes: row.bytes };
}
