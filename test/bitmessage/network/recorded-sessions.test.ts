import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { ManualClock } from '../../../src/base/clock.js';
import { inventoryHash } from '../../../src/bitmessage/crypto/hash.js';
import { fromHex, toHex } from '../../../src/bitmessage/wire/bytes.js';
import { type Packet, PacketReader } from '../../../src/bitmessage/wire/frame.js';
import { decodeInv, keyHash } from '../../../src/bitmessage/wire/inv.js';
import { MAINNET } from '../../../src/bitmessage/wire/params.js';
import { RawPeer, startNode, type TestNode, until } from '../../support/nodes.js';
import { loadVectors } from '../../support/vectors.js';

interface Recorded {
  readonly startedAt: number;
  readonly connections: readonly { readonly id: number }[];
  readonly events: readonly {
    readonly time: number;
    readonly connection: number;
    readonly direction: 'client' | 'server';
    readonly data: string;
  }[];
}
interface Side {
  readonly now: number;
  readonly chunks: readonly Uint8Array[];
  readonly packets: readonly Packet[];
}

const load = (name: string): Recorded => loadVectors<never>(name) as unknown as Recorded;

/** Everything that one side of a connection said, once as it came and once as packets. */
function sideOf(session: Recorded, connection: number, direction: 'client' | 'server'): Side {
  const events = session.events.filter((event) => event.connection === connection && event.direction === direction);
  const reader = new PacketReader(MAINNET.magic);
  const packets: Packet[] = [];
  const chunks = events.map(({ data }) => fromHex(data));
  for (const chunk of chunks) {
    reader.push(chunk);
    for (let packet = reader.next(); packet !== undefined; packet = reader.next())
      packets.push({ ...packet, payload: packet.payload.slice() });
  }
  return { now: Math.floor(session.startedAt + (events[0]?.time ?? 0)), chunks, packets };
}

const objectHashes = (packets: readonly Packet[]): string[] =>
  [...new Set(packets.filter(({ command }) => command === 'object').map(({ payload }) => toHex(inventoryHash(payload))))].sort();

/** Hashes that the recorded side announced. */
const announced = (packets: readonly Packet[]): Set<string> =>
  new Set(
    packets
      .filter(({ command }) => command === 'inv' || command === 'dinv')
      .flatMap(({ payload }) => decodeInv(payload).map((key) => toHex(keyHash(key)))),
  );

describe('recorded sessions', () => {
  for (const name of [
    'session-minode-dials.json',
    'session-notbit-dials.json',
    'session-pybitmessage-dandelion-1.json',
    'session-pybitmessage-low.json',
    'session-pybitmessage-full.json',
  ]) {
    const session = load(name);
    const demand = name.includes('full') ? 1000 : 10;
    const params = { ...MAINNET, minNonceTrialsPerByte: demand, minExtraBytes: demand };
    const start = (side: Side, peers: string[] = []): Promise<TestNode> =>
      startNode(
        { params, tls: 'off', peers, announceDelay: false, dandelion: false, antiIntersection: false },
        { clock: new ManualClock(side.now) },
      );

    for (const { id } of session.connections) {
      for (const direction of ['client', 'server'] as const) {
        const side = sideOf(session, id, direction);
        if (!side.packets.some(({ command }) => command === 'version')) continue;
        it(`${name}, connection ${id}: plays the ${direction}, and everything it sends is taken`, async () => {
          const { node, peer } = await (direction === 'client' ? dialIn(side, start) : letDial(side, start));
          try {
            for (const chunk of side.chunks) peer.socket.write(chunk);
            const expected = objectHashes(side.packets);
            await until(() => node.inventory.count() >= expected.length, `${expected.length} objects`);
            peer.send('ping');
            await peer.receive('pong');
            assert.equal(peer.closed, false);
            assert.deepEqual(
              node.inventory
                .scan([0, 1, 2, 3, 0x746f72], 0, 1000)
                .map(({ object }) => toHex(object.hash))
                .sort(),
              expected,
            );
            const commands = peer.packets.map(({ command }) => command);
            if (direction === 'client') assert.deepEqual(commands.slice(0, 2), ['verack', 'version']);
            // Nothing but what it announced was asked of it.
            const asked = peer.packets.filter(({ command }) => command === 'getdata').flatMap(({ payload }) => decodeInv(payload));
            const known = announced(side.packets);
            assert.ok(asked.every((key) => known.has(toHex(keyHash(key)))));
          } finally {
            peer.close();
            await node.stop();
          }
        });
      }
    }
  }
});

type Start = (side: Side, peers?: string[]) => Promise<TestNode>;

async function dialIn(side: Side, start: Start): Promise<{ node: TestNode; peer: RawPeer }> {
  const node = await start(side);
  return { node, peer: await RawPeer.dial(node.port, MAINNET.magic) };
}

async function letDial(side: Side, start: Start): Promise<{ node: TestNode; peer: RawPeer }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  const connection = once(server, 'connection') as Promise<[Socket]>;
  const node = await start(side, [`127.0.0.1:${address.port}`]);
  const [socket] = await connection;
  server.close();
  return { node, peer: new RawPeer(socket, MAINNET.magic) };
}
