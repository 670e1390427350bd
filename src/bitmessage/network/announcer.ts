/** Announcing: what is here to a new peer, what is new to all, a little later and in no telling order. */
import type { Inventory } from '../inventory/inventory.js';
import { encodeInv, type HashKey } from '../wire/inv.js';
import type { StreamNumber } from '../wire/params.js';
import type { Peer } from './peer.js';
import { shuffle } from './random-queue.js';

export interface AnnouncerRooms {
  readonly inventory: Inventory;
  readonly streams: readonly StreamNumber[];
  readonly peers: () => Iterable<Peer>;
  /** Runs a piece of work when there is time for it. */
  readonly later: (work: () => void) => void;
  /** In the Dandelion stem phase: nobody is told. */
  readonly isStem: (key: HashKey) => boolean;
}

/** Hashes per inv that we send: far below the 50,000 that are legal, since slow networks time out on more (MiNode). */
const HASHES_PER_INV = 10_000;
/** With this much unsent, a peer gets no more of the long list until it has read. */
const GREETING_CEILING_BYTES = 512 * 1024;
/** A peer that reads so slowly learns of new objects from others. */
const WRITE_CEILING_BYTES = 2 * 1024 * 1024;
/** PyBitmessage multiqueue: each new hash waits in one of ten queues, and one queue is emptied per second. */
const QUEUES = 10;

interface Pending {
  readonly key: HashKey;
  readonly stream: StreamNumber;
  /** Who has it, or said so while it waited. */
  readonly knownTo: Peer[];
  /** Told of it on its path, before it was everybody's: may still come for it. */
  readonly toldBefore: Peer | undefined;
}

export class Announcer {
  readonly #pending = new Map<HashKey, Pending>();
  readonly #queues: Pending[][];
  readonly #greetings = new Map<Peer, IterableIterator<HashKey>>();
  #next = 0;
  #flush: NodeJS.Immediate | undefined;

  /** @param delays hold each hash back for 0 to 10 seconds, so that nobody can tell who had it first; else send at once */
  constructor(
    private readonly delays: boolean,
    private readonly rooms: AnnouncerRooms,
  ) {
    this.#queues = Array.from({ length: delays ? QUEUES : 1 }, () => []);
  }

  /** Tells everybody but those who told us. */
  announce(key: HashKey, stream: StreamNumber, knownTo: readonly Peer[], toldBefore?: Peer): void {
    if (this.#pending.has(key)) return;
    const pending = { key, stream, knownTo: [...knownTo], toldBefore };
    this.#pending.set(key, pending);
    this.#queues[Math.floor(Math.random() * this.#queues.length)]?.push(pending);
    if (!this.delays) {
      this.#flush ??= setImmediate(() => {
        this.#flush = undefined;
        this.#empty(0);
      });
    }
  }

  /** The peer announced it itself. */
  heard(peer: Peer, key: HashKey): void {
    const knownTo = this.#pending.get(key)?.knownTo;
    if (knownTo !== undefined && !knownTo.includes(peer)) knownTo.push(peer);
  }

  /** Waiting to be announced: whoever did not tell us of it cannot know that it is here. */
  isHidden(peer: Peer, key: HashKey): boolean {
    const pending = this.#pending.get(key);
    return pending !== undefined && pending.toldBefore !== peer && !pending.knownTo.includes(peer);
  }

  /** Begins to list everything unexpired of the streams that both have. */
  greet(peer: Peer): void {
    this.#greetings.set(peer, this.#everything(peer));
    this.continueGreeting(peer);
  }

  /** Sends the next part of the list, as far as the peer reads. */
  continueGreeting(peer: Peer): void {
    if (!this.#greetings.has(peer)) return;
    this.rooms.later(() => {
      const keys = this.#greetings.get(peer);
      if (keys === undefined || !peer.established || peer.bufferedBytes >= GREETING_CEILING_BYTES) return;
      const part = takeSome(keys, HASHES_PER_INV);
      // The order within tells in which order they came to us.
      if (part.length > 0) peer.send('inv', encodeInv(shuffle(part)));
      if (part.length < HASHES_PER_INV) this.#greetings.delete(peer);
      else this.continueGreeting(peer);
    });
  }

  remove(peer: Peer): void {
    this.#greetings.delete(peer);
    for (const { knownTo } of this.#pending.values()) {
      const index = knownTo.indexOf(peer);
      if (index !== -1) knownTo.splice(index, 1);
    }
  }

  /** Called every second: empties the next queue. */
  tick(): void {
    this.#empty(this.#next);
    this.#next = (this.#next + 1) % this.#queues.length;
  }

  stop(): void {
    clearImmediate(this.#flush);
    this.#greetings.clear();
  }

  #empty(index: number): void {
    const batch = this.#queues[index]?.splice(0) ?? [];
    if (batch.length === 0) return;
    for (const { key } of batch) this.#pending.delete(key);
    for (const peer of this.rooms.peers()) this.rooms.later(() => tell(peer, batch));
  }

  *#everything(peer: Peer): IterableIterator<HashKey> {
    for (const stream of this.rooms.streams.filter((own) => hasStream(peer, own))) {
      for (const key of this.rooms.inventory.unexpired(stream)) {
        // What waits is announced in its turn.
        if (!this.#pending.has(key) && !this.rooms.isStem(key)) yield key;
      }
    }
  }
}

export function hasStream(peer: Peer, stream: StreamNumber): boolean {
  return peer.version?.streams.includes(stream) ?? false;
}

function tell(peer: Peer, batch: readonly Pending[]): void {
  if (!peer.established || peer.bufferedBytes >= WRITE_CEILING_BYTES) return;
  const keys = batch.filter(({ stream, knownTo }) => !knownTo.includes(peer) && hasStream(peer, stream)).map(({ key }) => key);
  shuffle(keys);
  for (let start = 0; start < keys.length; start += HASHES_PER_INV) {
    peer.send('inv', encodeInv(keys.slice(start, start + HASHES_PER_INV)));
  }
}

function takeSome<T>(from: Iterator<T>, limit: number): T[] {
  const taken: T[] = [];
  while (taken.length < limit) {
    const next = from.next();
    if (next.done === true) break;
    taken.push(next.value);
  }
  return taken;
}
