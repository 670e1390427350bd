/** Objects between us and our peers: what is announced, asked for, served and taken in, and along which path own ones leave. */
import type { Clock, UnixSeconds } from '../../base/clock.js';
import type { Logger } from '../../base/log.js';
import type { Inventory, Origin, StoredObject } from '../inventory/inventory.js';
import { type HashKey, type HashList, hashKey, keyHash, readInv } from '../wire/inv.js';
import type { StreamNumber } from '../wire/params.js';
import { Announcer } from './announcer.js';
import { Dandelion } from './dandelion.js';
import { Downloader } from './downloader.js';
import type { Misdeed } from './misbehaviour.js';
import { ObjectReceiver } from './object-receiver.js';
import type { NetworkOptions } from './options.js';
import type { Peer } from './peer.js';
import { RateLimit } from './rate-limit.js';
import type { Turns } from './turns.js';
import { Uploader } from './uploader.js';

export interface SyncRooms {
  readonly inventory: Inventory;
  readonly clock: Clock;
  readonly log: Logger;
  readonly turns: Turns;
  readonly peers: () => Iterable<Peer>;
  /** How many nodes the network may have. */
  readonly knownNodes: () => number;
  readonly misdeed: (peer: Peer, misdeed: Misdeed) => void;
}

/** Hashes handled at a time, in some 2 ms: 50,000 at once would hold everybody up for 50 ms. */
const HASHES_AT_A_TIME = 2_000;
/** What a peer can lose at once by not delivering: busy peers and PyBitmessage's deaf periods do it without malice. */
const MAX_UNDELIVERED_POINTS = 10;
/** Expired objects are looked for this often (PyBitmessage: 7,380 s). */
const SWEEP_SECONDS = 600;
/** PyBitmessage's delay (tcp.py): ceil(log20(N + 2)) × (0.2 + 10 / 2), N the known nodes. */
const ANTI_INTERSECTION_STEP_SECONDS = 5.2;

export class Sync {
  readonly #announcer: Announcer;
  readonly #downloader: Downloader;
  readonly #uploader: Uploader;
  readonly #receiver: ObjectReceiver;
  readonly #dandelion: Dandelion;
  #stopListening: (() => void) | undefined;
  #nextSweepAt: UnixSeconds = 0;

  constructor(
    options: NetworkOptions,
    private readonly rooms: SyncRooms,
  ) {
    const { streams, params, limits } = options;
    const { inventory, clock, log, turns, peers, misdeed } = rooms;
    const later = (work: () => void): void => turns.later(work);
    const uploadLimit = new RateLimit(limits.uploadBytesPerSecond, 1, clock);
    this.#dandelion = new Dandelion(options.dandelion && (limits.outbound > 0 || options.peers.length > 0), {
      clock,
      log,
      peers,
      prefersOnions: options.routes.proxy !== null,
      fluff: (key, stream, toldBefore) => this.#fluff(key, stream, toldBefore),
      random: Math.random,
    });
    this.#announcer = new Announcer(options.announceDelay, {
      inventory,
      streams,
      later,
      peers,
      isStem: (key) => this.#dandelion.isStem(key),
    });
    this.#downloader = new Downloader({
      clock,
      later,
      hasRoom: () => inventory.unprocessedBytes() < limits.unprocessedBytes && inventory.hasRoomFor(0),
      notDelivered: (peer, count) => {
        for (let point = Math.min(count, MAX_UNDELIVERED_POINTS); point > 0; point--) misdeed(peer, 'not-delivered');
      },
    });
    this.#uploader = new Uploader({
      clock,
      inventory,
      isHidden: (peer, key) => this.#dandelion.isHidden(peer, key) || this.#announcer.isHidden(peer, key),
      penaltySeconds: () => (options.antiIntersection ? antiIntersectionSeconds(rooms.knownNodes()) : 0),
      mayUpload: (bytes) => {
        if (!uploadLimit.isOpen()) return false;
        uploadLimit.spend(bytes);
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
        misdeed,
      },
    );
  }

  start(): void {
    this.#stopListening = this.rooms.inventory.onAdded((object, origin) => this.#added(object, origin));
    this.#resumeStems();
  }

  /** What came in is stored; nothing more is sent. */
  stop(): void {
    this.#stopListening?.();
    this.#announcer.stop();
    this.#uploader.stop();
    this.#receiver.stop();
  }

  /** Called every second. */
  tick(): void {
    this.#dandelion.tick();
    this.#announcer.tick();
    this.#downloader.tick();
    this.#uploader.tick();
    const now = this.rooms.clock.now();
    // A part per second: deleting everything at once would hold everybody up.
    if (now >= this.#nextSweepAt && !this.rooms.inventory.sweep(now)) this.#nextSweepAt = now + SWEEP_SECONDS;
  }

  /** A connection is established. */
  add(peer: Peer): void {
    this.#downloader.add(peer);
    this.#uploader.add(peer);
    this.#announcer.greet(peer);
  }

  remove(peer: Peer): void {
    this.#announcer.remove(peer);
    this.#downloader.remove(peer);
    this.#uploader.remove(peer);
    this.#dandelion.remove(peer);
  }

  /** The peer has read what was written. */
  flushed(peer: Peer): void {
    this.#announcer.continueGreeting(peer);
    if (this.#uploader.requestedCount(peer) > 0) this.#uploader.serve();
  }

  inv(peer: Peer, payload: Uint8Array): Promise<void> | undefined {
    return this.#inTurns(peer, readInv(payload), (key) => this.#heard(peer, key));
  }

  dinv(peer: Peer, payload: Uint8Array): Promise<void> | undefined {
    return this.#inTurns(peer, readInv(payload), (key) => this.#heardStem(peer, key));
  }

  getdata(peer: Peer, payload: Uint8Array): Promise<void> | undefined {
    return this.#inTurns(peer, readInv(payload), (key) => this.#uploader.request(peer, key));
  }

  object(peer: Peer, payload: Uint8Array, digest: Uint8Array): void {
    this.#receiver.receive(peer, payload, digest);
    this.#downloader.ask(peer);
  }

  /** Handles a long list in portions; while it lasts, nothing more is read from this peer. */
  #inTurns(peer: Peer, list: HashList, handle: (key: HashKey) => void): Promise<void> | undefined {
    const handlePortion = (start: number): void => {
      for (const key of list.slice(start, start + HASHES_AT_A_TIME)) handle(key);
      this.#downloader.ask(peer);
    };
    handlePortion(0);
    if (list.length <= HASHES_AT_A_TIME) return undefined;
    return new Promise((resolve) => {
      const handleFrom = (start: number): void =>
        this.rooms.turns.later(() => {
          if (!peer.established || start >= list.length) return resolve();
          handlePortion(start);
          handleFrom(start + HASHES_AT_A_TIME);
        });
      handleFrom(HASHES_AT_A_TIME);
    });
  }

  #heard(peer: Peer, key: HashKey): void {
    this.#dandelion.heardOpenly(key);
    // A stem object is fetched again, as if it were not here: silence would tell that it is (PROTOCOL 5.5).
    if (!this.#isHere(key) || this.#dandelion.isStem(key)) this.#downloader.announced(peer, key, false);
    else this.#announcer.heard(peer, key);
  }

  #heardStem(peer: Peer, key: HashKey): void {
    if (!this.#dandelion.enabled) return;
    const isHere = this.#isHere(key);
    if (isHere && !this.#dandelion.isStem(key)) return;
    // A loop of the path back to us, or too many: an ordinary announcement from here on.
    const stem = !isHere && this.#dandelion.expect(peer, key);
    this.#downloader.announced(peer, key, stem);
  }

  #isHere(key: HashKey): boolean {
    return this.rooms.inventory.hasKey(key) || this.#receiver.holds(key);
  }

  #added(object: StoredObject, origin: Origin): void {
    // What a peer brought is announced by the receiver, which knows who has it.
    if (origin.from === undefined) this.#dandelion.begin(hashKey(object.hash), object.stream);
  }

  #fluff(key: HashKey, stream: StreamNumber, toldBefore?: Peer): void {
    this.rooms.inventory.endStem(keyHash(key));
    // Who had it on its path asks for it again (PROTOCOL 5.5), and would hold our silence against us.
    if (toldBefore !== undefined) this.#uploader.announcedAnew(toldBefore, key);
    this.#announcer.announce(key, stream, [], toldBefore);
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
}

/** 5.2 s for up to 18 known nodes, 10.4 s for up to 398 and so on: about how long an object needs to get everywhere. */
function antiIntersectionSeconds(knownNodes: number): number {
  return Math.ceil(Math.ceil(Math.log(knownNodes + 2) / Math.log(20)) * ANTI_INTERSECTION_STEP_SECONDS);
}
