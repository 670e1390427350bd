import assert from 'node:assert/strict';
import { inventoryHash } from '../../../src/bitmessage/crypto/hash.js';
import { concat, fromHex, u32 } from '../../../src/bitmessage/wire/bytes.js';
import { encodeInv, type HashKey, hashKey } from '../../../src/bitmessage/wire/inv.js';
import { decodeError, decodeVersion, encodeVersion, NODE_NETWORK } from '../../../src/bitmessage/wire/messages.js';
import { PRIVATE } from '../../../src/bitmessage/wire/params.js';
import { heldOutsideHeap } from '../../support/memory.js';
import { addObject, arrival, now, RawPeer, startNode, type TestNode, until, versionMessage } from '../../support/nodes.js';
import { makeObject } from '../../support/objects.js';

const header = (command: string, length: number, magic = PRIVATE.magic): Uint8Array =>
  concat(u32(magic), Buffer.from(command.padEnd(12, '\0'), 'latin1'), u32(length), u32(0));

const randomKeys = (count: number): HashKey[] => Array.from({ length: count }, () => hashKey(crypto.getRandomValues(new Uint8Array(32))));

describe('hostile and clumsy peers', function () {
  this.timeout(30_000);
  let node: TestNode;
  const peers: RawPeer[] = [];
  const greet = async (
    ...parameters: Parameters<typeof RawPeer.greet> extends [number, ...infer Rest] ? Rest : never
  ): Promise<RawPeer> => {
    const peer = await RawPeer.greet(node.port, ...parameters);
    peers.push(peer);
    return peer;
  };
  beforeEach(async () => {
    node = await startNode({ tls: 'off' });
  });
  afterEach(async () => {
    for (const peer of peers.splice(0)) peer.close();
    await node.stop();
  });

  /** Somebody else is served on, whatever happened before. */
  async function assertServing(): Promise<void> {
    const honest = await greet();
    const bytes = makeObject({ expiresAt: now() + 1000, payload: crypto.getRandomValues(new Uint8Array(20)) }, now());
    const before = node.inventory.count();
    honest.send('object', bytes);
    await until(() => node.inventory.count() === before + 1, 'serving others');
  }

  it('answers a version with verack first, then its own version', async () => {
    const peer = await RawPeer.dial(node.port);
    peers.push(peer);
    peer.send('version', encodeVersion(versionMessage()));
    await until(() => peer.packets.length >= 2);
    assert.deepEqual(
      peer.packets.map(({ command }) => command),
      ['verack', 'version'],
    );
    const version = decodeVersion(peer.packets[1].payload);
    assert.equal(version.protocolVersion, 3);
    assert.equal(version.services, NODE_NETWORK);
    assert.ok(Math.abs(Number(version.timestamp) - now()) <= 31);
    assert.equal(version.timestamp % 60n, 0n, 'by the seconds of its clock a node could be recognised elsewhere');
    assert.deepEqual(version.streams, [1n]);
    assert.equal(version.addrFrom.host, '127.0.0.1');
    assert.equal(version.addrFrom.port, node.port);
    assert.match(version.userAgent, /^\/[A-Za-z]+:\d+\.?[\w ().:;-]*\/$/);
  });

  for (const [what, bytes] of [
    ['garbage', Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')],
    ['the magic of another network', header('version', 100, 0xe9beb4d9)],
    ['a length of 4 GiB', header('version', 0xffffffff)],
    ['a wrong checksum', concat(header('version', 3), fromHex('010203'))],
    ['an object before its version', header('object', 0)],
    ['an unknown command before its version', header('nonsense', 1000)],
  ] as const) {
    it(`leaves a peer that begins with ${what}, and serves others`, async () => {
      const peer = await RawPeer.dial(node.port);
      peers.push(peer);
      peer.socket.write(bytes);
      await peer.untilClosed();
      await assertServing();
    });
  }

  for (const [what, command, payload] of [
    ['a version cut short', 'version', new Uint8Array(79)],
    ['a second version', 'version', encodeVersion(versionMessage())],
    ['a second verack', 'verack', new Uint8Array(0)],
    ['an inv that is cut', 'inv', concat(fromHex('03'), new Uint8Array(64))],
    ['an inv of 50,001', 'inv', concat(fromHex('fdc351'), new Uint8Array(100))],
    ['an addr of 1,001', 'addr', concat(fromHex('fd03e9'), new Uint8Array(100))],
    ['a var_int that is not the shortest', 'inv', concat(fromHex('fd0001'), new Uint8Array(32))],
    ['an object cut in its header', 'object', new Uint8Array(21)],
  ] as const) {
    it(`leaves an established peer that sends ${what}`, async () => {
      const peer = await greet();
      peer.send(command, payload);
      await peer.untilClosed();
      await assertServing();
    });
  }

  it('leaves an established peer that announces 4 GiB, without taking them', async () => {
    const peer = await greet();
    peer.socket.write(header('object', 0xffffffff));
    await peer.untilClosed();
  });

  it('says why it refuses, then closes', async () => {
    for (const [changes, text] of [
      [{ protocolVersion: 2 }, 'Your is using an old protocol. Closing connection.'],
      [{ timestamp: BigInt(now() + 7200) }, 'Your time is too far in the future compared to mine. Closing connection.'],
      [{ timestamp: BigInt(now() - 7200) }, 'Your time is too far in the past compared to mine. Closing connection.'],
      [{ streams: [2n] }, "We don't have shared stream interests. Closing connection."],
    ] as const) {
      const peer = await RawPeer.dial(node.port);
      peers.push(peer);
      peer.send('version', encodeVersion(versionMessage(changes)));
      const message = decodeError(await peer.receive('error'));
      assert.equal(message.text, text);
      assert.equal(message.fatal, 2);
      await peer.untilClosed();
    }
    await assertServing();
  });

  it('takes portcheck, unknown commands, an empty inv and pong without harm, and answers ping', async () => {
    const peer = await greet();
    peer.send('portcheck');
    peer.send('nonsense', new Uint8Array(70_000));
    peer.send('VERSION');
    for (const command of ['inv', 'dinv', 'getdata', 'addr']) peer.send(command, fromHex('00'));
    peer.send('pong');
    peer.send('ping');
    await peer.receive('pong');
    assert.equal(peer.closed, false);
  });

  it('does not take an object without its work, nor an expired one, nor one of another stream', async () => {
    const peer = await greet();
    const good = makeObject({ expiresAt: now() + 1000, payload: new Uint8Array(2000) }, now());
    const withoutWork = concat(fromHex('ffffffffffffffff'), good.subarray(8));
    for (const bytes of [
      withoutWork,
      makeObject({ expiresAt: now() - 7200 }, now()),
      makeObject({ expiresAt: now() + 1000, stream: 2n }, now()),
    ]) {
      peer.send('object', bytes);
    }
    peer.send('object', good);
    await until(() => node.inventory.count() > 0);
    assert.equal(node.inventory.count(), 1);
    assert.equal(peer.closed, false);
  });

  it('leaves a peer that keeps sending objects without work', async () => {
    const peer = await greet();
    for (let n = 0; n < 10; n++)
      peer.send(
        'object',
        concat(
          crypto.getRandomValues(new Uint8Array(8)),
          new Uint8Array([0, 0, 0, 0]),
          u32(now() + 2_000_000),
          u32(2),
          Uint8Array.of(1, 1),
          new Uint8Array(100_000),
        ),
      );
    await peer.untilClosed();
    assert.equal(node.inventory.count(), 0);
    await assertServing();
  });

  it('asks a flooding peer for no more than 1,000 hashes at a time', async () => {
    const peer = await greet();
    for (let n = 0; n < 3; n++) peer.send('inv', encodeInv(randomKeys(50_000)));
    peer.send('ping');
    await peer.receive('pong');
    const asked = peer.packets
      .filter(({ command }) => command === 'getdata')
      .reduce((sum, { payload }) => sum + Math.floor(payload.length / 32), 0);
    assert.ok(asked > 0 && asked <= 1000, `${asked}`);
    await assertServing();
  });

  it('announces 25,000 objects in parts of at most 10,000', async () => {
    const hashes = new Set<string>();
    node.inventory.batch(() => {
      for (let n = 0; n < 25_000; n++) {
        const hash = crypto.getRandomValues(new Uint8Array(32));
        hashes.add(hashKey(hash));
        node.inventory.add(
          { type: 42, version: 1n, stream: 1n, expiresAt: now() + 1000, payloadOffset: 22, bytes: new Uint8Array(22), hash },
          { own: false, from: 0 },
        );
      }
    });
    const peer = await greet();
    const announced = new Set<string>();
    await until(() => {
      for (const { command, payload } of peer.packets.splice(0)) {
        if (command !== 'inv') continue;
        assert.ok(payload.length <= 3 + 10_000 * 32);
        for (let start = payload.length % 32; start < payload.length; start += 32)
          announced.add(hashKey(payload.subarray(start, start + 32)));
      }
      return announced.size >= hashes.size;
    });
    assert.deepEqual(announced, hashes);
  });

  it('holds back from a peer that does not read, and serves the others', async () => {
    const hashes: HashKey[] = [];
    node.inventory.batch(() => {
      for (let n = 0; n < 100; n++) {
        const hash = crypto.getRandomValues(new Uint8Array(32));
        hashes.push(hashKey(hash));
        const bytes = crypto.getRandomValues(new Uint8Array(60_000));
        bytes.set(makeObject({ expiresAt: now() + 1000, type: 42 }, now()).subarray(0, 22));
        node.inventory.add(
          {
            type: 42,
            version: 1n,
            stream: 1n,
            expiresAt: now() + 1000,
            payloadOffset: 22,
            bytes: concat(bytes, bytes, bytes, bytes),
            hash,
          },
          { own: false, from: 0 },
        );
      }
    });
    const slow = await greet();
    slow.socket.pause();
    const before = heldOutsideHeap();
    for (let n = 0; n < 10; n++) slow.send('getdata', encodeInv(hashes));
    await assertServing();
    // 24 MB were asked for; 2 MiB, the kernel's buffers and one object may be under way.
    const grown = heldOutsideHeap() - before;
    assert.ok(grown < 12_000_000, `${grown} bytes`);
    slow.socket.resume();
    await until(() => slow.packets.filter(({ command }) => command === 'object').length === 100);
  });

  it('serves an object once in a while to one peer, however often it is asked for', async () => {
    const hash = addObject(node.inventory);
    const peer = await greet();
    await peer.receive('inv');
    for (let n = 0; n < 5; n++) peer.send('getdata', encodeInv([hashKey(hash)]));
    await peer.receive('object');
    peer.send('ping');
    await peer.receive('pong');
    assert.equal(peer.packets.filter(({ command }) => command === 'object').length, 0);
  });

  it('closes a peer that never finishes its greeting', async () => {
    const hasty = await startNode({ tls: 'off', limits: { handshakeSeconds: 1 } });
    try {
      const peer = await RawPeer.dial(hasty.port);
      peers.push(peer);
      peer.socket.write(header('version', 100).subarray(0, 12));
      await peer.untilClosed();
    } finally {
      await hasty.stop();
    }
  });

  it('lets no more than its limit stand at the door', async () => {
    const small = await startNode({ tls: 'off', limits: { inboundHandshakes: 5 } });
    try {
      const waiting = await Promise.all(Array.from({ length: 8 }, () => RawPeer.dial(small.port)));
      peers.push(...waiting);
      await until(() => waiting.filter((peer) => peer.closed).length === 3);
      waiting.find((peer) => !peer.closed)?.close();
      await until(() => waiting.filter((peer) => peer.closed).length === 4);
      peers.push(await RawPeer.greet(small.port));
    } finally {
      await small.stop();
    }
  });

  it('fetches from another peer what the first one does not deliver', async () => {
    const bytes = makeObject({ expiresAt: now() + 1000, payload: Uint8Array.of(7) }, now());
    const liar = await greet();
    const hash = inventoryHash(bytes);
    liar.send('inv', encodeInv([hashKey(hash)]));
    await liar.receive('getdata');
    const honest = await greet();
    honest.send('inv', encodeInv([hashKey(hash)]));
    honest.send('ping');
    await honest.receive('pong');
    assert.equal(honest.packets.filter(({ command }) => command === 'getdata').length, 0, 'one outstanding request per hash');
    liar.close();
    await honest.receive('getdata');
    honest.send('object', bytes);
    await arrival(node.inventory, hash);
  });
});
