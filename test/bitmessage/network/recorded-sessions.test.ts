import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { createSecureContext, connect as startTls, TLSSocket } from 'node:tls';
import { ManualClock } from '../../../src/base/clock.js';
import { toHex } from '../../../src/bitmessage/wire/bytes.js';
import { encodePacket, type Packet, PacketReader } from '../../../src/bitmessage/wire/frame.js';
import { decodeError, decodeVersion, encodeVersion, NODE_SSL } from '../../../src/bitmessage/wire/messages.js';
import { readObjectHeader } from '../../../src/bitmessage/wire/object.js';
import { MAINNET } from '../../../src/bitmessage/wire/params.js';
import { RawPeer, startNode, type TestNode, until } from '../../support/nodes.js';
import { type Direction, listedHashes, loadSession, objectHashes, type RecordedSide, sideOf } from '../../support/recorded-sessions.js';

/** What PyBitmessage and MiNode offer, and nothing more. */
const AS_PYBITMESSAGE = {
  ciphers: 'AECDH-AES256-SHA@SECLEVEL=0',
  ecdhCurve: 'secp256k1',
  minVersion: 'TLSv1',
  maxVersion: 'TLSv1.2',
} as const;

/** A node as it was at the time of the recording. */
function startThen(side: RecordedSide, demand: number, tls: 'prefer' | 'off', peers: string[] = []): Promise<TestNode> {
  const params = { ...MAINNET, minNonceTrialsPerByte: demand, minExtraBytes: demand };
  return startNode(
    { params, tls, peers, announceDelay: false, dandelion: false, antiIntersection: false },
    { clock: new ManualClock(side.now) },
  );
}

/** Resolves with the connection that the node makes. */
async function letDial(start: (peers: string[]) => Promise<TestNode>): Promise<{ node: TestNode; socket: Socket }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  const connection = once(server, 'connection') as Promise<[Socket]>;
  const node = await start([`127.0.0.1:${address.port}`]);
  const [socket] = await connection;
  server.close();
  return { node, socket };
}

/** The node as the other end of the recorded side: dialled by it, or dialling it. */
async function connectTo(direction: Direction, start: (peers?: string[]) => Promise<TestNode>): Promise<{ node: TestNode; peer: RawPeer }> {
  if (direction === 'client') {
    const node = await start();
    return { node, peer: await RawPeer.dial(node.port, MAINNET.magic) };
  }
  const { node, socket } = await letDial(start);
  return { node, peer: new RawPeer(socket, MAINNET.magic) };
}

const held = (node: TestNode): string[] =>
  node.inventory
    .scan([0, 1, 2, 3, 0x746f72], 0, 1000)
    .map(({ object }) => toHex(object.hash))
    .sort();

async function assertTookAll(node: TestNode, peer: RawPeer, side: RecordedSide): Promise<void> {
  const expected = objectHashes(side.packets);
  await until(() => node.inventory.count() >= expected.length, `${expected.length} objects`);
  peer.send('ping');
  await peer.receive('pong');
  assert.equal(peer.closed, false);
  assert.deepEqual(held(node), expected);
  // Nothing but what it announced was asked of it.
  const known = listedHashes(side.packets, 'inv', 'dinv');
  assert.ok([...listedHashes(peer.packets, 'getdata')].every((hash) => known.has(hash)));
}

describe('recorded sessions', function () {
  this.timeout(30_000);
  for (const name of [
    'session-minode-dials.json',
    'session-notbit-dials.json',
    'session-pybitmessage-dandelion-1.json',
    'session-pybitmessage-low.json',
    'session-pybitmessage-full.json',
  ]) {
    const session = loadSession(name);
    const demand = name.includes('full') ? 1000 : 10;

    for (const { id } of session.connections) {
      for (const direction of ['client', 'server'] as const) {
        const side = sideOf(session, id, direction);
        const other = sideOf(session, id, direction === 'client' ? 'server' : 'client');
        if (!side.packets.some(({ command }) => command === 'version')) continue;

        it(`${name}, connection ${id}: plays the ${direction}, and everything it sends is taken`, async () => {
          const { node, peer } = await connectTo(direction, (peers) => startThen(side, demand, 'off', peers));
          try {
            for (const chunk of side.chunks) peer.socket.write(chunk);
            await assertTookAll(node, peer, side);
            const commands = peer.packets.map(({ command }) => command);
            if (direction === 'client') assert.deepEqual(commands.slice(0, 2), ['verack', 'version']);
          } finally {
            peer.close();
            await node.stop();
          }
        });

        it(`${name}, connection ${id}: plays the ${direction}, and what it asks for is served as it was`, async () => {
          const { node, peer } = await connectTo(direction, async (peers) => {
            const started = await startThen(side, demand, 'off', peers);
            for (const { command, payload } of other.packets)
              if (command === 'object') started.inventory.add({ ...readObjectHeader(payload), bytes: payload }, { own: false });
            return started;
          });
          try {
            for (const chunk of side.chunks) peer.socket.write(chunk);
            const asked = listedHashes(side.packets, 'getdata');
            const expected = objectHashes(other.packets).filter((hash) => asked.has(hash));
            await until(() => objectHashes(peer.packets).length >= expected.length, `${expected.length} objects`);
            assert.deepEqual(objectHashes(peer.packets), expected);
            // What the other recorded side had is announced as it was.
            await until(() => objectHashes(other.packets).every((hash) => listedHashes(peer.packets, 'inv').has(hash)), 'an inv of all');
          } finally {
            peer.close();
            await node.stop();
          }
        });

        it(`${name}, connection ${id}: plays the ${direction} with TLS, and everything it sends is taken`, async () => {
          const { node, peer } = await secureTo(direction, side, (peers) => startThen(side, demand, 'prefer', peers));
          try {
            await assertTookAll(node, peer, side);
            assert.equal(node.network.peers()[0]?.tls, true);
          } finally {
            peer.close();
            await node.stop();
          }
        });
      }
    }
  }

  const errors = loadSession('session-errors-1.json');
  for (const { id } of errors.connections) {
    const side = sideOf(errors, id, 'client');
    const recorded = sideOf(errors, id, 'server').packets;
    const options = errors.variants?.[id]?.options ?? [];
    it(`session-errors-1.json, connection ${id} (${options.join(' ') || 'a good client'}): is answered ${answerTo(options)}`, async () => {
      const node = await startThen(side, 1000, 'off');
      const peer = await RawPeer.dial(node.port, MAINNET.magic);
      try {
        for (const chunk of side.chunks) peer.socket.write(chunk);
        const said = recorded.filter(({ command }) => command !== 'addr');
        if (options.includes('--streams')) {
          // A list without streams passes PyBitmessage's check by mistake (PROTOCOL 9.2).
          assert.match(decodeError(await peer.receive('error')).text, /shared stream/);
          await peer.untilClosed();
        } else if (options.includes('getdata:05aabb')) {
          // PyBitmessage reads what is missing as nothing (W09).
          await peer.untilClosed();
          assert.deepEqual(commandsOf(peer.packets), ['verack', 'version']);
        } else {
          await until(() => peer.packets.length >= said.length, `${said.length} packets`);
          assert.deepEqual(commandsOf(peer.packets), commandsOf(said));
          const error = said.find(({ command }) => command === 'error');
          if (error !== undefined) {
            assert.equal(toHex(peer.packets[0]?.payload ?? new Uint8Array(0)), toHex(error.payload));
            // PyBitmessage leaves it open (W27).
            await peer.untilClosed();
          }
        }
      } finally {
        peer.close();
        await node.stop();
      }
    });
  }
});

function answerTo(options: readonly string[]): string {
  return options.includes('--streams') || options.includes('getdata:05aabb') ? 'more strictly than it was' : 'as it was';
}

function commandsOf(packets: readonly Packet[]): string[] {
  return packets.map(({ command }) => command);
}

/** Plays the recorded side, but for NODE_SSL in its version: after the veracks everything goes through TLS. */
async function secureTo(
  direction: Direction,
  side: RecordedSide,
  start: (peers?: string[]) => Promise<TestNode>,
): Promise<{ node: TestNode; peer: RawPeer }> {
  const version = decodeVersion(side.packets.find(({ command }) => command === 'version')?.payload ?? new Uint8Array(0));
  const greeting = encodePacket(MAINNET.magic, 'version', encodeVersion({ ...version, services: version.services | NODE_SSL }));
  const verack = encodePacket(MAINNET.magic, 'verack', new Uint8Array(0));
  const { node, peer: plain } = await connectTo(direction, start);
  const { socket } = plain;
  socket.removeAllListeners('data');
  const reader = new PacketReader(MAINNET.magic);
  const missing = new Set(['version', 'verack']);
  socket.write(direction === 'client' ? greeting : Buffer.concat([verack, greeting]));
  await new Promise<void>((resolve) => {
    socket.on('data', (chunk) => {
      reader.push(chunk);
      for (let packet = reader.next(); packet !== undefined; packet = missing.size > 0 ? reader.next() : undefined) {
        missing.delete(packet.command);
      }
      if (missing.size > 0) return;
      socket.pause();
      socket.removeAllListeners('data');
      // The beginning of its TLS may have come with its verack.
      const rest = reader.takeRest();
      if (rest.length > 0) socket.unshift(rest);
      resolve();
    });
    socket.resume();
  });
  if (direction === 'client') socket.write(verack);
  const secure =
    direction === 'client'
      ? startTls({ socket, ...AS_PYBITMESSAGE, rejectUnauthorized: false })
      : new TLSSocket(socket, { isServer: true, secureContext: createSecureContext(AS_PYBITMESSAGE) });
  const peer = new RawPeer(secure, MAINNET.magic);
  await once(secure, direction === 'client' ? 'secureConnect' : 'secure');
  for (const { command, payload } of side.packets) {
    if (command !== 'version' && command !== 'verack') peer.send(command, payload);
  }
  return { node, peer };
}
