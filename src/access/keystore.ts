/** Encryption at rest: the master key that seals private keys, who can open it, and turning it on and off. */
import { hkdfSync, randomBytes } from 'node:crypto';
import { emptySlot, type KeySlot, makeProofSlot, makeSlot, openProofSlot, openSlot, type SlotKind } from './key-slot.js';
import type { ScramKeys } from './sasl.js';
import { scramClientKey } from './sasl.js';
import { KEY_BYTES, seal, unseal } from './sealed.js';

/** 'open': nothing is encrypted. */
export type KeystoreState = 'open' | 'locked' | 'unlocked';

export interface SlotTable {
  all(): KeySlot[];
  /** In the place of one of its kind. */
  put(slot: KeySlot): void;
  removeAll(): void;
}

export interface KeystoreRooms {
  readonly slots: SlotTable;
  readonly transaction: <T>(work: () => T) => T;
  /** Makes sure that what was overwritten is not in any file any more. */
  readonly cleanse: () => Promise<void>;
}

/** What of the mail programs' login is to open the master key as well. */
export interface LoginSecret {
  /** Null: it is known when the next mail program logs in. */
  readonly password: string | null;
  readonly scram: ScramKeys | null;
}

export class Keystore {
  #slots: Map<SlotKind, KeySlot>;
  #master: Uint8Array | undefined;
  /** Slots that were seen to fit in this run. */
  readonly #current = new Set<SlotKind>();
  readonly #rewriters = new Set<() => void>();
  readonly #listeners = new Set<() => void>();

  constructor(private readonly rooms: KeystoreRooms) {
    this.#slots = slotMap(rooms.slots.all());
  }

  get state(): KeystoreState {
    if (this.#slots.size === 0) return 'open';
    return this.#master === undefined ? 'locked' : 'unlocked';
  }

  /** Whether a mail program that logs in unlocks it. */
  get opensByLogin(): boolean {
    return this.#slots.has('login');
  }

  /** @throws Error unless it is unlocked */
  seal(secret: Uint8Array, name: string): Uint8Array {
    return seal(this.#key(), secret, name);
  }

  /** @throws Error unless it is unlocked, and when it was not sealed here under this name */
  unseal(sealed: Uint8Array, name: string): Uint8Array {
    const secret = unseal(this.#key(), sealed, name);
    if (secret === null) throw new Error(`what is kept of "${name}" is damaged, or belongs to another data directory`);
    return secret;
  }

  /** A key for something as a whole, such as a file; the same one each time. @throws Error unless it is unlocked */
  derive(name: string): Uint8Array {
    return new Uint8Array(hkdfSync('sha256', this.#key(), '', name, KEY_BYTES));
  }

  /** Called inside the transaction that turns it on or off, when `state` says already how secrets are to be kept, and both forms can be read. */
  onTurn(rewrite: () => void): void {
    this.#rewriters.add(rewrite);
  }

  /** Told when secrets can be read that could not. */
  onUnlocked(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** Answers whether it is open now. */
  async unlock(passphrase: string): Promise<boolean> {
    const slot = this.#slots.get('passphrase');
    if (this.state !== 'locked' || slot === undefined) return true;
    return this.#take(await openSlot(slot, passphrase));
  }

  /** A mail program was let in with this password: it unlocks, or, where it is a new one, will do so from now on. */
  async admitted(password: string): Promise<void> {
    const slot = this.#slots.get('login');
    if (slot === undefined || this.#current.has('login')) return;
    const master = await openSlot(slot, password);
    if (master !== null) this.#current.add('login');
    if (this.state === 'locked') this.#take(master);
    else if (master === null && this.#master !== undefined) this.#put(await makeSlot('login', password, this.#master));
  }

  /** As `admitted`, for one that has proved that it knows the password. */
  async proved(clientKey: Uint8Array): Promise<void> {
    const slot = this.#slots.get('proof');
    if (slot === undefined || this.#current.has('proof')) return;
    const master = openProofSlot(slot, clientKey);
    if (master !== null) this.#current.add('proof');
    if (this.state === 'locked') this.#take(master);
    else if (master === null && this.#master !== undefined) this.#put(makeProofSlot(clientKey, this.#master));
  }

  /**
   * Seals all secrets. Resolves when nothing of them stands readable in the files.
   *
   * @param login null: mail programs that log in do not unlock
   */
  async encrypt(passphrase: string, login: LoginSecret | null): Promise<void> {
    if (this.state !== 'open') throw new Error('the keys are encrypted already');
    const master = new Uint8Array(randomBytes(KEY_BYTES));
    const slots = [await makeSlot('passphrase', passphrase, master), ...(login === null ? [] : await loginSlots(login, master))];
    if (this.state !== 'open') throw new Error('the keys were encrypted meanwhile');
    this.#turn(slotMap(slots), master, () => {
      for (const slot of slots) this.rooms.slots.put(slot);
    });
    await this.rooms.cleanse();
  }

  /** Everything stands readable again. @throws Error unless it is unlocked */
  async decrypt(): Promise<void> {
    this.#key();
    this.#turn(new Map(), undefined, () => this.rooms.slots.removeAll());
    await this.rooms.cleanse();
  }

  /** @throws Error unless it is unlocked */
  async changePassphrase(passphrase: string): Promise<void> {
    this.#put(await makeSlot('passphrase', passphrase, this.#key()));
    await this.rooms.cleanse();
  }

  /** Whether this is the passphrase. */
  async isPassphrase(passphrase: string): Promise<boolean> {
    const slot = this.#slots.get('passphrase');
    return slot !== undefined && (await openSlot(slot, passphrase)) !== null;
  }

  /** All or nothing: the slots, and every secret in its other form. */
  #turn(slots: Map<SlotKind, KeySlot>, master: Uint8Array | undefined, store: () => void): void {
    const before = { slots: this.#slots, master: this.#master };
    this.#slots = slots;
    this.#master = master ?? before.master;
    try {
      this.rooms.transaction(() => {
        store();
        for (const rewrite of this.#rewriters) rewrite();
      });
      this.#master = master;
    } catch (error) {
      this.#slots = before.slots;
      this.#master = before.master;
      throw error;
    }
  }

  #take(master: Uint8Array | null): boolean {
    if (master === null) return false;
    this.#master = master;
    for (const listener of this.#listeners) listener();
    return true;
  }

  #put(slot: KeySlot): void {
    this.rooms.transaction(() => this.rooms.slots.put(slot));
    this.#slots.set(slot.kind, slot);
    this.#current.add(slot.kind);
  }

  #key(): Uint8Array {
    if (this.#master === undefined) throw new Error('the keys are locked');
    return this.#master;
  }
}

async function loginSlots({ password, scram }: LoginSecret, master: Uint8Array): Promise<KeySlot[]> {
  if (password === null) return [emptySlot('login'), emptySlot('proof')];
  const proof = scram === null ? emptySlot('proof') : makeProofSlot(scramClientKey(password, scram), master);
  return [await makeSlot('login', password, master), proof];
}

function slotMap(slots: readonly KeySlot[]): Map<SlotKind, KeySlot> {
  return new Map(slots.map((slot) => [slot.kind, slot]));
}
