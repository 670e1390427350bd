/** The inventory: every object we hold, exactly as it came, until three hours after its expiry. */
import type { Clock, UnixSeconds } from '../../base/clock.js';
import type { InventoryRow, InventoryStore, NewInventoryRow } from '../../store/node/inventory.js';
import { inventoryHash } from '../crypto/hash.js';
import { type HashKey, hashKey } from '../wire/inv.js';
import { type ObjectFields, readObjectHeader } from '../wire/object.js';
import {
  KEEP_EXPIRED_SECONDS,
  OBJECT_BROADCAST,
  OBJECT_GETPUBKEY,
  OBJECT_MSG,
  OBJECT_ONIONPEER,
  OBJECT_PUBKEY,
  type StreamNumber,
} from '../wire/params.js';
import { HashIndex } from './hash-index.js';

export interface StoredObject extends ObjectFields {
  /** Inventory hash, 32 bytes. */
  readonly hash: Uint8Array;
  readonly payloadOffset: number;
  /** The whole object with its nonce. */
  readonly bytes: Uint8Array;
  /** Made here. */
  readonly own: boolean;
}

/** An object that passed `judge`, or one of our own. */
export interface NewObject extends ObjectFields {
  readonly payloadOffset: number;
  readonly bytes: Uint8Array;
  /** Computed when it is not given. */
  readonly hash?: Uint8Array;
}

export interface Origin {
  readonly own: boolean;
  /** The peer that delivered it. */
  readonly from?: number;
}

export interface GivenObject {
  readonly object: NewObject;
  readonly origin: Origin;
}

export interface InventoryOptions {
  /** Bytes of objects on the disk; foreign objects are refused beyond it. */
  readonly maxBytes: number;
  /** How long an own object is held back from all but its Dandelion child, should the program restart meanwhile; 0: not at all. */
  readonly ownStemSeconds: number;
  /** True: what room the disk still has is not for foreign objects. */
  readonly diskIsLow: () => boolean;
}

/** PROTOCOL 2.9: the whole network fits into some hundred megabytes. */
const DEFAULT_OPTIONS: InventoryOptions = { maxBytes: 2 ** 31, ownStemSeconds: 0, diskIsLow: () => false };

/** The tag of a version 4 pubkey or version 5 broadcast. */
const TAG_BYTES = 32;
/** Types that are looked for by tag, or by type alone; an index over all would cost each insert a page. */
const TAGGED_TYPES: readonly number[] = [OBJECT_PUBKEY, OBJECT_BROADCAST, OBJECT_ONIONPEER];
/** Unprocessed objects that stay in memory too, so that a burst need not be read back from the disk: as many as may wait at all. */
const MAX_WAITING_BYTES = 32_000_000;

/** Types that concern us; all others are relayed and nothing else. */
const PROCESSED_TYPES: readonly number[] = [OBJECT_GETPUBKEY, OBJECT_PUBKEY, OBJECT_MSG, OBJECT_BROADCAST, OBJECT_ONIONPEER];

export type AddedListener = (object: StoredObject, origin: Origin) => void;

export class Inventory {
  readonly #index = new HashIndex();
  readonly #listeners = new Set<AddedListener>();
  readonly #options: InventoryOptions;
  #totalBytes = 0;
  readonly #backlog: { objects: number; bytes: number };
  /** The oldest of the backlog, or all of it: once one did not fit, none is added before the others are done. */
  readonly #waiting = new Map<HashKey, StoredObject>();
  #waitingBytes = 0;

  constructor(
    private readonly store: InventoryStore,
    private readonly clock: Clock,
    options: Partial<InventoryOptions> = {},
  ) {
    this.#options = { ...DEFAULT_OPTIONS, ...options };
    for (const { hash, stream, expiresAt, length } of store.keys()) {
      this.#index.add(hashKey(hash), stream, expiresAt);
      this.#totalBytes += length;
    }
    this.#backlog = store.backlog();
  }

  has(hash: Uint8Array): boolean {
    return this.#index.has(hashKey(hash));
  }

  hasKey(key: HashKey): boolean {
    return this.#index.has(key);
  }

  get(hash: Uint8Array): StoredObject | undefined {
    const row = this.store.get(hash);
    return row && toObject(row);
  }

  /**
   * Stores an object; false when it is here already. Joins the caller's transaction. An own object is on the disk
   * when the transaction is committed, before anybody hears of it: one that was forgotten would be worked out anew, and come twice.
   * A foreign one is as safe as `Database.batch` makes it: the network has it again.
   */
  add(object: NewObject, origin: Origin): boolean {
    return this.addAll([{ object, origin }]).length > 0;
  }

  /** As `add`, several in one commit; answers those that were not here. */
  addAll<Given extends GivenObject>(all: readonly Given[]): Given[] {
    const rows = all.map((given) => this.#toRow(given));
    const insert = (): Given[] => {
      const inserted = this.store.insert(rows, PROCESSED_TYPES);
      this.store.afterCommit(() => {
        for (const { object, given } of inserted) this.#added(object, given.origin);
      });
      return inserted.map(({ given }) => given);
    };
    return all.some(({ origin }) => origin.own) ? this.store.durably(insert) : this.store.batch(insert);
  }

  /** Several at once in one commit; `add` inside of it joins. */
  batch<T>(work: () => T): T {
    return this.store.batch(work);
  }

  /** Room on the disk for one more foreign object of this length. */
  hasRoomFor(length: number): boolean {
    return this.#totalBytes + length <= this.#options.maxBytes && !this.#options.diskIsLow();
  }

  /** Unexpired objects with this tag (the first 32 payload bytes), the longest-lived first. */
  byTag(type: number, tag: Uint8Array): StoredObject[] {
    return this.store.byTag(type, tag, this.clock.now()).map(toObject);
  }

  /** Unexpired objects of one type, the longest-lived first. For types of which there are few. */
  ofType(type: number, limit: number): StoredObject[] {
    return this.store.ofType(type, this.clock.now(), limit).map(toObject);
  }

  /** Objects not yet tried with our keys, the oldest first. What a crash interrupted comes again. */
  unprocessed(limit: number): StoredObject[] {
    if (this.#waiting.size < Math.min(limit, this.#backlog.objects)) return this.store.unprocessed(limit).map(toObject);
    const objects: StoredObject[] = [];
    for (const object of this.#waiting.values()) if (objects.push(object) >= limit) break;
    return objects;
  }

  /** Every object up to this id is done, or was none of ours to do. */
  processedUpTo(): number {
    return this.store.processedUpTo();
  }

  /** The ids of the oldest and the newest object that is here; null: none is. */
  range(): { first: number; last: number } | null {
    return this.store.range();
  }

  /** Joins the caller's transaction, so that "done" and what was done of it are one. */
  markProcessed(hashes: readonly Uint8Array[]): void {
    this.store.batch(() => {
      const lengths = this.store.markProcessed(hashes);
      this.store.afterCommit(() => this.#processed(hashes.map(hashKey), lengths));
    });
  }

  /** Objects of these types in the order they came, for the rescan when a chan is joined. Ask again after the last id. */
  scan(types: readonly number[], afterId: number, limit: number): { id: number; object: StoredObject }[] {
    return this.store.scan(types, afterId, limit).map((row) => ({ id: row.id, object: toObject(row) }));
  }

  /** Tells of each object after its commit. Answers a function that ends it. */
  onAdded(listener: AddedListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  count(): number {
    return this.#index.size;
  }

  unprocessedCount(): number {
    return this.#backlog.objects;
  }

  unprocessedBytes(): number {
    return this.#backlog.bytes;
  }

  /** Hashes to announce to a new peer of this stream. */
  unexpired(stream: StreamNumber): IterableIterator<HashKey> {
    return this.#index.unexpired(stream, this.clock.now());
  }

  /** Own objects that were in the Dandelion stem phase when the program ended. None was to stay in it for longer than from now on, whatever the clock said. */
  stems(): { hash: Uint8Array; stemUntil: UnixSeconds }[] {
    const last = this.clock.now() + this.#options.ownStemSeconds;
    return this.store.stems().map(({ hash, stemUntil }) => ({ hash, stemUntil: Math.min(stemUntil, last) }));
  }

  /** The object is everybody's now. */
  endStem(hash: Uint8Array): void {
    this.store.batch(() => this.store.setStemUntil(hash, 0));
  }

  /** Deletes some objects that expired three hours ago; true when there are more. */
  sweep(now: UnixSeconds): boolean {
    const gone = this.store.sweep(now - KEEP_EXPIRED_SECONDS);
    for (const { hash, stream, length, processed } of gone) {
      const key = hashKey(hash);
      this.#index.remove(key, stream);
      this.#totalBytes -= length;
      if (!processed) this.#processed([key], [length]);
    }
    return gone.length > 0;
  }

  #toRow<Given extends GivenObject>(given: Given): NewInventoryRow & { readonly object: StoredObject; readonly given: Given } {
    const { type, version, stream, expiresAt, payloadOffset, hash } = given.object;
    const { own } = given.origin;
    const bytes = compact(given.object.bytes);
    const object = { type, version, stream, expiresAt, payloadOffset, hash: hash ?? inventoryHash(bytes), bytes, own };
    const tag = TAGGED_TYPES.includes(type) ? bytes.subarray(payloadOffset, payloadOffset + TAG_BYTES) : null;
    const stemUntil = own && this.#options.ownStemSeconds > 0 ? this.clock.now() + this.#options.ownStemSeconds : 0;
    return { object, tag, stemUntil, given };
  }

  #added(object: StoredObject, origin: Origin): void {
    const key = hashKey(object.hash);
    this.#index.add(key, object.stream, object.expiresAt);
    this.#totalBytes += object.bytes.length;
    if (PROCESSED_TYPES.includes(object.type)) {
      if (this.#waiting.size === this.#backlog.objects && this.#waitingBytes + object.bytes.length <= MAX_WAITING_BYTES) {
        this.#waiting.set(key, object);
        this.#waitingBytes += object.bytes.length;
      }
      this.#backlog.objects++;
      this.#backlog.bytes += object.bytes.length;
    }
    for (const listener of this.#listeners) listener(object, origin);
  }

  /** @param lengths of those among them that were not done before */
  #processed(keys: readonly HashKey[], lengths: readonly number[]): void {
    this.#backlog.objects -= lengths.length;
    for (const length of lengths) this.#backlog.bytes -= length;
    for (const key of keys) {
      this.#waitingBytes -= this.#waiting.get(key)?.bytes.length ?? 0;
      this.#waiting.delete(key);
    }
  }
}

function toObject(row: InventoryRow): StoredObject {
  const { type, version, stream, expiresAt, payloadOffset } = readObjectHeader(row.bytes);
  return { type, version, stream, expiresAt, payloadOffset, hash: row.hash, bytes: row.bytes, own: row.own };
}

/** A slice of a large socket buffer would keep all of it alive for as long as somebody holds the object. */
function compact(bytes: Uint8Array): Uint8Array {
  return bytes.buffer.byteLength > bytes.length * 2 ? new Uint8Array(bytes) : bytes;
}
