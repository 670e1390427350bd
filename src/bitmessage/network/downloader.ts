/** Fetching: which announced objects we want, of whom we asked them, and whom we ask next. Memory is bounded whatever peers announce. */
import type { Clock, UnixSeconds } from '../../base/clock.js';
import { encodeInv, type HashKey } from '../wire/inv.js';
import { OpenRequests } from './open-requests.js';
import type { Peer } from './peer.js';

export interface DownloaderRooms {
  readonly clock: Clock;
  /** Runs a piece of work when there is time for it. */
  readonly later: (work: () => void) => void;
  /** False while what is here already waits to be processed: then nothing more is asked for. */
  readonly hasRoom: () => boolean;
  /** A peer announced objects and did not deliver them. */
  readonly notDelivered: (peer: Peer, count: number) => void;
}

/** PROTOCOL 8.2: a peer can make us remember this much, all peers together that much. */
const MAX_WANTED_PER_PEER = 50_000;
const MAX_WANTED = 500_000;
/** Asked of one peer at a time (PyBitmessage downloadthread). */
const MAX_OUTSTANDING = 1_000;
/** Looked through without letting others have their turn, when a peer is gone. */
const WANTED_AT_A_TIME = 5_000;
/** More announcers of one object than this are not remembered: enough to ask elsewhere. */
const MAX_ANNOUNCERS = 8;
/** Silence after which another peer is asked (PyBitmessage randomtrackingdict). */
const TIMEOUT_SECONDS = 60;
/** A peer that delivers in drops may not hold requests for ever. */
const LONGEST_WAIT_SECONDS = 600;
/** Requests to a lone announcer before its word is no longer believed. */
const MAX_TRIES = 3;
/** An announcement is believed for an hour (PyBitmessage missingObjects). */
const FORGET_SECONDS = 3600;
/**
 * PyBitmessage ignores, and loses, every getdata of its first 5.2 to 20.8 seconds (PROTOCOL 1.11). So a peer that has
 * delivered nothing yet is asked again as each of its possible windows ends, counted from the connection.
 */
const ASK_AGAIN_SECONDS = [6, 11, 16, 22];

interface Wanted {
  readonly key: HashKey;
  readonly announcers: Peer[];
  readonly since: UnixSeconds;
  /** Learnt by dinv: nobody but the announcer may know that we know. */
  stem: boolean;
  askedOf: Peer | undefined;
  tries: number;
  /** How many lists of what is to be asked for hold it. */
  listed: number;
  /** Arrived or forgotten; still in the lists of some peers. */
  over: boolean;
}

interface Source {
  /** Announced by this peer and to be asked for; taken in random order. */
  readonly pending: Wanted[];
  /** Asked of this peer. */
  readonly outstanding: OpenRequests<Wanted>;
  delivered: number;
  lastDeliveryAt: UnixSeconds;
  /** How many of ASK_AGAIN_SECONDS are past. */
  repeats: number;
  /** Something that it announced did not fit into the limits, and was not noted. */
  announcedMore: boolean;
}

export class Downloader {
  readonly #wanted = new Map<HashKey, Wanted>();
  readonly #sources = new Map<Peer, Source>();

  constructor(private readonly rooms: DownloaderRooms) {}

  get wantedCount(): number {
    return this.#wanted.size;
  }

  add(peer: Peer): void {
    this.#sources.set(peer, {
      pending: [],
      outstanding: new OpenRequests(),
      delivered: 0,
      lastDeliveryAt: 0,
      repeats: 0,
      announcedMore: false,
    });
  }

  remove(peer: Peer): void {
    const source = this.#sources.get(peer);
    if (source === undefined) return;
    this.#sources.delete(peer);
    for (const { wanted } of source.outstanding.values()) {
      wanted.askedOf = undefined;
      this.#withdraw(peer, wanted);
    }
    this.#withdrawPending(peer, source.pending);
  }

  #withdrawPending(peer: Peer, pending: Wanted[]): void {
    for (const wanted of pending.splice(-WANTED_AT_A_TIME)) {
      wanted.listed--;
      this.#withdraw(peer, wanted);
    }
    if (pending.length > 0) this.rooms.later(() => this.#withdrawPending(peer, pending));
  }

  #withdraw(peer: Peer, wanted: Wanted): void {
    const index = wanted.announcers.indexOf(peer);
    if (index !== -1) wanted.announcers.splice(index, 1);
    this.#requeue(wanted);
  }

  /** Notes that the peer has an object that we do not. `ask` is then called once for the whole list. */
  announced(peer: Peer, key: HashKey, stem: boolean): void {
    const source = this.#sources.get(peer);
    if (source === undefined) return;
    const wanted = this.#wanted.get(key);
    if (wanted === undefined) {
      if (this.#wanted.size >= MAX_WANTED || source.pending.length + source.outstanding.size >= MAX_WANTED_PER_PEER) {
        source.announcedMore = true;
        return;
      }
      // A list literal of one takes room for one; pushing to an empty list takes room for seventeen.
      const first = { key, announcers: [peer], since: this.rooms.clock.now(), stem, askedOf: undefined, tries: 0, listed: 0, over: false };
      this.#wanted.set(key, first);
      list(source, first);
      return;
    }
    if (stem) return;
    wanted.stem = false;
    if (wanted.announcers.includes(peer) || wanted.announcers.length >= MAX_ANNOUNCERS || source.pending.length >= MAX_WANTED_PER_PEER)
      return;
    wanted.announcers.push(peer);
    if (wanted.askedOf === undefined) list(source, wanted);
  }

  /** Sends the peer a getdata for its share of what is wanted, if it has time. */
  ask(peer: Peer): void {
    const source = this.#sources.get(peer);
    if (source === undefined || source.pending.length === 0 || !this.rooms.hasRoom()) return;
    const share = this.#share();
    const { outstanding } = source;
    // Half of the share may be open before more is asked: else every object that arrives would cost one getdata. What is late does
    // not count: where little is wanted the share is one, and a single request that is never answered would silence the peer.
    if (outstanding.prompt > share / 2) return;
    const now = this.rooms.clock.now();
    const keys: HashKey[] = [];
    while (outstanding.prompt < share && outstanding.size < MAX_OUTSTANDING) {
      const wanted = takeRandom(source.pending);
      if (wanted === undefined) break;
      wanted.listed--;
      if (wanted.over || wanted.askedOf !== undefined) continue;
      wanted.askedOf = peer;
      wanted.tries++;
      outstanding.add(wanted.key, wanted, now);
      keys.push(wanted.key);
    }
    if (keys.length > 0) peer.send('getdata', encodeInv(keys));
  }

  /** An object came. Answers who announced it, and whether this peer was asked for it. */
  arrived(peer: Peer, key: HashKey): { announcers: readonly Peer[]; requested: boolean } {
    const wanted = this.#wanted.get(key);
    const source = this.#sources.get(peer);
    if (wanted === undefined) return { announcers: [], requested: false };
    const requested = wanted.askedOf === peer || wanted.announcers.includes(peer);
    this.#wanted.delete(key);
    wanted.over = true;
    if (wanted.askedOf !== undefined) this.#sources.get(wanted.askedOf)?.outstanding.delete(key);
    if (source !== undefined && requested) {
      source.delivered++;
      source.lastDeliveryAt = this.rooms.clock.now();
    }
    return { announcers: wanted.announcers, requested };
  }

  /** Called every second: asks again, asks elsewhere, forgets. */
  tick(): void {
    const now = this.rooms.clock.now();
    for (const [peer, source] of this.#sources) {
      source.outstanding.tick(now);
      this.#giveUpOn(peer, source, now);
      this.#askAgain(peer, source, now);
      this.ask(peer);
      this.#beginAnew(peer, source);
    }
    for (const wanted of this.#wanted.values()) {
      // The oldest come first.
      if (now - wanted.since < FORGET_SECONDS) break;
      if (wanted.askedOf === undefined) this.#forget(wanted);
    }
  }

  #giveUpOn(peer: Peer, source: Source, now: UnixSeconds): void {
    const expired: Wanted[] = [];
    for (const { wanted, askedAt } of source.outstanding.values()) {
      const silentFor = now - Math.max(askedAt, source.lastDeliveryAt);
      // In order of time: the first that may still come ends the search.
      if (silentFor < TIMEOUT_SECONDS && now - askedAt < LONGEST_WAIT_SECONDS) break;
      expired.push(wanted);
    }
    if (expired.length === 0) return;
    for (const wanted of expired) {
      source.outstanding.delete(wanted.key);
      wanted.askedOf = undefined;
      // The announcer that failed goes to the end: the others are asked first.
      wanted.announcers.splice(wanted.announcers.indexOf(peer), 1);
      if (wanted.tries < MAX_TRIES && !wanted.stem) wanted.announcers.push(peer);
      this.#requeue(wanted);
    }
    this.rooms.notDelivered(peer, expired.length);
  }

  #askAgain(peer: Peer, source: Source, now: UnixSeconds): void {
    const due = ASK_AGAIN_SECONDS.filter((seconds) => now - peer.connectedAt >= seconds).length;
    if (due <= source.repeats) return;
    source.repeats = due;
    if (source.delivered === 0 && source.outstanding.size > 0) peer.send('getdata', encodeInv([...source.outstanding.keys()]));
  }

  /** Puts it on the list of the announcer that is the first to be asked, unless it is on one; forgets it when there is none. */
  #requeue(wanted: Wanted): void {
    if (wanted.over || wanted.askedOf !== undefined || wanted.listed > 0) return;
    const source = wanted.announcers.map((peer) => this.#sources.get(peer)).find((known) => known !== undefined);
    if (source === undefined || source.pending.length >= MAX_WANTED_PER_PEER) this.#forget(wanted);
    else list(source, wanted);
  }

  /** A peer tells of an object once in a connection: for what did not fit, there must be another one. */
  #beginAnew(peer: Peer, { announcedMore, delivered, pending, outstanding }: Source): void {
    if (announcedMore && peer.outbound && delivered > 0 && pending.length + outstanding.size === 0) {
      peer.close('it announced more than is remembered at a time');
    }
  }

  #forget(wanted: Wanted): void {
    wanted.over = true;
    this.#wanted.delete(wanted.key);
  }

  /** What one peer is asked at a time, so that all who have something deliver side by side. */
  #share(): number {
    let peers = 0;
    for (const source of this.#sources.values()) if (source.pending.length > 0) peers++;
    return Math.max(1, Math.ceil(Math.min(MAX_OUTSTANDING, this.#wanted.size) / Math.max(1, peers)));
  }
}

function list(source: Source, wanted: Wanted): void {
  wanted.listed++;
  source.pending.push(wanted);
}

function takeRandom<T>(items: T[]): T | undefined {
  const index = Math.floor(Math.random() * items.length);
  const last = items.pop();
  if (last === undefined || index === items.length) return last;
  const taken = items[index];
  items[index] = last;
  return taken;
}
