/** The identities and chans that are ours: making them, changing them, and finding one by what an object says of it. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock, UnixSeconds } from '../../base/clock.js';
import { atLeast, type Difficulty } from '../../pow/target.js';
import type { IdentityChange, IdentityRow, IdentityTable } from '../../store/node/identities.js';
import { type Address, AddressError, addressTag, equalAddresses, formatAddress, parseAddress } from '../crypto/address.js';
import { deterministicKeySearch, findKeys, randomKeySearch } from '../crypto/key-search.js';
import type { IdentityKeys } from '../crypto/keys.js';
import type { ChanChoice, DeletedIdentity, Identity, NewIdentity } from '../node.js';
import { type Author, DOES_ACK } from '../objects/pubkey-data.js';
import { equalBytes } from '../wire/bytes.js';
import { DEFAULT_STREAM } from '../wire/params.js';

/** An identity with all that the node needs of it. */
export interface OwnIdentity extends Identity {
  readonly sendsAcks: boolean;
  /** Of this making: another one when it was removed and made again. */
  readonly id: number;
  readonly decoded: Address;
  /** What stands in clear before its v4 pubkey. */
  readonly tag: Uint8Array;
  readonly keys: IdentityKeys;
  /** What a msg to it must carry; already raised to the network's minimum. */
  readonly demand: Difficulty;
  readonly pubkeyExpiresAt: number;
  readonly pubkeyAnsweredAt: number;
  readonly pubkeyDueAt: number;
  readonly rescanAfter: number;
}

/** A look back begins at the first id of the inventory. */
const FROM_THE_BEGINNING = 0;
const NO_RESCAN = -1;

export class Identities {
  #all: OwnIdentity[] | undefined;
  /** What never changes of an address, by its text. */
  readonly #parts = new Map<string, Pick<OwnIdentity, 'decoded' | 'tag' | 'keys'>>();
  readonly #listeners = new Set<() => void>();

  constructor(
    private readonly options: { readonly minimum: Difficulty },
    private readonly rooms: {
      readonly table: IdentityTable;
      readonly afterCommit: (callback: () => void) => void;
      readonly clock: Clock;
      /** Keys of a short address, in threads. */
      readonly shortKeys: (passphrase: string | null, onProgress?: (progress: number) => void) => Promise<IdentityKeys>;
    },
  ) {}

  /** Oldest first. */
  all(): readonly OwnIdentity[] {
    return (this.#all ??= this.rooms.table.all().map((row) => this.#toOwn(row)));
  }

  enabled(): readonly OwnIdentity[] {
    return this.all().filter((identity) => identity.enabled);
  }

  /** By its canonical text. */
  find(address: string): OwnIdentity | undefined {
    return this.all().find((identity) => identity.address === address);
  }

  findByAddress(address: Address): OwnIdentity | undefined {
    return this.all().find((identity) => equalAddresses(identity.decoded, address));
  }

  findByTag(tag: Uint8Array): OwnIdentity | undefined {
    return this.all().find((identity) => identity.decoded.version >= 4 && equalBytes(identity.tag, tag));
  }

  /** Random keys, or those of a passphrase, whose earlier mail is then looked for. Works in slices of about 10 ms, or for a short address in threads. */
  async create({ label, version = 4, passphrase, short = false, onProgress }: NewIdentity): Promise<OwnIdentity> {
    const keys = short ? await this.rooms.shortKeys(passphrase ?? null, onProgress) : await this.#findKeys(passphrase);
    return this.#keep(keys, { label, version, chan: false, rescanAfter: passphrase === undefined ? NO_RESCAN : FROM_THE_BEGINNING });
  }

  /**
   * PROTOCOL 3.5: the first find, stream 1. Old chans have addresses of version 3: of the same keys, so whoever is in the one is
   * in the other, and an identity that happens to have these keys stays what it is.
   *
   * @throws AddressError when the passphrase does not make the given address
   */
  async joinChan(passphrase: string, { version, address }: ChanChoice = {}): Promise<OwnIdentity> {
    const wanted = address === undefined ? undefined : parseAddress(address);
    const known = this.all().find((identity) => identity.chan && identity.label === passphrase);
    const keys = known?.keys ?? (await findKeys(deterministicKeySearch(Buffer.from(passphrase, 'utf8')), nextTurn));
    if (wanted !== undefined && !isChanAddress(wanted, keys)) {
      throw new AddressError(`"${passphrase}" is not the passphrase of ${address}`, 'unusable');
    }
    const present = this.all().find(({ decoded }) => equalBytes(decoded.ripe, keys.ripe));
    if (present !== undefined) return present;
    const isOld = (wanted?.version ?? version) === 3;
    return this.#keep(keys, { label: passphrase, version: isOld ? 3 : 4, chan: true, rescanAfter: FROM_THE_BEGINNING });
  }

  /** Takes over keys that another program made; what the network needs to know of them is not published by that. False when they are here. */
  adopt(
    keys: IdentityKeys,
    options: { address: string; label: string; chan: boolean; createdAt: number },
    change: IdentityChange,
  ): boolean {
    if (this.find(options.address) !== undefined) return false;
    const { signingPrivateKey, encryptionPrivateKey, signingKey, encryptionKey } = keys;
    const row = { ...options, signingPrivateKey, encryptionPrivateKey, signingKey, encryptionKey, rescanAfter: NO_RESCAN };
    this.rooms.table.insert(row);
    this.update(options.address, change);
    return true;
  }

  /** Looks through the inventory for what came for it before it was here. */
  lookBack(address: string): void {
    this.update(address, { rescanAfter: FROM_THE_BEGINNING });
  }

  update(address: string, change: IdentityChange): void {
    this.rooms.table.update(address, change);
    this.#changed();
  }

  /** Puts the keys aside, from where they can be fetched back. */
  setAside(address: string): void {
    this.rooms.table.setDeleted(address, this.rooms.clock.now());
    this.#changed();
  }

  /** Fetches them back, and looks for what came meanwhile. Answers false when there is nothing of that address. */
  fetchBack(address: string): boolean {
    if (!this.rooms.table.setDeleted(address, 0)) return false;
    this.#changed();
    this.lookBack(address);
    return true;
  }

  deleted(): DeletedIdentity[] {
    return this.rooms.table.deleted();
  }

  forgetDeletedBefore(time: UnixSeconds): void {
    this.rooms.table.removeDeletedBefore(time);
  }

  /** Forgets the keys. */
  remove(address: string): void {
    this.rooms.table.remove(address);
    this.#parts.delete(address);
    this.#changed();
  }

  /** Told after the commit when an identity came, went or changed. */
  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  #findKeys(passphrase: string | undefined): Promise<IdentityKeys> {
    return findKeys(passphrase === undefined ? randomKeySearch() : deterministicKeySearch(Buffer.from(passphrase, 'utf8')), nextTurn);
  }

  #keep(keys: IdentityKeys, options: { label: string; version: 3 | 4; chan: boolean; rescanAfter: number }): OwnIdentity {
    const address = formatAddress({ version: options.version, stream: DEFAULT_STREAM, ripe: keys.ripe });
    this.rooms.table.insert({
      address,
      label: options.label,
      chan: options.chan,
      signingPrivateKey: keys.signingPrivateKey,
      encryptionPrivateKey: keys.encryptionPrivateKey,
      signingKey: keys.signingKey,
      encryptionKey: keys.encryptionKey,
      createdAt: this.rooms.clock.now(),
      rescanAfter: options.rescanAfter,
    });
    this.#changed();
    const own = this.find(address);
    if (own === undefined) throw new Error('an identity just made is not in the store');
    return own;
  }

  #changed(): void {
    this.#all = undefined;
    this.rooms.afterCommit(() => {
      this.#all = undefined;
      for (const listener of this.#listeners) listener();
    });
  }

  #toOwn(row: IdentityRow): OwnIdentity {
    const demand = atLeast({ nonceTrialsPerByte: row.demandTrials, extraBytes: row.demandExtraBytes }, this.options.minimum);
    const {
      id,
      address,
      label,
      enabled,
      chan,
      sendsAcks,
      mailingList,
      ttlSeconds,
      sendDelaySeconds,
      signatureDigest,
      createdAt,
      pubkeyExpiresAt,
      pubkeyAnsweredAt,
      pubkeyDueAt,
      rescanAfter,
    } = row;
    const state = { pubkeyExpiresAt, pubkeyAnsweredAt, pubkeyDueAt, rescanAfter };
    const settings = { label, enabled, chan, sendsAcks, mailingList, ttlSeconds, sendDelaySeconds, signatureDigest };
    return { id, address, ...settings, createdAt, ...state, ...this.#partsOf(row), demand };
  }

  #partsOf(row: IdentityRow): Pick<OwnIdentity, 'decoded' | 'tag' | 'keys'> {
    let parts = this.#parts.get(row.address);
    if (parts === undefined) {
      const decoded = parseAddress(row.address);
      const { signingPrivateKey, encryptionPrivateKey, signingKey, encryptionKey } = row;
      const keys = { signingPrivateKey, encryptionPrivateKey, signingKey, encryptionKey, ripe: decoded.ripe };
      parts = { decoded, tag: addressTag(decoded), keys };
      this.#parts.set(row.address, parts);
    }
    return parts;
  }
}

function isChanAddress({ version, stream, ripe }: Address, keys: IdentityKeys): boolean {
  return (version === 3 || version === 4) && stream === DEFAULT_STREAM && equalBytes(ripe, keys.ripe);
}

/** The identity as the maker of an object. @param demand what it tells that it demands */
export function authorOf({ decoded, keys, chan, sendsAcks, signatureDigest: digest }: OwnIdentity, demand: Difficulty): Author {
  const { version, stream } = decoded;
  // Nobody acknowledges for a chan: all its members would.
  return {
    version,
    stream,
    keys,
    behavior: chan || !sendsAcks ? 0 : DOES_ACK,
    nonceTrialsPerByte: demand.nonceTrialsPerByte,
    extraBytes: demand.extraBytes,
    digest,
  };
}
