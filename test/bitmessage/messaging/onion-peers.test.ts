import assert from 'node:assert/strict';
import { ManualClock, systemClock } from '../../../src/base/clock.js';
import { silentLogger } from '../../../src/base/log.js';
import { createNode } from '../../../src/bitmessage/create-node.js';
import { Inventory, type StoredObject } from '../../../src/bitmessage/inventory/inventory.js';
import { OnionPeers } from '../../../src/bitmessage/messaging/onion-peers.js';
import { Publisher } from '../../../src/bitmessage/messaging/publisher.js';
import type { BitmessageNode } from '../../../src/bitmessage/node.js';
import { buildOnionPeer, type OnionPeer, readOnionPeer } from '../../../src/bitmessage/objects/onionpeer.js';
import { readObjectHeader, withNonce } from '../../../src/bitmessage/wire/object.js';
import { OBJECT_ONIONPEER, PRIVATE } from '../../../src/bitmessage/wire/params.js';
import { Miner } from '../../../src/pow/miner.js';
import { Database } from '../../../src/store/database.js';
import { InventoryStore } from '../../../src/store/node/inventory.js';
import { FakeTor } from '../../support/fake-tor.js';
import { until } from '../../support/nodes.js';
import { TRIVIAL_WORK } from '../../support/objects.js';
import { onionName } from '../../support/onions.js';
import { SocksServer } from '../../support/socks-server.js';

const NOW = 1_800_000_000;
const OWN: OnionPeer = { host: onionName(1), port: 8444 };

describe('onion peers', () => {
  let clock: ManualClock;
  let database: Database;
  let inventory: Inventory;
  let miner: Miner;
  let learnt: (OnionPeer & { stream: bigint })[];
  let own: OnionPeer | null;
  let peers: OnionPeers;

  const published = (): StoredObject[] => inventory.ofType(OBJECT_ONIONPEER, 100).filter((object) => object.own);
  const arrives = (peer: OnionPeer, stream = 1n): void => {
    const bytes = withNonce(0n, buildOnionPeer(peer, clock.now() + 3600));
    inventory.add({ ...readObjectHeader(bytes), stream, bytes }, { own: false, from: 1 });
  };
  /** Long enough for an object to be made, if one is. */
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setTimeout(resolve, 10));
  };

  before(() => {
    miner = new Miner({ threads: 1 }, { log: silentLogger });
    miner.start();
  });
  beforeEach(() => {
    clock = new ManualClock(NOW);
    database = new Database(':memory:');
    inventory = new Inventory(new InventoryStore(database), clock);
    learnt = [];
    own = null;
    peers = new OnionPeers(
      { minimum: TRIVIAL_WORK },
      {
        inventory,
        publisher: new Publisher({ minimum: TRIVIAL_WORK }, { miner, inventory, clock }),
        learn: (peer) => learnt.push(peer) > 0,
        own: () => own,
        clock,
        log: silentLogger,
      },
    );
  });
  afterEach(async () => {
    await peers.stop();
    database.close();
  });
  after(() => miner.stop());

  it('are learnt from what is in the inventory, and from what comes', () => {
    arrives({ host: onionName(2), port: 1 });
    peers.start();
    arrives({ host: onionName(3), port: 2 });
    assert.deepEqual(learnt, [
      { host: onionName(2), port: 1, stream: 1n },
      { host: onionName(3), port: 2, stream: 1n },
    ]);
  });

  it('are not learnt from what is no onion peer', () => {
    peers.start();
    const bytes = withNonce(0n, buildOnionPeer(OWN, NOW + 3600));
    for (const broken of [bytes.subarray(0, -1), bytes.subarray(0, 25)])
      inventory.add({ ...readObjectHeader(bytes), bytes: broken }, { own: false, from: 1 });
    assert.deepEqual(learnt, []);
  });

  it('are not ourselves', () => {
    own = OWN;
    peers.start();
    arrives(OWN);
    assert.deepEqual(learnt, []);
  });

  it('are told of us for seven days, give or take five minutes, with the work done', async () => {
    own = OWN;
    peers.start();
    await until(() => published().length === 1, 'our object');
    const [object] = published();
    assert.deepEqual(readOnionPeer(object.bytes), OWN);
    assert.ok(Math.abs(object.expiresAt - NOW - 7 * 86_400) <= 300);
    assert.deepEqual([object.version, object.stream], [3n, 1n]);
  });

  it('are told once while that lives, and again before it ends', async () => {
    own = OWN;
    peers.start();
    await until(() => published().length === 1, 'our object');
    let waited = 0;
    for (; waited < 6 * 86_400; waited += 7380) {
      clock.advance(7380);
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.equal(published().length, 1);
    while (published().length === 1) {
      assert.ok(waited < 7 * 86_400 + 300, 'the first one has expired');
      clock.advance(7380);
      waited += 7380;
      await settle();
    }
    assert.equal(published().length, 2);
  });

  it('are told by another than us, if he says the same', async () => {
    const bytes = withNonce(0n, buildOnionPeer(OWN, NOW + 86_400));
    inventory.add({ ...readObjectHeader(bytes), bytes }, { own: false, from: 1 });
    own = OWN;
    peers.start();
    await settle();
    assert.deepEqual(published(), []);
  });

  it('are told when our service comes up, not before', async () => {
    peers.start();
    await settle();
    assert.deepEqual(published(), []);
    own = OWN;
    peers.wake();
    await until(() => published().length === 1, 'our object');
  });

  it('find each other: a service is made, published, learnt, and dialled through the proxy', async () => {
    const tor = await FakeTor.start({ methods: 'NULL' });
    const nodes: BitmessageNode[] = [];
    const databases: Database[] = [];
    const start = async (network: Parameters<typeof createNode>[0]['network']): Promise<BitmessageNode> => {
      const store = new Database(':memory:');
      databases.push(store);
      const listener = { deliver: async () => {}, outgoingChanged: async () => {} };
      const node = createNode({ network, miningThreads: 1 }, { database: store, clock: systemClock, log: silentLogger, listener });
      nodes.push(node);
      await node.start();
      return node;
    };
    const hidden = await start({
      params: PRIVATE,
      listen: '127.0.0.1:0',
      loopbackOnly: true,
      onionService: { control: { host: '127.0.0.1', port: tor.port }, password: '' },
    });
    const clear = hidden.status().listening;
    assert.ok(clear !== null);
    /** What Tor does: the name of the service leads to its port. */
    const socks = await SocksServer.start({
      route: ({ host, port }) => {
        const target = tor.services.get(host.replace(/\.onion$/, ''))?.split(':')[1];
        return target === undefined ? (host === clear.host ? port : undefined) : Number(target);
      },
    });
    try {
      const proxy = { protocol: 'socks5' as const, host: '127.0.0.1', port: socks.port, user: '', password: '', isolate: true };
      await start({
        params: PRIVATE,
        peers: [`127.0.0.1:${clear.port}`],
        routes: { proxy, onionProxy: null, strict: true, listenBesideProxy: false },
      });
      await until(() => hidden.status().route.onionAddress !== null, 'the service');
      const address = hidden.status().route.onionAddress ?? '';
      await until(() => nodes[1].status().peers.some((peer) => peer.address === address), 'the onion peer');
      assert.ok(socks.asked.includes(address));
      await until(
        () => hidden.status().peers.filter(({ direction }) => direction === 'inbound').length === 2,
        'both links at the other end',
      );
    } finally {
      for (const node of nodes.reverse()) await node.stop();
      for (const store of databases) store.close();
      await socks.stop();
      await tor.stop();
    }
  });
});
