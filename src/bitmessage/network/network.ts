/** The node's side towards other nodes: builds its parts, starts and stops them, and gives them their seconds. */

import type { Clock, UnixSeconds } from '../../base/clock.js';
import type { Logger } from '../../base/log.js';
import { TaskGroup } from '../../base/task-group.js';
import { shownInLine } from '../../base/terminal-text.js';
import type { PeerStore } from '../../store/node/peers.js';
import type { Inventory } from '../inventory/inventory.js';
import type { TakenNode } from '../takeover.js';
import type { StreamNumber } from '../wire/params.js';
import { formatPeerAddress, type PeerAddress } from './address.js';
import { AddressBook } from './address-book.js';
import { bootstrap } from './bootstrap.js';
import { Conversations } from './conversations.js';
import { Dialer } from './dial.js';
import { LanDiscovery } from './lan-discovery.js';
import { BanList } from './misbehaviour.js';
import type { OnionRooms } from './onion-service.js';
import { completeOptions, type GivenNetworkOptions, type NetworkOptions } from './options.js';
import { PeerPool } from './peer-pool.js';
import { describeRoute, type RouteStatus } from './route-status.js';
import { Sync } from './sync.js';
import { Turns } from './turns.js';

/** One established connection, for who watches the node. */
export interface PeerSummary {
  /** "host:port" */
  readonly address: string;
  readonly direction: 'inbound' | 'outbound';
  readonly userAgent: string;
  readonly tls: boolean;
  readonly connectedAt: UnixSeconds;
  /** By how much its clock was ahead of ours when it came; give or take the seconds of the greeting. */
  readonly clockAheadSeconds: number;
}

export interface NetworkRooms {
  readonly inventory: Inventory;
  readonly peers: PeerStore;
  readonly clock: Clock;
  readonly log: Logger;
  /** For an onion service of our own. */
  readonly onion?: OnionRooms;
}

const TICK_MS = 1000;
/** Known nodes are written down, and the forgotten ones dropped, this often (PyBitmessage: 300 s). */
const SAVE_SECONDS = 300;
/** Nobody is known: ask the bootstrap hosts, but not more often than this. */
const BOOTSTRAP_SECONDS = 60;
/** PyBitmessage udp.py: always this port, whatever the TCP port is. */
const LAN_PORT = 8444;
const LAN_BROADCAST = '255.255.255.255';

/** Of what a peer calls itself, in 5,000 bytes at most; real ones have some twenty. */
const MAX_SHOWN_AGENT_CHARACTERS = 60;

export class Network {
  readonly #options: NetworkOptions;
  readonly #book: AddressBook;
  readonly #dialer: Dialer;
  readonly #pool: PeerPool;
  readonly #lan: LanDiscovery | undefined;
  readonly #conversations: Conversations;
  readonly #sync: Sync;
  readonly #turns = new Turns();
  readonly #tasks = new TaskGroup((error) => this.rooms.log.error('network', error));
  #nextSaveAt: UnixSeconds;
  #nextBootstrapAt: UnixSeconds = 0;

  constructor(
    options: GivenNetworkOptions,
    private readonly rooms: NetworkRooms,
  ) {
    this.#options = completeOptions(options);
    const { streams, params, limits, loopbackOnly, routes } = this.#options;
    const { inventory, clock, log } = rooms;
    const isPrivate = params.name === 'private';
    const bans = new BanList(clock);
    this.#nextSaveAt = clock.now() + SAVE_SECONDS;
    this.#dialer = new Dialer(loopbackOnly, routes);
    const hasProxy = routes.proxy !== null;
    this.#book = new AddressBook({ streams, privateAddresses: isPrivate, prefersOnions: hasProxy }, { store: rooms.peers, clock });
    // A broadcast leaves loopback and bypasses proxies by its nature: the guards win.
    if (this.#options.lanDiscovery && !loopbackOnly && !hasProxy && !routes.strict) {
      const lan = { magic: params.magic, streams, port: LAN_PORT, broadcastAddress: LAN_BROADCAST, loopback: isPrivate };
      this.#lan = new LanDiscovery(lan, { dialer: this.#dialer, clock, log });
    }
    this.#conversations = new Conversations(limits, {
      sync: () => this.#sync,
      addressBook: this.#book,
      bans,
      purpose: (peer) => this.#pool.purpose(peer),
      clock,
      log,
    });
    this.#pool = new PeerPool(this.#options, {
      ...rooms,
      dialer: this.#dialer,
      neighbours: this.#lan,
      addressBook: this.#book,
      bans,
      turns: this.#turns,
      listener: {
        established: (peer) => this.#conversations.established(peer),
        packet: (peer, packet) => this.#conversations.packet(peer, packet),
        received: (peer, bytes) => this.#conversations.received(peer, bytes),
        flushed: (peer) => this.#sync.flushed(peer),
        closed: (peer) => this.#conversations.closed(peer),
      },
    });
    this.#sync = new Sync(this.#options, {
      inventory,
      clock,
      log,
      turns: this.#turns,
      peers: () => this.#pool.established(),
      knownNodes: () => this.#book.largestStream,
      misdeed: (peer, misdeed) => this.#conversations.misdeed(peer, misdeed),
    });
  }

  /** Resolves when the port is open. */
  async start(): Promise<void> {
    this.#sync.start();
    try {
      await this.#lan?.start();
      await this.#pool.start();
    } catch (error) {
      await this.stop();
      throw error;
    }
    this.#tasks.run(async (signal) => {
      while (!signal.aborted) {
        this.#tick();
        await this.rooms.clock.sleep(TICK_MS, signal);
      }
    });
  }

  async stop(): Promise<void> {
    await this.#tasks.stop();
    await this.#lan?.stop();
    await this.#pool.stop();
    this.#turns.stop();
    this.#sync.stop();
    this.#book.save();
  }

  peers(): PeerSummary[] {
    return [...this.#pool.established()].map((peer) => ({
      address: formatPeerAddress(peer.address),
      direction: peer.options.direction,
      userAgent: shownInLine(peer.version?.userAgent ?? '', MAX_SHOWN_AGENT_CHARACTERS),
      tls: peer.tls,
      connectedAt: peer.connectedAt,
      clockAheadSeconds: peer.version === undefined ? 0 : Number(peer.version.timestamp) - peer.connectedAt,
    }));
  }

  listening(): PeerAddress | null {
    return this.#pool.listening;
  }

  knownNodes(): number {
    return this.#book.size;
  }

  /** Which way connections go, and how that is. */
  route(): RouteStatus {
    return describeRoute(this.#options.routes, this.#pool);
  }

  /** Our own onion service while it is up. */
  onionAddress(): PeerAddress | null {
    return this.#pool.onion.address;
  }

  /** What an onionpeer object says; false when nothing is kept of it, or it could not be dialled. */
  learnOnion(peer: PeerAddress & { readonly stream: StreamNumber }): boolean {
    return this.#dialer.permits(peer.host) && this.#book.learnOnion(peer);
  }

  /** A peer that another program knew; false when nothing is kept of it. */
  takeNode(node: TakenNode): boolean {
    return this.#book.adopt(node);
  }

  #tick(): void {
    const now = this.rooms.clock.now();
    this.#conversations.tick();
    this.#lan?.tick(this.#pool.listening?.port);
    this.#pool.tick();
    this.#sync.tick();
    if (now >= this.#nextSaveAt) {
      this.#nextSaveAt = now + SAVE_SECONDS;
      this.#book.cleanUp();
      this.#book.save();
    }
    if (this.#options.bootstrap && now >= this.#nextBootstrapAt) {
      this.#nextBootstrapAt = now + BOOTSTRAP_SECONDS;
      this.#tasks.run(() => bootstrap(this.#options, { dialer: this.#dialer, addressBook: this.#book, pool: this.#pool, ...this.rooms }));
    }
  }
}
