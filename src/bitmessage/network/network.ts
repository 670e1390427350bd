/** The node's side towards other nodes: builds its parts, and sends each packet to the part that it concerns. */
import type { Clock, UnixSeconds } from '../../base/clock.js';
import type { Logger } from '../../base/log.js';
import { TaskGroup } from '../../base/task-group.js';
import type { PeerStore } from '../../store/node/peers.js';
import type { Inventory, Origin, StoredObject } from '../inventory/inventory.js';
import type { TakenNode } from '../takeover.js';
import type { Packet } from '../wire/frame.js';
import { decodeInv, type HashKey, hashKey, keyHash } from '../wire/inv.js';
import { decodeAddr, decodeError, encodeAddr, MAX_ADDR_COUNT } from '../wire/messages.js';
import { formatPeerAddress, type PeerAddress } from './address.js';
import { AddressBook } from './address-book.js';
import { Announcer } from './announcer.js';
import { bootstrap } from './bootstrap.js';
import { Dandelion } from './dandelion.js';
import { Dialer } from './dial.js';
import { Downloader } from './downloader.js';
import { BanList, Conduct, type Misdeed } from './misbehaviour.js';
import { ObjectReceiver } from './object-receiver.js';
import { completeOptions, type GivenNetworkOptions, type NetworkOptions } from './options.js';
import type { Peer } from './peer.js';
import { PeerPool } from './peer-pool.js';
import { shuffle } from './random-queue.js';
import { RateLimit } from './rate-limit.js';
import { Uploader } from './uploader.js';

/** One established connection, for who watches the node. */
export interface PeerSummary {
  /** "host:port" */
  readonly address: string;
  readonly direction: 'inbound' | 'outbound';
  readonly userAgent: string;
  readonly tls: boolean;
  readonly connectedAt: UnixSeconds;
}

export interface NetworkRooms {
  readonly inventory: Inventory;
  readonly peers: PeerStore;
  readonly clock: Clock;
  readonly log: Logger;
}

const TICK_MS = 1000;
/** Known nodes are written down, and the forgotten ones dropped, this often (PyBitmessage: 300 s). */
const SAVE_SECONDS = 300;
/** Expired objects are looked for this often (PyBitmessage: 7,380 s). */
const SWEEP_SECONDS = 600;
/** Nobody is known: ask the bootstrap hosts, but not more often than this. */
const BOOTSTRAP_SECONDS = 60;
/** Hashes handled without letting others have their turn: 50,000 at once would hold everybody up for 50 ms. */
const HASHES_PER_TURN = 5_000;
/** Addresses that one peer can teach us per hour (PROTOCOL 8.2). */
const LEARNT_PER_HOUR = 200;
/** What a peer can lose at once by not delivering: busy peers and PyBitmessage's deaf periods do it without malice. */
const MAX_UNDELIVERED_POINTS = 10;
const MAX_LOGGED_TEXT = 1_000;
/** A minute's worth may come at once: PROTOCOL 8.5. */
const PEER_BURST_SECONDS = 60;
/** PyBitmessage's delay (tcp.py): ceil(log20(N + 2)) × (0.2 + 10 / 2), N the known nodes. */
const ANTI_INTERSECTION_STEP_SECONDS = 5.2;

interface PeerAccount {
  readonly conduct: Conduct;
  readonly download: RateLimit;
  learnt: { count: number; hour: number };
}

export class Network {
  readonly #options: NetworkOptions;
  readonly #book: AddressBook;
  readonly #dialer: Dialer;
  readonly #pool: PeerPool;
  readonly #bans: BanList;
  readonly #announcer: Announcer;
  readonly #downloader: Downloader;
  readonly #uploader: Uploader;
  readonly #receiver: ObjectReceiver;
  readonly #dandelion: Dandelion;
  readonly #accounts = new Map<Peer, PeerAccount>();
  readonly #downloadLimit: RateLimit;
  readonly #uploadLimit: RateLimit;
  readonly #tasks = new TaskGroup((error) => this.rooms.log.error('network', error));
  #stopListening: (() => void) | undefined;
  #nextSaveAt: UnixSeconds;
  #nextSweepAt: UnixSeconds = 0;
  #nextBootstrapAt: UnixSeconds = 0;

  constructor(
    options: GivenNetworkOptions,
    private readonly rooms: NetworkRooms,
  ) {
    this.#options = completeOptions(options);
    const { streams, params, limits } = this.#options;
    const { inventory, clock, log } = rooms;
    this.#nextSaveAt = clock.now() + SAVE_SECONDS;
    this.#downloadLimit = new RateLimit(limits.downloadBytesPerSecond, 1, clock);
    this.#uploadLimit = new RateLimit(limits.uploadBytesPerSecond, 1, clock);
    this.#bans = new BanList(clock);
    this.#dialer = new Dialer(this.#options.loopbackOnly);
    this.#book = new AddressBook({ streams, privateAddresses: params.name === 'private' }, { store: rooms.peers, clock });
    this.#pool = new PeerPool(this.#options, {
      dialer: this.#dialer,
      addressBook: this.#book,
      bans: this.#bans,
      clock,
      log,
      listener: {
        established: (peer) => this.#established(peer),
        packet: (peer, packet) => this.#packet(peer, packet),
        received: (peer, bytes) => this.#received(peer, bytes),
        flushed: (peer) => this.#flushed(peer),
        closed: (peer) => this.#closed(peer),
      },
    });
    this.#dandelion = new Dandelion(this.#options.dandelion && (limits.outbound > 0 || this.#options.peers.length > 0), {
      clock,
      log,
      peers: () => this.#pool.established(),
      fluff: (key, stream) => this.#fluff(key, stream),
      random: Math.random,
    });
    this.#announcer = new Announcer(this.#options.announceDelay, {
      inventory,
      streams,
      peers: () => this.#pool.established(),
      isStem: (key) => this.#dandelion.isStem(key),
    });
    this.#downloader = new Downloader({
      clock,
      hasRoom: () => inventory.unprocessedBytes() < limits.unprocessedBytes,
      notDelivered: (peer, count) => {
        for (let point = Math.min(count, MAX_UNDELIVERED_POINTS); point > 0; point--) this.#misdeed(peer, 'not-delivered');
      },
    });
    this.#uploader = new Uploader({
      clock,
      inventory,
      isHidden: (peer, key) => this.#dandelion.isHidden(peer, key) || this.#announcer.isHidden(peer, key),
      penaltySeconds: () => (this.#options.antiIntersection ? antiIntersectionSeconds(this.#book.largestStream) : 0),
      mayUpload: (bytes) => {
        if (!this.#uploadLimit.isOpen()) return false;
        this.#uploadLimit.spend(bytes);
        return true;
      },
    });
    this.#receiver = new ObjectReceiver(
      { streams, minimum: { nonceTrialsPerByte: params.minNonceTrialsPerByte, extraBytes: params.minExtraBytes } },
      {
        clock,
        inventory,
        log,
        arrived: (peer, key) => this.#downloader.arrived(peer, key),
        added: (key, stream, knownTo) => {
          if (!this.#dandelion.take(key, stream)) this.#announcer.announce(key, stream, knownTo);
        },
        repeated: (key) => this.#dandelion.fluff(key),
        misdeed: (peer, misdeed) => this.#misdeed(peer, misdeed),
      },
    );
  }

  /** Resolves when the port is open. */
  async start(): Promise<void> {
    this.#stopListening = this.rooms.inventory.onAdded((object, origin) => this.#added(object, origin));
    this.#resumeStems();
    await this.#pool.start();
    this.#tasks.run(async (signal) => {
      while (!signal.aborted) {
        this.#tick();
        await this.rooms.clock.sleep(TICK_MS, signal);
      }
    });
  }

  async stop(): Promise<void> {
    this.#stopListening?.();
    await this.#tasks.stop();
    await this.#pool.stop();
    this.#announcer.stop();
    this.#uploader.stop();
    this.#receiver.flush();
    this.#book.save();
  }

  peers(): PeerSummary[] {
    return [...this.#pool.established()].map((peer) => ({
      address: formatPeerAddress(peer.address),
      direction: peer.options.direction,
      userAgent: peer.version?.userAgent ?? '',
      tls: peer.tls,
      connectedAt: peer.connectedAt,
    }));
  }

  listening(): PeerAddress | null {
    return this.#pool.listening;
  }

  knownNodes(): number {
    return this.#book.size;
  }

  /** A peer that another program knew; false when nothing is kept of it. */
  takeNode(node: TakenNode): boolean {
    return this.#book.adopt(node);
  }

  #tick(): void {
    const now = this.rooms.clock.now();
    if (this.#downloadLimit.isOpen()) for (const peer of this.#accounts.keys()) peer.resume('download limit');
    for (const [peer, account] of this.#accounts) if (account.download.isOpen()) peer.resume('peer limit');
    this.#pool.tick();
    this.#dandelion.tick();
    this.#announcer.tick();
    this.#downloader.tick();
    this.#uploader.tick();
    if (now >= this.#nextSaveAt) {
      this.#nextSaveAt = now + SAVE_SECONDS;
      this.#book.cleanUp();
      this.#book.save();
    }
    // A part per second: deleting everything at once would hold everybody up.
    if (now >= this.#nextSweepAt && !this.rooms.inventory.sweep(now)) this.#nextSweepAt = now + SWEEP_SECONDS;
    if (this.#options.bootstrap && now >= this.#nextBootstrapAt) {
      this.#nextBootstrapAt = now + BOOTSTRAP_SECONDS;
      this.#tasks.run(() => bootstrap(this.#options, { dialer: this.#dialer, addressBook: this.#book, pool: this.#pool, ...this.rooms }));
    }
  }

  #established(peer: Peer): void {
    this.#accounts.set(peer, {
      conduct: new Conduct(this.rooms.clock),
      download: new RateLimit(this.#peerRate(peer), PEER_BURST_SECONDS, this.rooms.clock),
      learnt: { count: 0, hour: 0 },
    });
    const entries = this.#book.toSend(peer.version?.streams ?? [], MAX_ADDR_COUNT);
    if (entries.length > 0) peer.send('addr', encodeAddr(entries));
    if (this.#pool.purpose(peer) === 'bootstrap') return;
    this.#downloader.add(peer);
    this.#uploader.add(peer);
    this.#announcer.greet(peer);
  }

  #peerRate(peer: Peer): number {
    return this.#pool.purpose(peer) === 'configured' ? 0 : this.#options.limits.peerDownloadBytesPerSecond;
  }

  #closed(peer: Peer): void {
    this.#accounts.delete(peer);
    this.#announcer.remove(peer);
    this.#downloader.remove(peer);
    this.#uploader.remove(peer);
    this.#dandelion.remove(peer);
  }

  #received(peer: Peer, bytes: number): void {
    this.#downloadLimit.spend(bytes);
    if (!this.#downloadLimit.isOpen()) peer.pause('download limit');
    const account = this.#accounts.get(peer);
    account?.download.spend(bytes);
    if (account?.download.isOpen() === false) peer.pause('peer limit');
  }

  #flushed(peer: Peer): void {
    this.#announcer.continueGreeting(peer);
    if (this.#uploader.requestedCount(peer) > 0) this.#uploader.serve();
  }

  #packet(peer: Peer, { command, payload }: Packet): Promise<void> | undefined {
    switch (command) {
      case 'inv':
        return this.#inTurns(peer, decodeInv(payload), (key) => this.#heard(peer, key));
      case 'dinv':
        return this.#inTurns(peer, decodeInv(payload), (key) => this.#heardStem(peer, key));
      case 'getdata':
        return this.#inTurns(peer, decodeInv(payload), (key) => this.#uploader.request(peer, key));
      case 'object':
        this.#receiver.receive(peer, payload);
        this.#downloader.ask(peer);
        break;
      case 'addr':
        this.#learn(peer, payload);
        break;
      case 'ping':
        peer.send('pong');
        break;
      case 'error':
        this.rooms.log.debug('error from peer', { peer: peer.id, text: decodeError(payload).text.slice(0, MAX_LOGGED_TEXT) });
        break;
      case 'version':
      case 'verack':
        this.#misdeed(peer, 'protocol-violation');
        break;
      default: // pong, portcheck (answering it harms PyBitmessage), and what nobody knows
    }
    return undefined;
  }

  /** Handles a list in portions; while it lasts, nothing more is read from this peer. */
  #inTurns(peer: Peer, keys: readonly HashKey[], handle: (key: HashKey) => void): Promise<void> | undefined {
    if (keys.length <= HASHES_PER_TURN) {
      for (const key of keys) handle(key);
      this.#downloader.ask(peer);
      return undefined;
    }
    return (async () => {
      for (let start = 0; start < keys.length && peer.established; start += HASHES_PER_TURN) {
        for (const key of keys.slice(start, start + HASHES_PER_TURN)) handle(key);
        this.#downloader.ask(peer);
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
  }

  #heard(peer: Peer, key: HashKey): void {
    this.#dandelion.heardOpenly(key);
    // A stem object is fetched again, as if it were not here: silence would tell that it is (PROTOCOL 5.5).
    if (!this.rooms.inventory.hasKey(key) || this.#dandelion.isStem(key)) this.#downloader.announced(peer, key, false);
    else this.#announcer.heard(peer, key);
  }

  #heardStem(peer: Peer, key: HashKey): void {
    if (!this.#dandelion.enabled) return;
    const isHere = this.rooms.inventory.hasKey(key);
    if (isHere && !this.#dandelion.isStem(key)) return;
    // A loop of the path back to us, or too many: an ordinary announcement from here on.
    const stem = !isHere && this.#dandelion.expect(peer, key);
    this.#downloader.announced(peer, key, stem);
  }

  #added(object: StoredObject, origin: Origin): void {
    // What a peer brought is announced by the receiver, which knows who has it.
    if (origin.from === undefined) this.#dandelion.begin(hashKey(object.hash), object.stream);
  }

  #fluff(key: HashKey, stream: bigint): void {
    this.rooms.inventory.endStem(keyHash(key));
    this.#announcer.announce(key, stream, []);
  }

  /** Own objects that were on their path when the program ended go on, or are everybody's if that was long ago. */
  #resumeStems(): void {
    for (const { hash, stemUntil } of this.rooms.inventory.stems()) {
      const object = this.rooms.inventory.get(hash);
      if (object === undefined) continue;
      if (stemUntil > this.rooms.clock.now()) this.#dandelion.begin(hashKey(hash), object.stream, stemUntil);
      else this.rooms.inventory.endStem(hash);
    }
  }

  #learn(peer: Peer, payload: Uint8Array): void {
    const account = this.#accounts.get(peer);
    if (account === undefined) return;
    const hour = Math.floor(this.rooms.clock.now() / 3600);
    if (account.learnt.hour !== hour) account.learnt = { count: 0, hour };
    for (const entry of shuffle(decodeAddr(payload))) {
      if (account.learnt.count++ >= LEARNT_PER_HOUR) break;
      if (!this.#book.learn(entry)) this.#misdeed(peer, 'malformed-address');
    }
    if (this.#pool.purpose(peer) === 'bootstrap') peer.close('bootstrapped');
  }

  #misdeed(peer: Peer, misdeed: Misdeed): void {
    if (this.#accounts.get(peer)?.conduct.record(misdeed) !== true) return;
    this.rooms.log.debug('peer closed for its conduct', { peer: peer.id, misdeed });
    if (this.#pool.purpose(peer) !== 'configured') this.#bans.ban(peer.address.host);
    peer.close(misdeed);
  }
}

/** 5.2 s for up to 18 known nodes, 10.4 s for up to 398 and so on: about how long an object needs to get everywhere. */
function antiIntersectionSeconds(knownNodes: number): number {
  return Math.ceil(Math.ceil(Math.log(knownNodes + 2) / Math.log(20)) * ANTI_INTERSECTION_STEP_SECONDS);
}
