import assert from 'node:assert/strict';
import { ManualClock } from '../../../src/base/clock.js';
import { Inventory, type InventoryOptions, type NewObject, type StoredObject } from '../../../src/bitmessage/inventory/inventory.js';
import { hashKey, keyHash } from '../../../src/bitmessage/wire/inv.js';
import { readObjectHeader } from '../../../src/bitmessage/wire/object.js';
import { Database } from '../../../src/store/database.js';
import { InventoryStore } from '../../../src/store/node/inventory.js';
import { makeObject, type TestObject } from '../../support/objects.js';

const NOW = 1_800_000_000;
const FOREIGN = { own: false };
const OWN = { own: true };

function make(fields: Partial<TestObject> = {}): NewObject {
  const bytes = makeObject({ expiresAt: NOW + 1000, ...fields }, NOW);
  return { ...readObjectHeader(bytes), bytes };
}

const payload = (...bytes: number[]): Uint8Array => Uint8Array.from({ length: 40 }, (_, index) => bytes[index] ?? 0);

describe('inventory', () => {
  let database: Database;
  let clock: ManualClock;
  let inventory: Inventory;
  const open = (options: Partial<InventoryOptions> = {}): Inventory => new Inventory(new InventoryStore(database), clock, options);

  beforeEach(() => {
    database = new Database(':memory:');
    clock = new ManualClock(NOW);
    inventory = open();
  });
  afterEach(() => database.close());

  it('gives an object back as it came, after a restart too', () => {
    const object = make({ version: 2n ** 64n - 1n, payload: payload(1, 2, 3) });
    assert.equal(inventory.add(object, FOREIGN), true);
    for (const each of [inventory, open()]) {
      const [{ object: scanned }] = each.scan([2], 0, 10);
      assert.equal(each.has(scanned.hash), true);
      const found = each.get(scanned.hash);
      assert.deepEqual(found?.bytes, object.bytes);
      assert.equal(found?.version, 2n ** 64n - 1n);
      assert.equal(each.count(), 1);
    }
  });

  it('takes an object once', () => {
    assert.equal(inventory.add(make(), FOREIGN), true);
    assert.equal(inventory.add(make(), OWN), false);
    assert.equal(inventory.count(), 1);
  });

  it('takes an object once within one transaction', () => {
    const answers = inventory.batch(() => [inventory.add(make(), FOREIGN), inventory.add(make(), FOREIGN)]);
    assert.deepEqual(answers, [true, false]);
    assert.equal(inventory.count(), 1);
  });

  it('forgets what was rolled back, and tells nobody of it', () => {
    const told: StoredObject[] = [];
    inventory.onAdded((object) => told.push(object));
    assert.throws(() =>
      database.transaction(() => {
        inventory.add(make(), OWN);
        throw new Error('no');
      }),
    );
    assert.equal(inventory.count(), 0);
    assert.deepEqual(told, []);
    assert.deepEqual(inventory.unprocessedBytes(), 0);
  });

  it('tells of an object after the commit, until asked to stop', () => {
    const told: boolean[] = [];
    const stop = inventory.onAdded((object) => told.push(inventory.has(object.hash)));
    database.transaction(() => {
      inventory.add(make(), OWN);
      assert.deepEqual(told, []);
    });
    assert.deepEqual(told, [true]);
    stop();
    inventory.add(make({ payload: payload(9) }), OWN);
    assert.equal(told.length, 1);
  });

  it('finds by tag what is unexpired, the longest-lived first', () => {
    const tag = payload(7).subarray(0, 32);
    for (const [type, life] of [
      [1, 10],
      [1, 500],
      [1, -1],
      [3, 500],
    ]) {
      inventory.add(make({ type, expiresAt: NOW + (life ?? 0), payload: payload(7) }), FOREIGN);
    }
    assert.deepEqual(
      inventory.byTag(1, tag).map((object) => object.expiresAt - NOW),
      [500, 10],
    );
    assert.equal(inventory.byTag(1, payload(8).subarray(0, 32)).length, 0);
  });

  it('gives what is unprocessed in the order it came, those of before a restart first', () => {
    const objects = [1, 2, 3, 4].map((byte) => make({ payload: payload(byte) }));
    const bodies = (of: Inventory): string[] => of.unprocessed(10).map(({ bytes }) => Buffer.from(bytes).toString('hex'));
    const expected = objects.map(({ bytes }) => Buffer.from(bytes).toString('hex'));
    for (const object of objects.slice(0, 2)) inventory.add(object, FOREIGN);
    assert.deepEqual(bodies(inventory), expected.slice(0, 2));
    const reopened = open();
    reopened.add(objects[2]!, FOREIGN);
    assert.deepEqual(bodies(reopened), expected.slice(0, 3));
    reopened.markProcessed(reopened.unprocessed(2).map(({ hash }) => hash));
    reopened.add(objects[3]!, FOREIGN);
    assert.deepEqual(bodies(reopened), expected.slice(2));
    reopened.markProcessed(reopened.unprocessed(10).map(({ hash }) => hash));
    reopened.add(make({ payload: payload(5) }), FOREIGN);
    assert.equal(bodies(reopened).length, 1);
  });

  it('keeps what is unprocessed over a restart, until it is marked', () => {
    inventory.add(make({ payload: payload(1) }), FOREIGN);
    inventory.add(make({ payload: payload(2) }), FOREIGN);
    inventory.add(make({ type: 42 }), FOREIGN); // unknown types concern nobody here
    const reopened = open();
    assert.equal(reopened.unprocessed(10).length, 2);
    assert.equal(reopened.unprocessedCount(), 2);
    const [first] = reopened.unprocessed(1);
    reopened.markProcessed([first.hash, first.hash]);
    assert.equal(reopened.unprocessedCount(), 1);
    assert.equal(reopened.unprocessedBytes(), reopened.unprocessed(10)[0].bytes.length);
    assert.equal(open().unprocessed(10).length, 1);
  });

  it('scans by type in portions', () => {
    for (let n = 0; n < 5; n++) inventory.add(make({ type: n % 2 === 0 ? 2 : 3, payload: payload(n) }), FOREIGN);
    const first = inventory.scan([2], 0, 2);
    const second = inventory.scan([2], first[1].id, 2);
    assert.deepEqual(
      [...first, ...second].map(({ object }) => object.bytes[object.payloadOffset]),
      [0, 2, 4],
    );
  });

  it('lists unexpired hashes of one stream', () => {
    const mine = make({ stream: 5n });
    inventory.add(mine, FOREIGN);
    inventory.add(make({ stream: 5n, expiresAt: NOW - 1 }), FOREIGN);
    inventory.add(make({ stream: 2n ** 63n - 1n }), FOREIGN);
    const keys = [...inventory.unexpired(5n)];
    assert.equal(keys.length, 1);
    assert.deepEqual(inventory.get(keyHash(keys[0]))?.bytes, mine.bytes);
    assert.equal([...open().unexpired(2n ** 63n - 1n)].length, 1);
  });

  it('keeps an object for three hours after its expiry', () => {
    inventory.add(make({ expiresAt: NOW }), FOREIGN);
    assert.equal(inventory.sweep(NOW + 10_800), false);
    assert.equal(inventory.count(), 1);
    assert.equal(inventory.sweep(NOW + 10_801), true);
    assert.equal(inventory.count(), 0);
    assert.equal(inventory.unprocessedBytes(), 0);
  });

  it('remembers that an own object was in the stem phase', () => {
    const holding = open({ ownStemSeconds: 60 });
    holding.add(make({ payload: payload(1) }), OWN);
    holding.add(make({ payload: payload(2) }), FOREIGN);
    const [stem, ...others] = open({ ownStemSeconds: 60 }).stems();
    assert.deepEqual(others, []);
    assert.equal(stem.stemUntil, NOW + 60);
    // For no longer than it may from now on: the clock may have been set back, or the path switched off.
    assert.equal(open({ ownStemSeconds: 5 }).stems()[0].stemUntil, NOW + 5);
    assert.equal(open().stems()[0].stemUntil, NOW);
    holding.endStem(stem.hash);
    assert.deepEqual(open().stems(), []);
  });

  it('knows when its disk budget is spent', () => {
    const object = make();
    const small = open({ maxBytes: object.bytes.length + 10 });
    assert.equal(small.hasRoomFor(object.bytes.length), true);
    small.add(object, FOREIGN);
    assert.equal(small.hasRoomFor(object.bytes.length), false);
  });

  it('leaves the last of the disk to what is our own', () => {
    const inventory = open({ diskIsLow: () => true });
    assert.equal(inventory.hasRoomFor(0), false);
    const own = make();
    assert.equal(inventory.add(own, { own: true }), true);
  });

  it('does not keep a whole socket buffer alive for one small object', () => {
    const chunk = new Uint8Array(65_536);
    const small = make();
    chunk.set(small.bytes, 100);
    let kept: StoredObject | undefined;
    inventory.onAdded((object) => (kept = object));
    inventory.add({ ...small, bytes: chunk.subarray(100, 100 + small.bytes.length) }, FOREIGN);
    assert.ok(kept !== undefined && kept.bytes.buffer.byteLength < 1000);
  });

  it('turns hashes into keys and back', () => {
    const hash = Uint8Array.from({ length: 32 }, (_, index) => 255 - index * 7);
    assert.deepEqual(keyHash(hashKey(hash)), hash);
  });
});
