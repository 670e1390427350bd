/** Ways to the master key: each slot holds it, sealed with what somebody knows. See docs/decisions/0012-keys-at-rest.md. */
import { createHmac, randomBytes, type ScryptOptions } from 'node:crypto';
import { deriveKey, SCRYPT_COST } from './password.js';
import { KEY_BYTES, seal, unseal } from './sealed.js';

export type SlotKind =
  /** The passphrase that was chosen for it. */
  | 'passphrase'
  /** The password of the mail programs. */
  | 'login'
  /** What a mail program proves instead of sending the password: SCRAM's ClientKey, which is not on the disk (RFC 5802 §3). */
  | 'proof';

export interface KeySlot {
  readonly kind: SlotKind;
  /** "N:r:p" of scrypt; '' where what is known is as good as random. */
  readonly cost: string;
  readonly salt: Uint8Array;
  /** Empty: it is to be made as soon as its secret is heard of. */
  readonly sealed: Uint8Array;
}

/** People choose worse passphrases than we do: 128 MB and half a second for each guess. */
const PASSPHRASE_COST: ScryptOptions = { N: 2 ** 17, r: 8, p: 1, maxmem: 192 * 1024 * 1024 };
const SALT_BYTES = 16;
const EMPTY = new Uint8Array(0);

export function emptySlot(kind: SlotKind): KeySlot {
  return { kind, cost: '', salt: EMPTY, sealed: EMPTY };
}

export async function makeSlot(kind: 'passphrase' | 'login', password: string, master: Uint8Array): Promise<KeySlot> {
  // The verifier of the login can be guessed at for this price already.
  const cost = kind === 'passphrase' ? PASSPHRASE_COST : SCRYPT_COST;
  const salt = new Uint8Array(randomBytes(SALT_BYTES));
  const key = await deriveKey(password, salt, cost);
  return { kind, cost: [cost.N, cost.r, cost.p].join(':'), salt, sealed: seal(key, master, nameOf(kind)) };
}

/** The master key, or null when the password is another one. */
export async function openSlot({ kind, cost, salt, sealed }: KeySlot, password: string): Promise<Uint8Array | null> {
  if (sealed.length === 0) return null;
  const [N, r, p] = cost.split(':').map(Number);
  return unseal(await deriveKey(password, salt, { N, r, p, maxmem: PASSPHRASE_COST.maxmem }), sealed, nameOf(kind));
}

export function makeProofSlot(clientKey: Uint8Array, master: Uint8Array): KeySlot {
  const salt = new Uint8Array(randomBytes(SALT_BYTES));
  return { kind: 'proof', cost: '', salt, sealed: seal(proofKey(clientKey, salt), master, nameOf('proof')) };
}

export function openProofSlot({ salt, sealed }: KeySlot, clientKey: Uint8Array): Uint8Array | null {
  return sealed.length === 0 ? null : unseal(proofKey(clientKey, salt), sealed, nameOf('proof'));
}

function proofKey(clientKey: Uint8Array, salt: Uint8Array): Uint8Array {
  return createHmac('sha256', clientKey).update(salt).digest().subarray(0, KEY_BYTES);
}

function nameOf(kind: SlotKind): string {
  return `master key, ${kind}`;
}
