/** Finds the public key of an address: among our own, in the store, in the inventory; and learns those that we wait for. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock, UnixSeconds } from '../../base/clock.js';
import type { Difficulty } from '../../pow/target.js';
import type { PubkeyRow, PubkeyTable } from '../../store/node/pubkeys.js';
import { type Address, addressTag, formatAddress, parseAddress } from '../crypto/address.js';
import type { Inventory, StoredObject } from '../inventory/inventory.js';
import { openPubkey, type PubkeyOwner, readPubkeyOwner } from '../objects/pubkey.js';
import { DOES_ACK, type PubkeyData } from '../objects/pubkey-data.js';
import { DecodeError, toHex } from '../wire/bytes.js';
import { OBJECT_PUBKEY } from '../wire/params.js';
import type { Identities } from './identities.js';

export interface RecipientKey {
  readonly address: Address;
  /** 64 bytes, as it travels. */
  readonly encryptionKey: Uint8Array;
  readonly demand: Difficulty;
  /** Whether the owner's program sends acks. */
  readonly acknowledges: boolean;
  /** An identity or chan of ours: no ack, and the network's minimum of work. */
  readonly own: boolean;
}

/** Bogus pubkeys with the right tag cost their maker work and us an ECDH: so many are tried for one address a day (PROTOCOL 8.11). */
const MAX_TRIES_PER_DAY = 100;
const DAY_SECONDS = 86_400;
const SCAN_BATCH = 50;

export class PubkeyLookup {
  /** By tag (version 4) or ripe, hex: whose key is wanted. */
  readonly #wanted = new Map<string, Address>();
  readonly #tries = new Map<string, { day: number; count: number }>();
  readonly #listeners = new Set<(address: string) => void>();

  constructor(
    private readonly rooms: {
      readonly table: PubkeyTable;
      readonly inventory: Inventory;
      readonly identities: Identities;
      readonly clock: Clock;
    },
  ) {}

  /** From now on a pubkey of this address is looked at when it comes. @param address canonical */
  want(address: string): void {
    const decoded = parseAddress(address);
    this.#wanted.set(wantedName(decoded), decoded);
  }

  /** What is known without searching. */
  known(address: string): RecipientKey | undefined {
    const own = this.rooms.identities.find(address);
    if (own !== undefined) {
      return { address: own.decoded, encryptionKey: own.encryptionKey, demand: own.demand, acknowledges: false, own: true };
    }
    const row = this.rooms.table.get(address);
    return row === undefined ? undefined : toRecipientKey(parseAddress(address), row);
  }

  /** As `known`, else searches the inventory. */
  async find(address: string, signal: AbortSignal): Promise<RecipientKey | undefined> {
    return this.known(address) ?? this.refresh(address, signal);
  }

  /** Looks for a newer key even where one is known: who does not acknowledge may demand more work than we did. */
  async refresh(address: string, signal: AbortSignal): Promise<RecipientKey | undefined> {
    const decoded = parseAddress(address);
    if (this.rooms.identities.find(address) !== undefined) return this.known(address);
    this.want(address); // before the search: one that comes during it must not be missed
    if (decoded.version >= 4) await this.#searchByTag(decoded, signal);
    else await this.#searchAll(signal);
    return this.known(address);
  }

  /** A pubkey came, from the network or out of the inventory. Of no interest unless somebody waits for it. */
  consider(object: StoredObject): void {
    const address = this.#wantedBy(object);
    if (address === undefined || !this.#mayTry(address)) return;
    const opened = openPubkey(object.bytes, address);
    if (opened.verdict === 'authentic') this.learn(address, opened.data, object.expiresAt);
  }

  /**
   * Keeps an authentic key of somebody else, and wakes who waits for it.
   *
   * @param expiresAt of the pubkey object; undefined when a message carried it, which is news whenever it came
   */
  learn(address: Address, data: PubkeyData, expiresAt?: UnixSeconds): void {
    const text = formatAddress(address);
    if (this.rooms.identities.find(text) !== undefined) return;
    this.rooms.table.put(toRow(text, data, expiresAt ?? 0), this.rooms.clock.now());
    this.#wanted.delete(wantedName(address));
    for (const listener of this.#listeners) listener(text);
  }

  /** Told whenever a key of this address was learnt. */
  onLearnt(listener: (address: string) => void): void {
    this.#listeners.add(listener);
  }

  async #searchByTag(address: Address, signal: AbortSignal): Promise<void> {
    for (const object of this.rooms.inventory.byTag(OBJECT_PUBKEY, addressTag(address))) {
      this.consider(object);
      if (signal.aborted || !this.#wanted.has(wantedName(address))) return;
      await nextTurn(); // an ECDH and a verification each
    }
  }

  /** Old pubkeys lie about in clear, without a tag: what of them is wanted shows when they are read. */
  async #searchAll(signal: AbortSignal): Promise<void> {
    let afterId = 0;
    while (!signal.aborted) {
      const batch = this.rooms.inventory.scan([OBJECT_PUBKEY], afterId, SCAN_BATCH);
      for (const { object } of batch) this.consider(object);
      if (batch.length < SCAN_BATCH) return;
      afterId = batch[batch.length - 1].id;
      await nextTurn();
    }
  }

  #wantedBy(object: StoredObject): Address | undefined {
    let owner: PubkeyOwner;
    try {
      owner = readPubkeyOwner(object.bytes);
    } catch (error) {
      if (error instanceof DecodeError) return undefined; // relayed all the same, and nothing to us
      throw error;
    }
    const name = owner.tag ?? owner.ripe;
    return name === null ? undefined : this.#wanted.get(toHex(name));
  }

  #mayTry(address: Address): boolean {
    const name = wantedName(address);
    const day = Math.floor(this.rooms.clock.now() / DAY_SECONDS);
    const count = this.#tries.get(name)?.day === day ? (this.#tries.get(name)?.count ?? 0) : 0;
    if (count >= MAX_TRIES_PER_DAY) return false;
    this.#tries.set(name, { day, count: count + 1 });
    return true;
  }
}

function wantedName(address: Address): string {
  return toHex(address.version >= 4 ? addressTag(address) : address.ripe);
}

function toRecipientKey(address: Address, row: PubkeyRow): RecipientKey {
  return {
    address,
    encryptionKey: row.encryptionKey,
    demand: { nonceTrialsPerByte: row.demandTrials, extraBytes: row.demandExtraBytes },
    acknowledges: (row.bitfield & DOES_ACK) !== 0,
    own: false,
  };
}

function toRow(address: string, data: PubkeyData, objectExpiresAt: UnixSeconds): PubkeyRow {
  return {
    address,
    bitfield: data.behavior,
    signingKey: data.signingKey,
    encryptionKey: data.encryptionKey,
    demandTrials: data.nonceTrialsPerByte,
    demandExtraBytes: data.extraBytes,
    objectExpiresAt,
  };
}
