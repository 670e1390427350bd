import assert from 'node:assert/strict';
import { ManualClock } from '../../../src/base/clock.js';
import { decodeInv, encodeInv, hashKey } from '../../../src/bitmessage/wire/inv.js';
import { readObjectHeader } from '../../../src/bitmessage/wire/object.js';
import { Database } from '../../../src/store/database.js';
import { RawPeer, startNode, type TestNode, until } from '../../support/nodes.js';
import { makeObject } from '../../support/objects.js';

const NOW = 1_800_000_000;

describe('dandelion over the network', function () {
  this.timeout(30_000);
  let clock: ManualClock;
  const nodes: TestNode[] = [];
  const raws: RawPeer[] = [];
  const start = async (peers: string[] = [], database = new Database(':memory:')): Promise<TestNode> => {
    const options = { tls: 'off', dandelion: true, peers } as const;
    const node = await startNode(options, { database, clock, inventory: { ownStemSeconds: 120 } });
    nodes.push(node);
    return node;
  };
  const greet = async (node: TestNode): Promise<RawPeer> => {
    const peer = await RawPeer.greet(node.port, { timestamp: BigInt(clock.now()) });
    raws.push(peer);
    return peer;
  };
  /** Lets seconds pass for everybody, with time for what they send each other. */
  const pass = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second++) {
      clock.advance(1);
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
  };
  const publish = (node: TestNode): Uint8Array => {
    const bytes = makeObject({ expiresAt: clock.now() + 3600, payload: crypto.getRandomValues(new Uint8Array(30)) }, clock.now());
    let hash = new Uint8Array();
    const stop = node.inventory.onAdded((object) => (hash = new Uint8Array(object.hash)));
    node.inventory.add({ ...readObjectHeader(bytes), bytes }, { own: true });
    stop();
    return hash;
  };

  beforeEach(() => {
    clock = new ManualClock(NOW);
  });
  afterEach(async () => {
    for (const peer of raws.splice(0)) peer.close();
    await Promise.all(nodes.splice(0).map((node) => node.stop()));
  });

  it('sends an own object to one peer alone, hides it from all others, and ends everywhere', async () => {
    const [b, c] = [await start(), await start()];
    const a = await start([`127.0.0.1:${b.port}`, `127.0.0.1:${c.port}`]);
    await until(() => a.network.peers().length === 2);
    await pass(22);
    const hash = publish(a);
    const has = (): number => [b, c].filter((node) => node.inventory.has(hash)).length;
    // Ten seconds: long enough for the first hop, too short for any embargo.
    for (let second = 0; second < 10 && has() === 0; second++) await pass(1);
    await until(() => has() === 1, 'the first hop');

    const prober = await greet(a);
    prober.send('getdata', encodeInv([hashKey(hash)]));
    prober.send('ping');
    await prober.receive('pong');
    assert.deepEqual(
      prober.packets.filter(({ command }) => command === 'inv' || command === 'dinv' || command === 'object'),
      [],
    );
    for (let second = 0; second < 400 && has() < 2; second++) await pass(1);
    assert.equal(has(), 2);
    await until(() => prober.packets.some(({ command, payload }) => command === 'inv' && decodeInv(payload).includes(hashKey(hash))));
  });

  it('fetches a stem object again from who announces it openly, and then tells everybody', async () => {
    const b = await start();
    const a = await start([`127.0.0.1:${b.port}`]);
    await until(() => a.network.peers().length === 1);
    await pass(22);
    const hash = publish(a);
    const bytes = a.inventory.get(hash)?.bytes ?? new Uint8Array();
    const [prober, other] = [await greet(a), await greet(a)];
    prober.send('inv', encodeInv([hashKey(hash)]));
    assert.deepEqual(decodeInv(await prober.receive('getdata')), [hashKey(hash)]);
    prober.send('object', bytes);
    assert.deepEqual(decodeInv(await other.receive('inv')), [hashKey(hash)]);
  });

  it('asks for what it is sent by dinv, and for no more than its limit in a flood', async () => {
    const b = await start();
    const a = await start([`127.0.0.1:${b.port}`]);
    const prober = await greet(a);
    for (let part = 0; part < 2; part++) {
      prober.send('dinv', encodeInv(Array.from({ length: 50_000 }, () => hashKey(crypto.getRandomValues(new Uint8Array(32))))));
    }
    prober.send('ping');
    await prober.receive('pong');
    const asked = prober.packets.filter(({ command }) => command === 'getdata').flatMap(({ payload }) => decodeInv(payload));
    assert.ok(asked.length > 0 && asked.length <= 1000);
  });

  it('does not show after a restart what was on its path before it', async () => {
    const database = new Database(':memory:');
    const first = await startNode({ tls: 'off', dandelion: true }, { database, clock, inventory: { ownStemSeconds: 120 } });
    const hash = publish(first);
    await first.network.stop();
    const second = await start([], database);
    const peer = await greet(second);
    peer.send('getdata', encodeInv([hashKey(hash)]));
    peer.send('ping');
    await peer.receive('pong');
    assert.deepEqual(
      peer.packets.filter(({ command }) => command !== 'verack'),
      [],
    );
    await pass(121);
    assert.deepEqual(decodeInv(await peer.receive('inv')), [hashKey(hash)]);
  });
});
