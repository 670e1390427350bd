/** The keys of a large inventory, as the program reads them when it starts: each once, piece by piece. */
import assert from 'node:assert/strict';
import { Database } from '../../../src/store/database.js';
import { InventoryStore, type NewInventoryRow } from '../../../src/store/node/inventory.js';

/** More than two pieces. */
const OBJECTS = 20_007;
const STREAMS = [1n, 2n, (1n << 63n) - 1n];

describe('keys of the inventory', () => {
  it('are read each once, by expiry, many of which are the same', () => {
    const database = new Database(':memory:');
    const store = new InventoryStore(database);
    assert.deepEqual([...store.keys()], []);
    const rows = Array.from({ length: OBJECTS }, (_, at): NewInventoryRow => {
      const hash = Buffer.alloc(32);
      hash.writeUInt32BE((at * 7919) % 4_000_000_000, at % 24);
      hash.writeUInt32LE(at, 28);
      const object = { hash, type: 2, stream: STREAMS[at % 3], expiresAt: Math.floor(at / 9000), own: false, bytes: Buffer.alloc(at % 5) };
      return { object, tag: null, stemUntil: 0 };
    });
    store.insert(rows, []);
    const nameOf = (hash: Uint8Array): string => Buffer.from(hash).toString('hex');
    const read = [...store.keys()];
    const expected = rows.map(({ object: { hash, stream, expiresAt, bytes } }) => [nameOf(hash), stream, expiresAt, bytes.length]);
    const found = read.map(({ hash, stream, expiresAt, length }) => [nameOf(hash), stream, expiresAt, length]);
    assert.deepEqual(new Map(found.map((key) => [key[0], key])), new Map(expected.map((key) => [key[0], key])));
    assert.equal(found.length, OBJECTS);
    const expiries = read.map(({ expiresAt }) => expiresAt);
    assert.deepEqual(
      expiries,
      expiries.toSorted((a, b) => a - b),
    );
    database.close();
  });
});
