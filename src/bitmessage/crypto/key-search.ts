/** The search for keys whose ripe begins with zero bytes, in slices, so that whoever runs it can breathe in between. */
import { randomBytes } from 'node:crypto';
import { Point } from '@noble/secp256k1';
import { concat, fromHex, toHex } from '../wire/bytes.js';
import { varInt } from '../wire/varint.js';
import { sha512 } from './hash.js';
import { CURVE_ORDER, type IdentityKeys, identityKeys, isPrivateKey, PRIVATE_KEY_BYTES, publicKeyOf, ripeOf, withPrefix } from './keys.js';

export interface KeySearch<Found extends IdentityKeys = IdentityKeys> {
  /** Works for about 10 ms. Answers keys when some were found; called again, it looks for the next ones. */
  step(): Found | undefined;
}

export interface DeterministicKeys extends IdentityKeys {
  readonly signingNonce: number;
  readonly encryptionNonce: number;
}

/** How many zero bytes the ripe must begin with: 1, or 2 for an address that is shorter by a character and costs 256 times the tries. */
export type LeadingZeros = 1 | 2;

/** Two key derivations of 0.4 ms each: 16 tries are 13 ms. About 256 tries find one zero byte. */
export const DETERMINISTIC_TRIES_PER_STEP = 16;
/** A try costs 20 µs here, see `randomKeySearch`. */
export const RANDOM_TRIES_PER_STEP = 512;

/** Runs a search to its next find; `pause` lets other work through between the slices. */
export async function findKeys<Found extends IdentityKeys>(search: KeySearch<Found>, pause: () => Promise<void>): Promise<Found> {
  for (;;) {
    const found = search.step();
    if (found !== undefined) return found;
    await pause();
  }
}

/**
 * Keys made of a passphrase: SHA-512(passphrase ‖ var_int(nonce)), first half, nonces 0 and 1, then 2 and 3 and so on.
 * Every find goes on where the last one stopped: the second address of a passphrase is the second find.
 *
 * Version and stream do not enter. Chans are the first find with one zero byte. Spec: PROTOCOL 3.5
 */
export function deterministicKeySearch(
  passphrase: Uint8Array,
  leadingZeros: LeadingZeros = 1,
  firstNonce = 0,
): KeySearch<DeterministicKeys> {
  let nonce = firstNonce;
  const derive = (value: number): Uint8Array => sha512(concat(passphrase, varInt(value))).subarray(0, PRIVATE_KEY_BYTES);
  return {
    step: () => {
      for (let tries = 0; tries < DETERMINISTIC_TRIES_PER_STEP; tries++) {
        const [signingNonce, encryptionNonce] = [nonce, nonce + 1];
        nonce += 2;
        const [signingPrivateKey, encryptionPrivateKey] = [derive(signingNonce), derive(encryptionNonce)];
        // One in 2^128 hashes is no key; PyBitmessage does not look.
        if (!isPrivateKey(signingPrivateKey) || !isPrivateKey(encryptionPrivateKey)) continue;
        const keys = identityKeys(signingPrivateKey, encryptionPrivateKey);
        if (beginsWithZeros(keys.ripe, leadingZeros)) return { ...keys, signingNonce, encryptionNonce };
      }
      return undefined;
    },
  };
}

/**
 * Random keys: one signing key, and encryption keys until the ripe fits.
 *
 * The encryption keys tried are d, d + 1, d + 2 … from a random d, so that each public key is the last one plus G: 20 times
 * faster than a multiplication each. The one that fits is as random as d, and the others are forgotten.
 */
export function randomKeySearch(leadingZeros: LeadingZeros = 1): KeySearch {
  let row = randomRow();
  return {
    step: () => {
      const { signingPrivateKey, signingKey, firstScalar } = row;
      const points: Point[] = [];
      for (let tries = 0; tries < RANDOM_TRIES_PER_STEP; tries++) {
        points.push(row.point);
        row.point = row.point.add(Point.BASE);
      }
      row.firstScalar += BigInt(points.length);
      const index = publicKeysOf(points).findIndex((key) => beginsWithZeros(ripeOf(signingKey, key), leadingZeros));
      if (index < 0) return undefined;
      row = randomRow(); // the next address shall have nothing in common with this one
      // Computed again from the private keys by the library, which has the last word.
      const keys = identityKeys(signingPrivateKey, fromNumber((firstScalar + BigInt(index)) % CURVE_ORDER));
      if (!beginsWithZeros(keys.ripe, leadingZeros)) throw new Error('key search and library disagree');
      return keys;
    },
  };
}

export function randomPrivateKey(): Uint8Array {
  for (;;) {
    const key = new Uint8Array(randomBytes(PRIVATE_KEY_BYTES));
    if (isPrivateKey(key)) return key;
  }
}

/** A signing key, and where the row of encryption keys begins. */
function randomRow(): { signingPrivateKey: Uint8Array; signingKey: Uint8Array; firstScalar: bigint; point: Point } {
  const signingPrivateKey = randomPrivateKey();
  const first = randomPrivateKey();
  return {
    signingPrivateKey,
    signingKey: publicKeyOf(signingPrivateKey),
    firstScalar: BigInt(`0x${toHex(first)}`),
    point: Point.fromBytes(withPrefix(publicKeyOf(first))),
  };
}

/** 64-byte forms of many points for the price of one inversion (Montgomery's trick). */
function publicKeysOf(points: readonly Point[]): Uint8Array[] {
  const { p } = Point.CURVE();
  const products: bigint[] = [];
  let product = 1n;
  for (const { Z } of points) {
    products.push(product);
    product = (product * Z) % p;
  }
  let inverse = invert(product, p);
  const keys: Uint8Array[] = [];
  for (let index = points.length - 1; index >= 0; index--) {
    const { X, Y, Z } = points[index] as Point;
    const inverseZ = (inverse * (products[index] as bigint)) % p;
    inverse = (inverse * Z) % p;
    keys[index] = concat(fromNumber((X * inverseZ) % p), fromNumber((Y * inverseZ) % p));
  }
  return keys;
}

/** Extended Euclid; `value` is not 0 modulo the prime. */
function invert(value: bigint, prime: bigint): bigint {
  let [a, b, x, y] = [value % prime, prime, 1n, 0n];
  while (a !== 0n) {
    const quotient = b / a;
    [a, b] = [b - quotient * a, a];
    [x, y] = [y - quotient * x, x];
  }
  return ((y % prime) + prime) % prime;
}

function beginsWithZeros(ripe: Uint8Array, count: number): boolean {
  return ripe.subarray(0, count).every((byte) => byte === 0);
}

function fromNumber(value: bigint): Uint8Array {
  return fromHex(value.toString(16).padStart(2 * PRIVATE_KEY_BYTES, '0'));
}
