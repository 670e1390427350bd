import assert from 'node:assert/strict';
import { ManualClock } from '../../../src/base/clock.js';
import { silentLogger } from '../../../src/base/log.js';
import { inventoryHash, sha512 } from '../../../src/bitmessage/crypto/hash.js';
import { Inventory } from '../../../src/bitmessage/inventory/inventory.js';
import type { Misdeed } from '../../../src/bitmessage/network/misbehaviour.js';
import { ObjectReceiver } from '../../../src/bitmessage/network/object-receiver.js';
import { u32 } from '../../../src/bitmessage/wire/bytes.js';
import { type HashKey, hashKey } from '../../../src/bitmessage/wire/inv.js';
import { Database } from '../../../src/store/database.js';
import { InventoryStore } from '../../../src/store/node/inventory.js';
import { type FakePeer, fakePeer } from '../../support/fake-peer.js';
import { makeObject, TRIVIAL_WORK } from '../../support/objects.js';

const NOW = 1_800_000_000;
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('object receiver', () => {
  let clock: ManualClock;
  let database: Database;
  let inventory: Inventory;
  let receiver: ObjectReceiver;
  let peer: FakePeer;
  let misdeeds: Misdeed[];
  let added: HashKey[];
  let repeated: HashKey[];
  let isRequested: boolean;

  beforeEach(() => {
    clock = new ManualClock(NOW);
    database = new Database(':memory:');
    inventory = new Inventory(new InventoryStore(database), clock);
    peer = fakePeer();
    [misdeeds, added, repeated, isRequested] = [[], [], [], true];
    receiver = new ObjectReceiver(
      { streams: [1n], minimum: TRIVIAL_WORK },
      {
        clock,
        inventory,
        log: silentLogger,
        arrived: () => ({ announcers: [], requested: isRequested }),
        added: (key) => added.push(key),
        repeated: (key) => repeated.push(key),
        misdeed: (_peer, misdeed) => misdeeds.push(misdeed),
      },
    );
  });
  afterEach(() => {
    receiver.stop();
    database.close();
  });

  const object = (number: number): Uint8Array => makeObject({ expiresAt: NOW + 1000, payload: u32(number) }, NOW);
  const receive = (bytes: Uint8Array): void => receiver.receive(peer.peer, bytes, sha512(bytes));

  it('takes a hundred objects that nobody asked for in a minute, and counts the others against the peer', () => {
    isRequested = false;
    for (let number = 0; number < 103; number++) receive(object(number));
    assert.deepEqual(misdeeds, ['unrequested-object', 'unrequested-object', 'unrequested-object']);
    clock.advance(60);
    receive(object(200));
    assert.equal(misdeeds.length, 3);
  });

  it('stores what came in a turn together, and knows it until then', async () => {
    const hash = inventoryHash(object(1));
    receive(object(1));
    receive(object(2));
    assert.equal(inventory.count(), 0);
    assert.equal(receiver.holds(hashKey(hash)), true);
    receive(object(1));
    assert.deepEqual(repeated, [hashKey(hash)]);
    await nextTurn();
    await nextTurn();
    assert.equal(inventory.count(), 2);
    assert.equal(receiver.holds(hashKey(hash)), false);
    assert.equal(added.length, 2);
  });

  it('gathers 512 at most while they keep coming, and all of them when it stops', async () => {
    let number = 0;
    let most = 0;
    for (let turn = 0; turn < 10; turn++) {
      for (let count = 0; count < 100; count++) receive(object(number++));
      await nextTurn();
      most = Math.max(most, number - inventory.count());
    }
    assert.ok(inventory.count() > 0 && most >= 500 && most < 612, `${most}`);
    receiver.stop();
    assert.equal(inventory.count(), 1000);
  });

  it('names an object as the inventory does, whether or not its digest is known', async () => {
    const bytes = object(7);
    receive(bytes);
    receiver.stop();
    assert.ok(inventory.has(inventoryHash(bytes)));
  });
});
