import assert from 'node:assert/strict';
import { ManualClock } from '../../../src/base/clock.js';
import { silentLogger } from '../../../src/base/log.js';
import { Inventory } from '../../../src/bitmessage/inventory/inventory.js';
import { completeOptions, type NetworkLimits } from '../../../src/bitmessage/network/options.js';
import { Sync } from '../../../src/bitmessage/network/sync.js';
import { Turns } from '../../../src/bitmessage/network/turns.js';
import { encodeInv, type HashKey } from '../../../src/bitmessage/wire/inv.js';
import { readObjectHeader } from '../../../src/bitmessage/wire/object.js';
import { PRIVATE } from '../../../src/bitmessage/wire/params.js';
import { Database } from '../../../src/store/database.js';
import { InventoryStore } from '../../../src/store/node/inventory.js';
import { type FakePeer, fakePeer, keys } from '../../support/fake-peer.js';
import { makeObject } from '../../support/objects.js';

const NOW = 1_800_000_000;
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('sync', () => {
  let clock: ManualClock;
  let database: Database;
  let inventory: Inventory;
  let turns: Turns;
  let sync: Sync;
  let peer: FakePeer;
  let knownNodes: number;

  const open = (limits: Partial<NetworkLimits> = {}): void => {
    const options = completeOptions({ params: PRIVATE, antiIntersection: true, limits });
    const rooms = { inventory, clock, log: silentLogger, turns, peers: () => [peer.peer], knownNodes: () => knownNodes, misdeed: () => {} };
    sync = new Sync(options, rooms);
    sync.start();
  };
  beforeEach(() => {
    clock = new ManualClock(NOW);
    database = new Database(':memory:');
    inventory = new Inventory(new InventoryStore(database), clock);
    turns = new Turns();
    knownNodes = 0;
    peer = fakePeer({ connectedAt: NOW });
  });
  afterEach(() => {
    turns.stop();
    sync.stop();
    database.close();
  });

  /** Of somebody else, with a payload of so many bytes. */
  const store = (bytes: number, expiresAt = NOW + 1000): HashKey => {
    const object = makeObject({ expiresAt, payload: new Uint8Array(bytes) }, NOW);
    inventory.add({ ...readObjectHeader(object), bytes: object }, { own: false, from: 2 });
    return [...inventory.unexpired(1n)].at(-1) ?? '';
  };
  const pass = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second++) {
      clock.advance(1);
      sync.tick();
      await nextTurn();
    }
  };

  for (const [known, seconds] of [
    [0, 6],
    [18, 6],
    [19, 11],
    [398, 11],
    [399, 16],
  ] as const) {
    it(`makes a new peer wait the longer the more nodes are known: ${seconds} s with ${known} of them`, async () => {
      knownNodes = known;
      open();
      const key = store(20);
      sync.add(peer.peer);
      sync.getdata(peer.peer, encodeInv([key]));
      const served = (): boolean => peer.sent.some(({ command }) => command === 'object');
      await pass(seconds - 1);
      assert.equal(served(), false);
      await pass(1);
      assert.equal(served(), true);
    });
  }

  it('sweeps what expired three hours ago, every ten minutes', async () => {
    open();
    store(20, NOW + 10);
    await pass(1);
    clock.advance(10_800);
    await pass(610);
    assert.equal(inventory.count(), 0);
  });

  it('asks for nothing while more waits than is allowed, and for all once it is processed', async () => {
    open({ unprocessedBytes: 1_000 });
    store(2_000);
    sync.add(peer.peer);
    sync.inv(peer.peer, encodeInv(keys(10)));
    await pass(2);
    assert.deepEqual(peer.take('getdata'), []);
    inventory.markProcessed(inventory.unprocessed(1).map(({ hash }) => hash));
    await pass(1);
    assert.deepEqual(peer.take('getdata').sort(), keys(10).sort());
  });
});
