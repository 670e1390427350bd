/** Dandelion: a new object first goes along a path of single peers (stem) and only then to everybody (fluff). */
import type { Clock, UnixSeconds } from '../../base/clock.js';
import type { Logger } from '../../base/log.js';
import { encodeInv, type HashKey } from '../wire/inv.js';
import { NODE_DANDELION } from '../wire/messages.js';
import type { StreamNumber } from '../wire/params.js';
import { isOnion } from './address.js';
import { hasStream } from './announcer.js';
import type { Peer } from './peer.js';
import { shuffle } from './random-queue.js';

export interface DandelionRooms {
  readonly clock: Clock;
  readonly log: Logger;
  /** Established peers. Only one that we dialled can be the next on the path. */
  readonly peers: () => Iterable<Peer>;
  /** We are hidden: a path that begins at an onion peer shows nobody's address to a chain of exits. */
  readonly prefersOnions: boolean;
  /** The object is everybody's from now on. */
  readonly fluff: (key: HashKey, stream: StreamNumber, toldBefore?: Peer) => void;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** PyBitmessage dandelion.py. */
const MAX_STEMS = 2;
const EPOCH_SECONDS = 600;
const EMBARGO_SECONDS = 10;
const EMBARGO_MEAN_SECONDS = 30;
/** Chance that a hop ends the path (PyBitmessage: 11 of 100). */
const FLUFF_CHANCE = 0.1;
/** Each hop waits up to this long before it tells the next (PyBitmessage multiqueue). */
const HOP_SECONDS = 10;
/** PyBitmessage ignores a getdata in the first 5 to 21 s of a connection: a younger peer would not come for it. */
const MIN_STEM_AGE_SECONDS = 21;
/** PROTOCOL 5.6 D12: more stem objects than this, of all and of one parent, are treated as ordinary ones. */
const MAX_OBJECTS = 10_000;
const MAX_OBJECTS_PER_PARENT = 1_000;
/** A dinv that is not followed by its object is forgotten. */
const DELIVERY_SECONDS = 60;

/** Our own objects have no parent. */
const OWN = 'own';
type Parent = Peer | typeof OWN;

interface StemObject {
  readonly key: HashKey;
  readonly stream: StreamNumber;
  readonly parent: Parent;
  child: Peer | undefined;
  /** When the child is told. */
  tellAt: UnixSeconds;
  told: boolean;
  embargoEndsAt: UnixSeconds;
}

export class Dandelion {
  readonly #objects = new Map<HashKey, StemObject>();
  /** Announced by dinv, not here yet. */
  readonly #expected = new Map<HashKey, { readonly parent: Peer; readonly until: UnixSeconds }>();
  readonly #expectedOf = new Map<Peer, number>();
  readonly #children = new Map<Parent, Peer | undefined>();
  #stems: Peer[] = [];
  #epochEndsAt: UnixSeconds = 0;

  constructor(
    readonly enabled: boolean,
    private readonly rooms: DandelionRooms,
  ) {}

  /** In the stem phase: to be hidden from all but its child. */
  isStem(key: HashKey): boolean {
    return this.#objects.has(key);
  }

  /** The child may fetch it once it has been told, and nobody else. */
  isHidden(peer: Peer, key: HashKey): boolean {
    const object = this.#objects.get(key);
    return object !== undefined && (object.child !== peer || !object.told);
  }

  /** An object made here. `embargoEndsAt` is given for one that was on its way before a restart. */
  begin(key: HashKey, stream: StreamNumber, embargoEndsAt = this.#drawEmbargo()): void {
    // No dice here: at the origin they would show the true source an ordinary inv.
    const object = { key, stream, parent: OWN, child: undefined, tellAt: 0, told: false, embargoEndsAt } as const;
    if (this.enabled && (this.#giveChild({ ...object }) || this.#mayFindChild())) return;
    this.#objects.delete(key);
    // Nobody to begin the path with: the usual delay is all the cover there is.
    this.rooms.fluff(key, stream);
  }

  /** A peer announced by dinv what we do not have; true when it is to be fetched from that peer alone. */
  expect(parent: Peer, key: HashKey): boolean {
    const ofParent = this.#expectedOf.get(parent) ?? 0;
    if (!this.enabled || this.#expected.size + this.#objects.size >= MAX_OBJECTS || ofParent >= MAX_OBJECTS_PER_PARENT) return false;
    this.#forget(key);
    this.#expectedOf.set(parent, ofParent + 1);
    this.#expected.set(key, { parent, until: this.rooms.clock.now() + DELIVERY_SECONDS });
    return true;
  }

  /** A plain inv of it: the object is known elsewhere already. */
  heardOpenly(key: HashKey): void {
    this.#forget(key);
  }

  /** A new object is here; true when its path goes on and it must not be announced. */
  take(key: HashKey, stream: StreamNumber): boolean {
    const expected = this.#expected.get(key);
    this.#forget(key);
    if (!this.enabled || expected === undefined || this.rooms.random() < FLUFF_CHANCE) return false;
    const { parent } = expected;
    // Without a next hop it waits here until the embargo ends: announcing at once would tell where the path ended.
    this.#giveChild({ key, stream, parent, child: undefined, tellAt: 0, told: false, embargoEndsAt: this.#drawEmbargo() });
    return true;
  }

  /** Everybody may know: a second copy came, or the embargo is over. */
  fluff(key: HashKey): void {
    const object = this.#objects.get(key);
    if (object === undefined) return;
    this.#objects.delete(key);
    this.rooms.fluff(key, object.stream, object.told ? object.child : undefined);
  }

  /** Its objects get another child and a new embargo; its parents, too. */
  remove(peer: Peer): void {
    this.#stems = this.#stems.filter((stem) => stem !== peer);
    this.#children.delete(peer);
    for (const [parent, child] of this.#children) if (child === peer) this.#children.delete(parent);
    for (const [key, { parent }] of this.#expected) if (parent === peer) this.#forget(key);
    for (const object of this.#objects.values()) {
      if (object.child !== peer) continue;
      object.embargoEndsAt = this.#drawEmbargo();
      this.#giveChild(object);
    }
  }

  /** Called every second. */
  tick(): void {
    const now = this.rooms.clock.now();
    if (now >= this.#epochEndsAt) this.#beginEpoch(now);
    for (const [key, { until }] of this.#expected) if (now >= until) this.#forget(key);
    const told = new Map<Peer, HashKey[]>();
    for (const object of this.#objects.values()) {
      if (now >= object.embargoEndsAt) {
        this.fluff(object.key);
        continue;
      }
      if (object.child === undefined) this.#giveChild(object);
      if (object.child === undefined || object.told || now < object.tellAt) continue;
      object.told = true;
      told.set(object.child, [...(told.get(object.child) ?? []), object.key]);
    }
    for (const [child, keys] of told) child.send('dinv', encodeInv(shuffle(keys)));
  }

  #forget(key: HashKey): void {
    const expected = this.#expected.get(key);
    if (expected === undefined) return;
    this.#expected.delete(key);
    const left = (this.#expectedOf.get(expected.parent) ?? 1) - 1;
    if (left > 0) this.#expectedOf.set(expected.parent, left);
    else this.#expectedOf.delete(expected.parent);
  }

  #beginEpoch(now: UnixSeconds): void {
    // Ten per cent either way, so that neighbours do not change their paths together.
    this.#epochEndsAt = now + Math.round(EPOCH_SECONDS * (0.9 + 0.2 * this.rooms.random()));
    this.#stems = [];
    this.#children.clear();
  }

  /** The same child for one parent during an epoch; never the parent itself. */
  #childOf(parent: Parent): Peer | undefined {
    const known = this.#children.get(parent);
    if (known !== undefined) return known;
    this.#fillStems();
    const candidates = this.#stems.filter((stem) => stem !== parent);
    const child = candidates[Math.floor(this.rooms.random() * candidates.length)];
    if (child !== undefined) this.#children.set(parent, child);
    return child;
  }

  /** Enters the object with the next peer of its path; false when there is none (yet). */
  #giveChild(object: StemObject): boolean {
    const child = this.#childOf(object.parent);
    object.child = child !== undefined && hasStream(child, object.stream) ? child : undefined;
    object.told = false;
    object.tellAt = this.#drawHop();
    this.#objects.set(object.key, object);
    return object.child !== undefined;
  }

  #fillStems(): void {
    if (this.#stems.length >= MAX_STEMS) return;
    const now = this.rooms.clock.now();
    const candidates = this.#capable().filter((peer) => !this.#stems.includes(peer) && now - peer.connectedAt >= MIN_STEM_AGE_SECONDS);
    const preferred = (peer: Peer): boolean => this.rooms.prefersOnions && isOnion(peer.address.host);
    shuffle(candidates).sort((a, b) => Number(preferred(b)) - Number(preferred(a)));
    this.#stems.push(...candidates.slice(0, MAX_STEMS - this.#stems.length));
  }

  #capable(): Peer[] {
    return [...this.rooms.peers()].filter((peer) => peer.outbound && ((peer.version?.services ?? 0n) & NODE_DANDELION) !== 0n);
  }

  /** One is too young yet, or nobody is connected at all: worth waiting for, as long as the embargo lasts. */
  #mayFindChild(): boolean {
    return this.#capable().length > 0 || [...this.rooms.peers()].length === 0;
  }

  #drawHop(): UnixSeconds {
    return this.rooms.clock.now() + Math.floor(this.rooms.random() * HOP_SECONDS);
  }

  #drawEmbargo(): UnixSeconds {
    return this.rooms.clock.now() + Math.ceil(EMBARGO_SECONDS - EMBARGO_MEAN_SECONDS * Math.log(1 - this.rooms.random()));
  }
}
