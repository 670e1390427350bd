/** Nodes for tests: the real network and inventory on loopback, and a hand-made peer that says whatever a test wants. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type Clock, systemClock } from '../../src/base/clock.js';
import { silentLogger } from '../../src/base/log.js';
import { Inventory, type InventoryOptions, type StoredObject } from '../../src/bitmessage/inventory/inventory.js';
import { Network } from '../../src/bitmessage/network/network.js';
import type { GivenNetworkOptions } from '../../src/bitmessage/network/options.js';
import { DecodeError } from '../../src/bitmessage/wire/bytes.js';
import { encodePacket, type Packet, PacketReader } from '../../src/bitmessage/wire/frame.js';
import { encodeVersion, type VersionMessage } from '../../src/bitmessage/wire/messages.js';
import { readObjectHeader } from '../../src/bitmessage/wire/object.js';
import { PRIVATE } from '../../src/bitmessage/wire/params.js';
import { Database } from '../../src/store/database.js';
import { InventoryStore } from '../../src/store/node/inventory.js';
import { PeerStore } from '../../src/store/node/peers.js';
import { makeObject, type TestObject } from './objects.js';

export interface TestNode {
  readonly network: Network;
  readonly inventory: Inventory;
  readonly database: Database;
  readonly port: number;
  stop(): Promise<void>;
}

/** A node of the private network that listens on a free port of loopback. */
export async function startNode(
  options: Partial<GivenNetworkOptions> = {},
  { database = new Database(':memory:'), clock = systemClock as Clock, inventory: inventoryOptions = {} as Partial<InventoryOptions> } = {},
): Promise<TestNode> {
  const inventory = new Inventory(new InventoryStore(database), clock, inventoryOptions);
  const network = new Network(
    { params: PRIVATE, listen: '127.0.0.1:0', loopbackOnly: true, ...options },
    { inventory, peers: new PeerStore(database), clock, log: silentLogger },
  );
  await network.start();
  return {
    network,
    inventory,
    database,
    port: network.listening()?.port ?? 0,
    stop: async () => {
      await network.stop();
      database.close();
    },
  };
}

export const now = (): number => systemClock.now();

/** Adds an own object of the private network and answers its hash. */
export function addObject(inventory: Inventory, fields: Partial<TestObject> = {}): Uint8Array {
  const bytes = makeObject({ expiresAt: now() + 3600, ...fields }, now());
  let hash: Uint8Array | undefined;
  const stop = inventory.onAdded((object) => (hash = object.hash));
  inventory.add({ ...readObjectHeader(bytes), bytes }, { own: true });
  stop();
  if (hash === undefined) throw new Error('the object was there already');
  return hash;
}

/** Resolves with the object once it is in the inventory. */
export function arrival(inventory: Inventory, hash: Uint8Array): Promise<StoredObject> {
  const here = inventory.get(hash);
  if (here !== undefined) return Promise.resolve(here);
  return new Promise((resolve) => {
    const stop = inventory.onAdded((object) => {
      if (Buffer.compare(object.hash, hash) !== 0) return;
      stop();
      resolve(object);
    });
  });
}

/** Resolves when `holds` does; asked again and again, since sockets have no event for what does not happen. */
export async function until(holds: () => boolean, what = 'it'): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`${what} did not happen`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export function versionMessage(changes: Partial<VersionMessage> = {}): VersionMessage {
  const address = { services: 1n, host: '127.0.0.1', port: 8444 };
  return {
    protocolVersion: 3,
    services: 1n,
    timestamp: BigInt(now()),
    addrRecv: address,
    addrFrom: address,
    nonce: crypto.getRandomValues(new Uint8Array(8)),
    userAgent: '/hand-made:1/',
    streams: [1n],
    ...changes,
  };
}

/** A peer without manners: sends what it is told to, and keeps what it gets. */
export class RawPeer {
  readonly packets: Packet[] = [];
  closed = false;
  readonly #reader: PacketReader;
  #deaf = false;

  constructor(
    readonly socket: Socket,
    private readonly magic = PRIVATE.magic,
  ) {
    this.#reader = new PacketReader(magic);
    socket.on('data', (chunk) => {
      if (this.#deaf) return;
      try {
        this.#read(chunk);
      } catch (error) {
        // TLS, for one: a test that speaks it reads for itself.
        if (!(error instanceof DecodeError)) throw error;
        this.#deaf = true;
      }
    });
    socket.on('error', () => {});
    socket.on('end', () => (this.closed = true));
    socket.on('close', () => (this.closed = true));
  }

  static async dial(port: number, magic = PRIVATE.magic): Promise<RawPeer> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new RawPeer(socket, magic);
  }

  /** Dials and goes through the version exchange in the clear. */
  static async greet(port: number, version: Partial<VersionMessage> = {}, magic = PRIVATE.magic): Promise<RawPeer> {
    const peer = await RawPeer.dial(port, magic);
    peer.send('version', encodeVersion(versionMessage(version)));
    await peer.receive('version');
    peer.send('verack');
    return peer;
  }

  #read(chunk: Uint8Array): void {
    this.#reader.push(chunk);
    for (let packet = this.#reader.next(); packet !== undefined; packet = this.#reader.next()) {
      this.packets.push({ ...packet, payload: packet.payload.slice() });
    }
  }

  send(command: string, payload: Uint8Array = new Uint8Array(0)): void {
    this.socket.write(encodePacket(this.magic, command, payload));
  }

  /** Waits for a packet of this command and takes it out. */
  async receive(command: string): Promise<Uint8Array> {
    const find = (): number => this.packets.findIndex((packet) => packet.command === command);
    await until(() => find() !== -1 || this.closed, `${command}`);
    const [packet] = this.packets.splice(find(), find() === -1 ? 0 : 1);
    if (packet === undefined) throw new Error(`closed before ${command}`);
    return packet.payload;
  }

  async untilClosed(): Promise<void> {
    await until(() => this.closed, 'closing');
  }

  close(): void {
    this.socket.destroy();
  }
}
