/** Objects that arrive: judged one by one, stored together, so that a burst costs few commits. */
import type { Clock, UnixSeconds } from '../../base/clock.js';
import type { Logger } from '../../base/log.js';
import { type AcceptedObject, type IntakeRules, judge, type Verdict } from '../inventory/intake.js';
import type { Inventory, Origin } from '../inventory/inventory.js';
import { type HashKey, hashKey } from '../wire/inv.js';
import type { StreamNumber } from '../wire/params.js';
import type { Misdeed } from './misbehaviour.js';
import type { Peer } from './peer.js';

export type ObjectReceiverOptions = Omit<IntakeRules, 'now'>;

export interface ObjectReceiverRooms {
  readonly clock: Clock;
  readonly inventory: Inventory;
  readonly log: Logger;
  /** An object is here: who announced it, and whether this peer may have been asked for it. */
  readonly arrived: (peer: Peer, key: HashKey) => { readonly announcers: readonly Peer[]; readonly requested: boolean };
  /** It is stored. */
  readonly added: (key: HashKey, stream: StreamNumber, knownTo: readonly Peer[]) => void;
  /** A second copy of an object that is here. */
  readonly repeated: (key: HashKey) => void;
  readonly misdeed: (peer: Peer, misdeed: Misdeed) => void;
}

/** Objects that nobody asked for: a few are normal (PyBitmessage takes all of them), a flood is not. bmd objectmanager. */
const UNREQUESTED_PER_MINUTE = 100;

/** Stored together while more keep coming: each commit writes whole pages, and hashes lie all over them. Some 10 ms. */
const OBJECTS_PER_COMMIT = 512;

interface Accepted {
  readonly object: AcceptedObject;
  readonly origin: Origin;
  readonly knownTo: readonly Peer[];
}

export class ObjectReceiver {
  /** Judged, and not stored yet. */
  readonly #accepted = new Map<HashKey, Accepted>();
  readonly #unrequested = new WeakMap<Peer, { count: number; minute: UnixSeconds }>();
  #nextLook: NodeJS.Immediate | undefined;
  /** How many there were in the last turn of the event loop. */
  #seen = 0;

  constructor(
    private readonly options: ObjectReceiverOptions,
    private readonly rooms: ObjectReceiverRooms,
  ) {}

  receive(peer: Peer, payload: Uint8Array, digest: Uint8Array): void {
    this.#judgeAndGather(peer, payload, digest);
    this.#nextLook ??= setImmediate(() => this.#look());
  }

  /** It came, and is about to be stored. */
  holds(key: HashKey): boolean {
    return this.#accepted.has(key);
  }

  stop(): void {
    clearImmediate(this.#nextLook);
    this.#store();
  }

  /** Stores when enough have gathered, or when no more came. */
  #look(): void {
    const { size } = this.#accepted;
    const wait = size > this.#seen && size < OBJECTS_PER_COMMIT;
    this.#seen = wait ? size : 0;
    this.#nextLook = wait ? setImmediate(() => this.#look()) : undefined;
    if (!wait) this.#store();
  }

  #store(): void {
    const accepted = [...this.#accepted.values()];
    this.#accepted.clear();
    if (accepted.length === 0) return;
    try {
      for (const { object, knownTo } of this.rooms.inventory.addAll(accepted)) {
        this.rooms.added(hashKey(object.hash), object.stream, knownTo);
      }
    } catch (error) {
      // The disk may be full. The network has the objects; they are announced to us again.
      this.rooms.log.error('objects could not be stored', error);
    }
  }

  #judgeAndGather(peer: Peer, payload: Uint8Array, digest: Uint8Array): void {
    const { streams, minimum } = this.options;
    const verdict = judge(payload, { now: this.rooms.clock.now(), streams, minimum }, digest);
    if (verdict.verdict !== 'accepted') {
      const misdeed = misdeedOf(verdict, peer, streams);
      this.rooms.log.debug('object not taken', { peer: peer.id, reason: verdict.reason });
      if (misdeed !== undefined) this.rooms.misdeed(peer, misdeed);
      return;
    }
    const { object } = verdict;
    const key = hashKey(object.hash);
    const { announcers, requested } = this.rooms.arrived(peer, key);
    if (!requested) this.#countUnrequested(peer);
    if (this.rooms.inventory.hasKey(key) || this.holds(key)) {
      this.rooms.repeated(key);
      return;
    }
    if (!this.rooms.inventory.hasRoomFor(object.bytes.length)) return;
    const knownTo = announcers.includes(peer) ? announcers : [...announcers, peer];
    this.#accepted.set(key, { object, origin: { own: false, from: peer.id }, knownTo });
  }

  #countUnrequested(peer: Peer): void {
    const minute = Math.floor(this.rooms.clock.now() / 60);
    const before = this.#unrequested.get(peer);
    const count = before?.minute === minute ? before.count + 1 : 1;
    this.#unrequested.set(peer, { count, minute });
    if (count > UNREQUESTED_PER_MINUTE) this.rooms.misdeed(peer, 'unrequested-object');
  }
}

function misdeedOf(verdict: Exclude<Verdict, { verdict: 'accepted' }>, peer: Peer, streams: readonly StreamNumber[]): Misdeed | undefined {
  switch (verdict.reason) {
    case 'malformed':
      return 'protocol-violation';
    case 'too-large':
      return 'oversized-object';
    case 'expired':
    case 'expires-too-late':
      return verdict.clockMayDiffer ? 'outside-lifetime-slightly' : 'outside-lifetime';
    case 'invalid-stream':
      return 'foreign-stream';
    case 'insufficient-work':
      return 'insufficient-work';
    case 'foreign-stream':
      // A peer that serves more streams than we do may mix them up; one that serves only ours cannot.
      return peer.version?.streams.every((stream) => streams.includes(stream)) === true ? 'foreign-stream' : undefined;
  }
}
