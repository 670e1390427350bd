/** The identities and chans that are ours: making them, changing them, and finding one by what an object says of it. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock, UnixSeconds } from '../../base/clock.js';
import { atLeast, type Difficulty } from '../../pow/target.js';
import type { IdentityChange, IdentityRow, IdentityTable } from '../../store/node/identities.js';
import { type Address, AddressError, addressTag, equalAddresses, formatAddress, parseAddress } from '../crypto/address.js';
import { deterministicKeySearch, findKeys, randomKeySearch } from '../crypto/key-search.js';
import type { IdentityKeys } from '../crypto/keys.js';
import { KeysLocked, type KeyVault } from '../key-vault.js';
import type { ChanChoice, DeletedIdentity, Identity, NewIdentity } from '../node.js';
import { type Author, DOES_ACK } from '../objects/pubkey-data.js';
import { equalBytes } from '../wire/bytes.js';
import { DEFAULT_STREAM } from '../wire/params.js';
import { keepSecrets, readSecrets } from './identity-keys.js';

/** An identity with all that the node needs of it. */
export interface OwnIdentity extends Identity {
  readonly sendsAcks: boolean;
  /** Of this making: another one when it was removed and made again. */
  readonly id: number;
  readonly decoded: Address;
  /** What stands in clear before its v4 pubkey. */
  readonly tag: Uint8Array;
  /** Null while they are locked: then it neither reads nor signs anything. */
  readonly keys: IdentityKeys | null;
  /** Public, as it travels. */
  readonly encryptionKey: Uint8Array;
  /** What a msg to it must carry; already raised to the network's minimum. */
  readonly demand: Difficulty;
  readonly pubkeyExpiresAt: number;
  readonly pubkeyAnsweredAt: number;
  readonly pubkeyDueAt: number;
  readonly rescanAfter: number;
}

/** One whose keys can be used. */
export type UsableIdentity = OwnIdentity & { readonly keys: IdentityKeys };

export function isUsable(identity: OwnIdentity): identity is UsableIdentity {
  return identity.keys !== null;
}

/** A look back begins at the first id of the inventory. */
const FROM_THE_BEGINNING = 0;
export const NO_RESCAN = -1;

/** What never changes of an address while it is ours, but by locking and unlocking. */
interface Parts extends Pick<OwnIdentity, 'decoded' | 'tag' | 'keys' | 'encryptionKey'> {
  /** Sealed with the keys; '' while locked. */
  readonly keptLabel: string;
}

export class Identities {
  #all: OwnIdentity[] | undefined;
  /** By the text of the address. */
  readonly #parts = new Map<string, Parts>();
  readonly #listeners = new Set<() => void>();

  constructor(
    private readonly options: { readonly minimum: Difficulty },
    private readonly rooms: {
      readonly table: IdentityTable;
      readonly afterCommit: (callback: () => void) => void;
      readonly clock: Clock;
      /** Keys of a short address, in threads. */
      readonly shortKeys: (passphrase: string | null, onProgress?: (progress: number) => void) => Promise<IdentityKeys>;
      readonly vault: KeyVault;
    },
  ) {
    rooms.vault.onTurn(() => this.#rewrite());
    rooms.vault.onUnlocked(() => this.#reload());
  }

  /** Oldest first. */
  all(): readonly OwnIdentity[] {
    return (this.#all ??= this.rooms.table.all().map((row) => this.#toOwn(row)));
  }

  enabled(): readonly OwnIdentity[] {
    return this.all().filter((identity) => identity.enabled);
  }

  /** Those that can read and sign now. */
  usable(): readonly UsableIdentity[] {
    return this.enabled().filter(isUsable);
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
  async create({ label, version = 4, passphrase, short = false, onProgress }: NewIdentity): Promise<UsableIdentity> {
    this.#requireKeys();
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
    this.#insert(keys, { ...options, rescanAfter: NO_RESCAN });
    this.update(options.address, change);
    return true;
  }

  /** Looks through the inventory for what came for it before it was here. */
  lookBack(address: string): void {
    this.update(address, { rescanAfter: FROM_THE_BEGINNING });
  }

  /** What its owner reads later, when the keys are unlocked: everything from this id of the inventory on, or from where it stands. */
  readLater(afterId: number): void {
    this.lookedBack(
      this.enabled().filter(({ keys, rescanAfter }) => keys === null && rescanAfter === NO_RESCAN),
      NO_RESCAN,
      afterId,
    );
  }

  /** How far these have come, who were together; one that was to begin anew meanwhile stays there. Nobody is told: whoever looks back knows. */
  lookedBack(together: readonly Pick<OwnIdentity, 'id'>[], from: number, to: number): void {
    this.rooms.table.setRescanAfter(
      together.map(({ id }) => id),
      from,
      to,
    );
    this.#all = undefined;
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

  #keep(keys: IdentityKeys, options: { label: string; version: 3 | 4; chan: boolean; rescanAfter: number }): UsableIdentity {
    const address = formatAddress({ version: options.version, stream: DEFAULT_STREAM, ripe: keys.ripe });
    const { label, chan, rescanAfter } = options;
    this.#insert(keys, { address, label, chan, rescanAfter, createdAt: this.rooms.clock.now() });
    this.#changed();
    const own = this.find(address);
    if (own === undefined || !isUsable(own)) throw new Error('an identity just made is not in the store');
    return own;
  }

  #insert(keys: IdentityKeys, row: Pick<IdentityRow, 'address' | 'label' | 'chan' | 'createdAt' | 'rescanAfter'>): void {
    const { signingKey, encryptionKey } = keys;
    this.#requireKeys();
    this.rooms.table.insert({ ...row, ...keepSecrets(this.rooms.vault, row, { ...keys, label: row.label }), signingKey, encryptionKey });
  }

  #requireKeys(): void {
    if (this.rooms.vault.state === 'locked') throw new KeysLocked();
  }

  /** Encryption was turned on or off. */
  #rewrite(): void {
    const { table, vault } = this.rooms;
    for (const row of table.withDeleted()) {
      const secrets = readSecrets(vault, row);
      if (secrets !== null) table.setSecrets(row.address, keepSecrets(vault, row, secrets));
    }
    this.#reload();
  }

  #reload(): void {
    this.#parts.clear();
    this.#changed();
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
    const { keptLabel, ...parts } = this.#partsOf(row);
    return {
      id: row.id,
      address: row.address,
      label: row.label || keptLabel,
      enabled: row.enabled,
      chan: row.chan,
      sendsAcks: row.sendsAcks,
      mailingList: row.mailingList,
      ttlSeconds: row.ttlSeconds,
      sendDelaySeconds: row.sendDelaySeconds,
      signatureDigest: row.signatureDigest,
      createdAt: row.createdAt,
      pubkeyExpiresAt: row.pubkeyExpiresAt,
      pubkeyAnsweredAt: row.pubkeyAnsweredAt,
      pubkeyDueAt: row.pubkeyDueAt,
      rescanAfter: row.rescanAfter,
      ...parts,
      demand,
    };
  }

  #partsOf(row: IdentityRow): Parts {
    let parts = this.#parts.get(row.address);
    if (parts === undefined) {
      const decoded = parseAddress(row.address);
      const { signingKey, encryptionKey } = row;
      const secrets = readSecrets(this.rooms.vault, row);
      let keys: IdentityKeys | null = null;
      if (secrets !== null) {
        const { signingPrivateKey, encryptionPrivateKey } = secrets;
        keys = { signingPrivateKey, encryptionPrivateKey, signingKey, encryptionKey, ripe: decoded.ripe };
      }
      parts = { decoded, tag: addressTag(decoded), keys, encryptionKey, keptLabel: secrets?.label ?? '' };
      this.#parts.set(row.address, parts);
    }
    return parts;
  }
}

function isChanAddress({ version, stream, ripe }: Address, keys: IdentityKeys): boolean {
  return (version === 3 || version === 4) && stream === DEFAULT_STREAM && equalBytes(ripe, keys.ripe);
}

/** The identity as the maker of an object. @param demand what it tells that it demands */
export function authorOf({ decoded, keys, chan, sendsAcks, signatureDigest: digest }: UsableIdentity, demand: Difficulty): Author {
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
