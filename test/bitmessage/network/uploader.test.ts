import assert from 'node:assert/strict';
import { ManualClock } from '../../../src/base/clock.js';
import { Inventory } from '../../../src/bitmessage/inventory/inventory.js';
import { Uploader } from '../../../src/bitmessage/network/uploader.js';
import type { HashKey } from '../../../src/bitmessage/wire/inv.js';
import { keyHash } from '../../../src/bitmessage/wire/inv.js';
import { Database } from '../../../src/store/database.js';
import { InventoryStore } from '../../../src/store/node/inventory.js';
import { type FakePeer, fakePeer, keys } from '../../support/fake-peer.js';

const NOW = 1_800_000_000;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('uploader', () => {
  let clock: ManualClock;
  let database: Database;
  let uploader: Uploader;
  let hidden: Set<HashKey>;
  let penaltySeconds: number;
  let mayUpload: boolean;

  beforeEach(() => {
    clock = new ManualClock(NOW);
    database = new Database(':memory:');
    const inventory = new Inventory(new InventoryStore(database), clock);
    inventory.batch(() => {
      for (const key of keys(50)) {
        const fields = { type: 42, version: 1n, stream: 1n, expiresAt: NOW + 1000, payloadOffset: 22 };
        inventory.add({ ...fields, bytes: new Uint8Array(100), hash: keyHash(key) }, { own: false });
      }
    });
    hidden = new Set();
    penaltySeconds = 0;
    mayUpload = true;
    uploader = new Uploader({
      clock,
      inventory,
      isHidden: (_peer, key) => hidden.has(key),
      penaltySeconds: () => penaltySeconds,
      mayUpload: () => mayUpload,
    });
  });
  afterEach(() => {
    uploader.stop();
    database.close();
  });

  const join = (): FakePeer => {
    const fake = fakePeer({ connectedAt: clock.now() });
    uploader.add(fake.peer);
    return fake;
  };
  const ask = (fake: FakePeer, wanted: readonly HashKey[]): void => {
    for (const key of wanted) uploader.request(fake.peer, key);
  };
  const served = (fake: FakePeer): number => fake.sent.splice(0).filter(({ command }) => command === 'object').length;

  /** Lets time pass, and the uploader notice. */
  const tickAfter = async (seconds: number): Promise<void> => {
    clock.advance(seconds);
    uploader.tick();
    await turn();
  };

  it('serves ten objects to each peer in a turn', async () => {
    const [a, b] = [join(), join()];
    ask(a, keys(25));
    ask(b, keys(5));
    await turn();
    assert.deepEqual([served(a), served(b)], [10, 5]);
    await turn();
    assert.deepEqual([served(a), served(b)], [10, 0]);
    await turn();
    assert.deepEqual([served(a), served(b)], [5, 0]);
  });

  it('waits while two mebibytes are unread', async () => {
    const a = join();
    a.bufferedBytes = 2 * 1024 * 1024;
    ask(a, keys(5));
    await turn();
    assert.equal(served(a), 0);
    a.bufferedBytes -= 1;
    uploader.tick();
    await turn();
    assert.equal(served(a), 5);
  });

  it('answers a hidden object and a missing one alike: not at all, and what else is asked for later', async () => {
    penaltySeconds = 6;
    for (const [index, unknown] of [keys(1)[0], 'nowhere'.padEnd(32)].entries()) {
      hidden.add(keys(1)[0]);
      const a = join();
      clock.advance(100);
      ask(a, [unknown, keys(5)[4 - index]]);
      await tickAfter(5);
      assert.equal(served(a), 0);
      await tickAfter(1);
      assert.equal(served(a), 1);
    }
  });

  it('defers what is asked for in the first seconds of a connection, and loses nothing', async () => {
    penaltySeconds = 6;
    const a = join();
    ask(a, keys(3));
    await tickAfter(5);
    assert.equal(served(a), 0);
    await tickAfter(1);
    assert.equal(served(a), 3);
  });

  it('sends the same object to the same peer again only after a minute or two', async () => {
    const a = join();
    uploader.tick();
    ask(a, keys(1));
    await turn();
    assert.equal(served(a), 1);
    ask(a, keys(1));
    await turn();
    assert.equal(served(a), 0);
    for (let second = 0; second < 121; second++) {
      clock.advance(1);
      uploader.tick();
    }
    ask(a, keys(1));
    await turn();
    assert.equal(served(a), 1);
  });

  it('sends it again when the peer has been told of it anew', async () => {
    const a = join();
    ask(a, keys(1));
    await turn();
    assert.equal(served(a), 1);
    uploader.announcedAnew(a.peer, keys(1)[0]);
    ask(a, keys(1));
    await turn();
    assert.equal(served(a), 1);
  });

  it('keeps the request while the upload limit is spent', async () => {
    const a = join();
    mayUpload = false;
    ask(a, keys(2));
    await turn();
    assert.equal(served(a), 0);
    mayUpload = true;
    uploader.tick();
    await turn();
    assert.equal(served(a), 2);
  });

  it('remembers 50,000 requests of one peer', () => {
    const big = new Inventory(new InventoryStore(database), clock);
    const all = keys(50_010, 'x');
    big.hasKey = () => true;
    const other = new Uploader({ clock, inventory: big, isHidden: () => false, penaltySeconds: () => 1000, mayUpload: () => true });
    const a = fakePeer({ connectedAt: clock.now() });
    other.add(a.peer);
    for (const key of all) other.request(a.peer, key);
    assert.equal(other.requestedCount(a.peer), 50_000);
    other.stop();
  });
});
