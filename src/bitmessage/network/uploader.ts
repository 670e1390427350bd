/** Serving: what peers asked for, sent in turns, never faster than they read. */
import type { Clock, UnixSeconds } from '../../base/clock.js';
import type { Inventory } from '../inventory/inventory.js';
import { type HashKey, keyHash } from '../wire/inv.js';
import type { Peer } from './peer.js';
import { RandomQueue } from './random-queue.js';

export interface UploaderRooms {
  readonly clock: Clock;
  readonly inventory: Inventory;
  /** An object that this peer cannot know to be here: it gets the answer of a node that never saw it. */
  readonly isHidden: (peer: Peer, key: HashKey) => boolean;
  /** Seconds for which a peer is not served after it connected, or after it asked for what it cannot know of. */
  readonly penaltySeconds: () => number;
  /** Bytes that may leave now, all peers together; asked before each object. */
  readonly mayUpload: (bytes: number) => boolean;
}

/** PROTOCOL 8.2. */
const MAX_REQUESTED_PER_PEER = 50_000;
/** Objects per turn (PyBitmessage uploadthread). */
const OBJECTS_PER_TURN = 10;
/** Above this much unsent, a peer waits (PyBitmessage uploadthread; issue 1414 tells what happens without). */
const WRITE_CEILING_BYTES = 2 * 1024 * 1024;
/** The same object is not sent again to the same peer for this long. */
const REPEAT_SECONDS = 60;

interface Client {
  readonly requested: RandomQueue<HashKey>;
  servedAfter: UnixSeconds;
  /** Sent lately: two generations, changed every REPEAT_SECONDS. */
  recent: Set<HashKey>;
  older: Set<HashKey>;
}

export class Uploader {
  readonly #clients = new Map<Peer, Client>();
  #turn: NodeJS.Immediate | undefined;
  #generationEndsAt: UnixSeconds = 0;

  constructor(private readonly rooms: UploaderRooms) {}

  add(peer: Peer): void {
    this.#clients.set(peer, {
      requested: new RandomQueue(MAX_REQUESTED_PER_PEER),
      servedAfter: peer.connectedAt + this.rooms.penaltySeconds(),
      recent: new Set(),
      older: new Set(),
    });
  }

  remove(peer: Peer): void {
    this.#clients.delete(peer);
  }

  stop(): void {
    clearImmediate(this.#turn);
    this.#clients.clear();
  }

  requestedCount(peer: Peer): number {
    return this.#clients.get(peer)?.requested.size ?? 0;
  }

  /** The peer asked for an object. One that it cannot know to be here defers everything it wants: PROTOCOL 1.11, 8.8. */
  request(peer: Peer, key: HashKey): void {
    const client = this.#clients.get(peer);
    if (client === undefined) return;
    if (!this.rooms.inventory.hasKey(key) || this.rooms.isHidden(peer, key)) {
      client.servedAfter = Math.max(client.servedAfter, this.rooms.clock.now() + this.rooms.penaltySeconds());
    } else if (!client.recent.has(key) && !client.older.has(key)) {
      client.requested.add(key);
      this.serve();
    }
  }

  /** The peer is about to be told of an object anew: it may come for it anew. */
  announcedAnew(peer: Peer, key: HashKey): void {
    const client = this.#clients.get(peer);
    client?.recent.delete(key);
    client?.older.delete(key);
  }

  /** Sends what can be sent; called when a request comes, when a peer has read, and every second. */
  serve(): void {
    this.#turn ??= setImmediate(() => {
      this.#turn = undefined;
      let more = false;
      for (const [peer, client] of this.#clients) more = this.#serveOne(peer, client) || more;
      if (more) this.serve();
    });
  }

  tick(): void {
    const now = this.rooms.clock.now();
    if (now >= this.#generationEndsAt) {
      this.#generationEndsAt = now + REPEAT_SECONDS;
      for (const client of this.#clients.values()) [client.recent, client.older] = [new Set(), client.recent];
    }
    this.serve();
  }

  /** One turn for one peer; true when the next could follow at once. */
  #serveOne(peer: Peer, client: Client): boolean {
    if (this.rooms.clock.now() < client.servedAfter) return false;
    for (let sent = 0; sent < OBJECTS_PER_TURN; sent++) {
      if (peer.bufferedBytes >= WRITE_CEILING_BYTES || !peer.established) return false;
      const key = client.requested.take();
      if (key === undefined) return false;
      const object = this.rooms.inventory.get(keyHash(key));
      if (object === undefined || this.rooms.isHidden(peer, key)) continue;
      if (!this.rooms.mayUpload(object.bytes.length)) {
        client.requested.add(key);
        return false;
      }
      client.recent.add(key);
      peer.send('object', object.bytes);
    }
    return client.requested.size > 0;
  }
}
