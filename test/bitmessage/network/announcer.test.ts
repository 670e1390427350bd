import assert from 'node:assert/strict';
import { ManualClock } from '../../../src/base/clock.js';
import { Inventory } from '../../../src/bitmessage/inventory/inventory.js';
import { Announcer } from '../../../src/bitmessage/network/announcer.js';
import { keyHash } from '../../../src/bitmessage/wire/inv.js';
import { Database } from '../../../src/store/database.js';
import { InventoryStore } from '../../../src/store/node/inventory.js';
import { type FakePeer, fakePeer, keys } from '../../support/fake-peer.js';

const NOW = 1_800_000_000;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('announcer', () => {
  let database: Database;
  let inventory: Inventory;
  let peers: FakePeer[];
  let stem: Set<string>;
  let announcer: Announcer;

  const make = (delays: boolean): Announcer =>
    new Announcer(delays, {
      inventory,
      streams: [1n, 5n],
      peers: () => peers.map(({ peer }) => peer),
      later: (work) => work(),
      isStem: (key) => stem.has(key),
    });
  const store = (names: readonly string[], stream = 1n, expiresAt = NOW + 1000): void => {
    inventory.batch(() => {
      for (const key of names) {
        const fields = { type: 42, version: 1n, stream, expiresAt, payloadOffset: 22 };
        inventory.add({ ...fields, bytes: new Uint8Array(22), hash: keyHash(key) }, { own: false });
      }
    });
  };

  beforeEach(() => {
    database = new Database(':memory:');
    inventory = new Inventory(new InventoryStore(database), new ManualClock(NOW));
    peers = [fakePeer(), fakePeer(), fakePeer({ streams: [5n] })];
    stem = new Set();
    announcer = make(true);
  });
  afterEach(() => {
    announcer.stop();
    database.close();
  });

  it('tells everybody of the stream but those who know, within ten seconds, in parts', () => {
    const all = keys(200);
    for (const key of all) announcer.announce(key, 1n, [peers[0].peer]);
    const perSecond: number[] = [];
    for (let second = 0; second < 10; second++) {
      announcer.tick();
      perSecond.push(peers[1].take('inv').length);
    }
    assert.equal(
      perSecond.reduce((sum, count) => sum + count),
      200,
    );
    assert.ok(
      perSecond.every((count) => count < 60),
      perSecond.join(' '),
    );
    assert.deepEqual([peers[0].sent.length, peers[2].sent.length], [0, 0]);
  });

  it('tells nothing to a peer with two mebibytes unread: it will hear of it from others', () => {
    peers[1].bufferedBytes = 2 * 1024 * 1024;
    announcer.announce(keys(1)[0], 1n, []);
    for (let second = 0; second < 10; second++) announcer.tick();
    assert.deepEqual([peers[0].take('inv').length, peers[1].take('inv').length], [1, 0]);
  });

  it('does not tell a peer what it announced itself meanwhile', () => {
    announcer.announce(keys(1)[0], 1n, []);
    announcer.heard(peers[1].peer, keys(1)[0]);
    for (let second = 0; second < 10; second++) announcer.tick();
    assert.equal(peers[0].take('inv').length, 1);
    assert.equal(peers[1].take('inv').length, 0);
  });

  it('hides what waits to be announced from all who did not tell us of it', () => {
    const [key] = keys(1);
    announcer.announce(key, 1n, [peers[0].peer]);
    assert.equal(announcer.isHidden(peers[0].peer, key), false);
    assert.equal(announcer.isHidden(peers[1].peer, key), true);
    for (let second = 0; second < 10; second++) announcer.tick();
    assert.equal(announcer.isHidden(peers[1].peer, key), false);
  });

  it('serves whom it told on the path, and announces to it all the same', () => {
    const [key] = keys(1);
    announcer.announce(key, 1n, [], peers[0].peer);
    assert.equal(announcer.isHidden(peers[0].peer, key), false);
    assert.equal(announcer.isHidden(peers[1].peer, key), true);
    for (let second = 0; second < 10; second++) announcer.tick();
    assert.equal(peers[0].take('inv').length, 1);
  });

  it('tells at once where no delay is wanted', async () => {
    announcer = make(false);
    for (const key of keys(3)) announcer.announce(key, 1n, []);
    await turn();
    assert.equal(peers[0].take('inv').length, 3);
  });

  it('greets a peer with everything unexpired of the shared streams, but no stem objects and nothing that waits', () => {
    store(keys(5));
    store(keys(3, 'five'), 5n);
    store(keys(2, 'old'), 1n, NOW - 1);
    stem.add(keys(1)[0]);
    announcer.announce(keys(2)[1], 1n, []);
    announcer.greet(peers[0].peer);
    assert.deepEqual(peers[0].take('inv').sort(), keys(5).slice(2));
    announcer.greet(peers[2].peer);
    assert.deepEqual(peers[2].take('inv').sort(), keys(3, 'five'));
  });

  it('sends no empty inv', () => {
    announcer.greet(peers[0].peer);
    assert.deepEqual(peers[0].sent, []);
  });

  it('greets in parts of 10,000, as far as the peer reads', () => {
    store(keys(25_000));
    peers[0].bufferedBytes = 512 * 1024;
    announcer.greet(peers[0].peer);
    assert.equal(peers[0].sent.length, 0);
    peers[0].bufferedBytes = 0;
    announcer.continueGreeting(peers[0].peer);
    assert.deepEqual(
      peers[0].sent.map(({ payload }) => Math.floor(payload.length / 32)),
      [10_000, 10_000, 5_000],
    );
  });
});
