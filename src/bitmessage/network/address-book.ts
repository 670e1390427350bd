/** The peers we know of: learnt from others, rated by experience, saved over restarts. */
import type { Clock, UnixSeconds } from '../../base/clock.js';
import type { PeerRow, PeerStore } from '../../store/node/peers.js';
import { isOnionService } from '../crypto/onion-name.js';
import { type AddrEntry, NODE_NETWORK } from '../wire/messages.js';
import type { StreamNumber } from '../wire/params.js';
import { formatPeerAddress, isIp, isOnion, isPublicIp, type PeerAddress } from './address.js';
import { shuffle } from './random-queue.js';
import { children, parent } from './streams.js';

export interface AddressBookOptions {
  readonly streams: readonly StreamNumber[];
  /** A network of one's own: its peers may live on loopback and in private ranges. */
  readonly privateAddresses: boolean;
  /** Behind Tor onion peers that worked once are the first choice (PyBitmessage connectionchooser). */
  readonly prefersOnions?: boolean;
}

/** PyBitmessage knownnodes (default.ini): more of one stream are not taken. */
const MAX_NODES_PER_STREAM = 20_000;
/** An address is worth passing on while it was seen in the last three hours (PyBitmessage ADDRESS_ALIVE). */
const ALIVE_SECONDS = 10_800;
const FORGET_SECONDS = 28 * 86_400;
const FORGET_BAD_SECONDS = 10_800;
const BAD_RATING = -0.5;
const RATING_STEP = 0.1;
/** PyBitmessage maxaddrperstreamsend; half of it for each child stream. */
const MAX_SENT_PER_STREAM = 500;
/** Draws before giving up for this round, and the chance of a draw (PyBitmessage connectionchooser). */
const DRAWS = 50;
const BASE_CHANCE = 0.05;
/** The least that must lie between two attempts at one address; doubles with each failure. */
const FIRST_RETRY_SECONDS = 60;
const LONGEST_RETRY_SECONDS = 3600;
/** Times that we pass on are blurred by up to this much: they would tell when we talked to whom. */
const TIME_JITTER_SECONDS = 600;

/** Onion peers come from objects that anybody may publish, of names that cost nothing: so many are kept, so many taken in an hour (PROTOCOL 2.5). */
const MAX_ONIONS = 1000;
const ONIONS_PER_HOUR = 10;

interface Entry {
  readonly host: string;
  readonly port: number;
  readonly stream: StreamNumber;
  services: bigint;
  lastSeen: UnixSeconds;
  rating: number;
  anchor: boolean;
  failures: number;
  nextAttemptAt: UnixSeconds;
}

export class AddressBook {
  readonly #streams = new Map<StreamNumber, Map<string, Entry>>();
  readonly #changed = new Set<Entry>();
  readonly #gone = new Map<string, Entry>();
  #onionsLearnt = { count: 0, hour: 0 };

  constructor(
    private readonly options: AddressBookOptions,
    private readonly rooms: { readonly store: PeerStore; readonly clock: Clock },
  ) {
    for (const row of rooms.store.all()) this.#table(row.stream).set(formatPeerAddress(row), toEntry(row));
  }

  get size(): number {
    let size = 0;
    for (const table of this.#streams.values()) size += table.size;
    return size;
  }

  count(counts: (address: PeerAddress) => boolean): number {
    let count = 0;
    for (const table of this.#streams.values()) for (const entry of table.values()) if (counts(entry)) count++;
    return count;
  }

  /** How many of the largest stream: the estimate of the network's size. */
  get largestStream(): number {
    return Math.max(0, ...[...this.#streams.values()].map((table) => table.size));
  }

  /** Takes an `addr` entry if it is usable; false when it is none that an honest peer would send. */
  learn(entry: AddrEntry): boolean {
    const age = this.rooms.clock.now() - Number(entry.time);
    const stream = BigInt(entry.stream);
    if (entry.port === 0 || !isIp(entry.host) || entry.host.startsWith('0.')) return false;
    if (age <= 0 || age >= ALIVE_SECONDS || !this.#wants(stream) || !this.isReachable(entry.host)) return true;
    this.add({ ...entry, stream, lastSeen: Number(entry.time) });
    return true;
  }

  /** Takes the peer that an onionpeer object names, if it is new and there were not too many of them; false when it was not taken. */
  learnOnion(peer: PeerAddress & { readonly stream: StreamNumber }): boolean {
    if (peer.port === 0 || !isOnionService(peer.host) || !this.#wants(peer.stream)) return false;
    const now = this.rooms.clock.now();
    if (this.#table(peer.stream).get(formatPeerAddress(peer)) === undefined) {
      const hour = Math.floor(now / 3600);
      if (this.#onionsLearnt.hour !== hour) this.#onionsLearnt = { count: 0, hour };
      if (this.#onionsLearnt.count >= ONIONS_PER_HOUR || this.count(({ host }) => isOnion(host)) >= MAX_ONIONS) return false;
      this.#onionsLearnt.count++;
    }
    this.add({ ...peer, services: NODE_NETWORK, lastSeen: now });
    return true;
  }

  /** Whether peers of this network can have such an address. */
  isReachable(host: string): boolean {
    return isPublicIp(host) || isOnionService(host) || (this.options.privateAddresses && isIp(host));
  }

  /** Takes over a peer that another program knew; false for one that is known here, that nobody has seen for long, or that cannot be reached. */
  adopt(node: PeerAddress & { readonly stream: StreamNumber; readonly lastSeen: UnixSeconds; readonly rating: number }): boolean {
    const { host, port, stream, lastSeen, rating } = node;
    const now = this.rooms.clock.now();
    const isUsable = this.#wants(stream) && this.isReachable(host) && now - lastSeen < FORGET_SECONDS && rating > BAD_RATING;
    if (!isUsable || this.#table(stream).has(formatPeerAddress(node))) return false;
    this.add({ host, port, stream, services: NODE_NETWORK, lastSeen: Math.min(lastSeen, now) });
    for (const entry of this.#entries(node)) entry.rating = clampRating(rating);
    return true;
  }

  add(node: PeerAddress & { readonly stream: StreamNumber; readonly services: bigint; readonly lastSeen: UnixSeconds }): void {
    const table = this.#table(node.stream);
    const key = formatPeerAddress(node);
    const known = table.get(key);
    if (known !== undefined) {
      if (node.lastSeen <= known.lastSeen) return;
      known.lastSeen = node.lastSeen;
      this.#changed.add(known);
    } else if (table.size < MAX_NODES_PER_STREAM) {
      const { host, port, stream, services, lastSeen } = node;
      const entry = toEntry({ host, port, stream, services, lastSeen, rating: 0, anchor: false });
      table.set(key, entry);
      this.#changed.add(entry);
    }
  }

  /** An outbound connection was established. */
  connected(address: PeerAddress, services: bigint): void {
    for (const entry of this.#entries(address)) {
      entry.rating = clampRating(entry.rating + RATING_STEP);
      entry.lastSeen = this.rooms.clock.now();
      entry.services = services;
      entry.failures = 0;
      entry.nextAttemptAt = this.rooms.clock.now() + FIRST_RETRY_SECONDS;
      this.#changed.add(entry);
    }
  }

  /** An outbound connection was not established. */
  failed(address: PeerAddress): void {
    for (const entry of this.#entries(address)) {
      entry.rating = clampRating(entry.rating - RATING_STEP);
      entry.nextAttemptAt = this.rooms.clock.now() + Math.min(FIRST_RETRY_SECONDS * 2 ** entry.failures, LONGEST_RETRY_SECONDS);
      entry.failures++;
      this.#changed.add(entry);
    }
  }

  /** Long-lived outbound peers, so that a restart does not put us into the hands of whoever is the first to answer. */
  setAnchors(addresses: readonly PeerAddress[]): void {
    const keys = new Set(addresses.map(formatPeerAddress));
    for (const table of this.#streams.values()) {
      for (const [key, entry] of table) {
        if (entry.anchor === keys.has(key)) continue;
        entry.anchor = keys.has(key);
        this.#changed.add(entry);
      }
    }
  }

  anchors(): PeerAddress[] {
    return [...this.#streams.values()].flatMap((table) => [...table.values()].filter((entry) => entry.anchor));
  }

  /** Draws an address to dial, good ratings first; undefined when the dice found none this time. */
  choose(usable: (address: PeerAddress) => boolean): PeerAddress | undefined {
    const now = this.rooms.clock.now();
    for (const stream of shuffle([...this.options.streams])) {
      const entries = [...this.#table(stream).values()];
      for (let draw = 0; draw < DRAWS && entries.length > 0; draw++) {
        const entry = entries[Math.floor(Math.random() * entries.length)];
        const isFavourite = this.options.prefersOnions === true && entry.rating > 0 && isOnion(entry.host);
        const chance = entry.rating >= 1 || isFavourite ? 1 : BASE_CHANCE / (1 - entry.rating);
        if (Math.random() < chance && now >= entry.nextAttemptAt && usable(entry)) return entry;
      }
    }
    return undefined;
  }

  /** What to tell a new peer of these streams: recent, not bad, own and child streams; times blurred. Onion names do not fit there. */
  toSend(peerStreams: readonly StreamNumber[], limit: number): AddrEntry[] {
    const entries = peerStreams.flatMap((stream) => [
      ...this.#recent(stream, MAX_SENT_PER_STREAM),
      ...children(stream).flatMap((child) => this.#recent(child, MAX_SENT_PER_STREAM / 2)),
    ]);
    return entries.slice(0, limit);
  }

  /** Forgets whom nobody has seen; keeps the last of each stream. */
  cleanUp(): void {
    const now = this.rooms.clock.now();
    for (const table of this.#streams.values()) {
      for (const [key, entry] of table) {
        const age = now - entry.lastSeen;
        if (age <= FORGET_SECONDS && (age <= FORGET_BAD_SECONDS || entry.rating > BAD_RATING)) continue;
        if (table.size <= 1) break;
        table.delete(key);
        this.#changed.delete(entry);
        this.#gone.set(`${entry.stream} ${key}`, entry);
      }
    }
  }

  save(): void {
    this.rooms.store.save(this.#changed, this.#gone.values());
    this.#changed.clear();
    this.#gone.clear();
  }

  #recent(stream: StreamNumber, limit: number): AddrEntry[] {
    // The field has 32 bits: peers of later streams cannot be passed on.
    if (stream >= 1n << 32n) return [];
    const now = this.rooms.clock.now();
    const recent = [...(this.#streams.get(stream)?.values() ?? [])].filter(
      (entry) => now - entry.lastSeen < ALIVE_SECONDS && entry.rating >= 0 && isIp(entry.host) && this.isReachable(entry.host),
    );
    return shuffle(recent)
      .slice(0, limit)
      .map(({ host, port, services, lastSeen }) => {
        const blurred = Math.min(now, lastSeen + Math.floor(Math.random() * TIME_JITTER_SECONDS));
        return { host, port, services: services === 0n ? NODE_NETWORK : services, stream: Number(stream), time: BigInt(blurred) };
      });
  }

  /** Peers of s, its children and its parent: PROTOCOL 9.3 S5. */
  #wants(stream: StreamNumber): boolean {
    return this.options.streams.some((own) => stream === own || children(own).includes(stream) || parent(own) === stream);
  }

  #entries(address: PeerAddress): Entry[] {
    const key = formatPeerAddress(address);
    return [...this.#streams.values()].flatMap((table) => table.get(key) ?? []);
  }

  #table(stream: StreamNumber): Map<string, Entry> {
    let table = this.#streams.get(stream);
    if (table === undefined) {
      table = new Map();
      this.#streams.set(stream, table);
    }
    return table;
  }
}

function toEntry(row: PeerRow): Entry {
  return { ...row, failures: 0, nextAttemptAt: 0 };
}

/** Steps of 0.1 in binary fractions drift; one decimal is meant. */
function clampRating(rating: number): number {
  return Math.round(Math.min(1, Math.max(-1, rating)) * 10) / 10;
}
