import assert from 'node:assert/strict';
import { readObjectHeader } from '../../../src/bitmessage/wire/object.js';
import { addObject, arrival, now, RawPeer, startNode, type TestNode, until } from '../../support/nodes.js';
import { makeObject } from '../../support/objects.js';

describe('network', () => {
  const nodes: TestNode[] = [];
  const start = async (...parameters: Parameters<typeof startNode>): Promise<TestNode> => {
    const node = await startNode(...parameters);
    nodes.push(node);
    return node;
  };
  afterEach(async () => {
    await Promise.all(nodes.splice(0).map((node) => node.stop()));
  });

  for (const [tls, encrypted] of [
    ['prefer', true],
    ['off', false],
    ['require', true],
  ] as const) {
    it(`exchanges objects in both directions, TLS ${tls}`, async () => {
      const a = await start({ tls });
      const early = addObject(a.inventory, { payload: Uint8Array.of(1) });
      const b = await start({ tls, peers: [`127.0.0.1:${a.port}`] });
      await arrival(b.inventory, early);
      const late = addObject(b.inventory, { payload: Uint8Array.of(2) });
      await arrival(a.inventory, late);
      assert.deepEqual(b.inventory.get(early)?.bytes, a.inventory.get(early)?.bytes);
      assert.equal(b.inventory.get(early)?.own, false);
      assert.deepEqual(
        [...a.network.peers(), ...b.network.peers()].map(({ direction, tls: isTls }) => [direction, isTls]),
        [
          ['inbound', encrypted],
          ['outbound', encrypted],
        ],
      );
    });
  }

  it('relays objects, of unknown types too, through a node in the middle', async () => {
    const middle = await start();
    const [left, right] = [await start({ peers: [`127.0.0.1:${middle.port}`] }), await start({ peers: [`127.0.0.1:${middle.port}`] })];
    await until(() => middle.network.peers().length === 2);
    const hash = addObject(left.inventory, { type: 4711, version: 99n, payload: new Uint8Array(5000).fill(3) });
    await arrival(right.inventory, hash);
    const back = addObject(right.inventory, { type: 2 });
    await arrival(left.inventory, back);
  });

  it('tells of a peer what it calls itself, on one line and not at length', async () => {
    const node = await start({ tls: 'off' });
    const peer = await RawPeer.greet(node.port, { userAgent: `\x1b[2J/Evil:1/\r\nrow\x9b2J${'x'.repeat(4000)}` });
    await until(() => node.network.peers().length === 1);
    assert.match(node.network.peers()[0].userAgent, /^\[2J\/Evil:1\/ row 2Jx{42}…$/);
    peer.close();
  });

  it('fetches thousands of objects', async () => {
    const a = await start();
    a.inventory.batch(() => {
      for (let n = 0; n < 3000; n++) addObjectQuietly(a, n);
    });
    const b = await start({ peers: [`127.0.0.1:${a.port}`] });
    await until(() => b.inventory.count() === 3000, 'fetching all');
  });

  it('asks for nothing while the disk has no room, and for all once it has', async () => {
    let low = true;
    const a = await start();
    const hash = addObject(a.inventory);
    const [b, witness] = [
      await start({ peers: [`127.0.0.1:${a.port}`] }, { inventory: { diskIsLow: () => low } }),
      await start({ peers: [`127.0.0.1:${a.port}`] }),
    ];
    await arrival(witness.inventory, hash);
    await until(() => b.network.peers().length === 1);
    const own = addObject(b.inventory, { payload: Uint8Array.of(1) });
    await arrival(a.inventory, own); // what is ours goes out all the same
    assert.equal(b.inventory.has(hash), false);
    low = false;
    await arrival(b.inventory, hash);
  });

  it('refuses to speak in the clear when TLS is required', async () => {
    const strict = await start({ tls: 'require' });
    const plain = await start({ tls: 'off', peers: [`127.0.0.1:${strict.port}`] });
    const hash = addObject(strict.inventory);
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(plain.inventory.has(hash), false);
    assert.deepEqual(strict.network.peers(), []);
  });

  it('finds a configured peer again after it was away', async () => {
    const a = await start();
    const b = await start({ peers: [`127.0.0.1:${a.port}`] });
    await until(() => b.network.peers().length === 1);
    nodes.splice(nodes.indexOf(a), 1);
    await a.stop();
    await until(() => b.network.peers().length === 0);
    await start({ listen: `127.0.0.1:${a.port}` });
    await until(() => b.network.peers().length === 1, 'reconnecting');
  });

  it('does not stay connected to itself', async () => {
    const probe = await start();
    const { port } = probe;
    nodes.splice(0);
    await probe.stop();
    const self = await start({ listen: `127.0.0.1:${port}`, peers: [`127.0.0.1:${port}`] });
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.deepEqual(self.network.peers(), []);
  });
});

function addObjectQuietly(node: TestNode, n: number): void {
  const payload = Uint8Array.of(n >> 8, n & 0xff);
  const bytes = makeObject({ expiresAt: now() + 3600, payload }, now());
  node.inventory.add({ ...readObjectHeader(bytes), bytes }, { own: false });
}
