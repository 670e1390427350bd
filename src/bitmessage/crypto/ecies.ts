/** The encrypted block of pubkeys, messages and broadcasts: ECDH on secp256k1, AES-256-CBC, HMAC-SHA-256. */
import { createCipheriv, createDecipheriv, createHmac, diffieHellman, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto';
import { ByteReader, concat, DecodeError, u16 } from '../wire/bytes.js';
import { sha512 } from './hash.js';
import { randomPrivateKey } from './key-search.js';
import { importPrivateKey, importPublicKey, PUBLIC_KEY_BYTES, publicKeyOf } from './keys.js';

/** A block taken apart, nothing in it believed yet. */
export interface EciesBlock {
  readonly iv: Uint8Array;
  /** 64 bytes; perhaps no point of the curve. */
  readonly ephemeralKey: Uint8Array;
  readonly ciphertext: Uint8Array;
  /** What the MAC covers: everything before it, as it was received. */
  readonly authenticated: Uint8Array;
  readonly mac: Uint8Array;
}

export interface Decrypted {
  /** Which of the keys fits. */
  readonly keyIndex: number;
  readonly plaintext: Uint8Array;
}

/** What sender and recipient derive from the point that they share. */
export interface SharedKeys {
  readonly cipherKey: Uint8Array;
  readonly macKey: Uint8Array;
}

/** OpenSSL's number of secp256k1. Nothing else was ever sent; PyBitmessage does not look. */
const CURVE_ID = 0x02ca;
const IV_BYTES = 16;
const COORDINATE_BYTES = PUBLIC_KEY_BYTES / 2;
export const CIPHER_BLOCK_BYTES = 16;
const MAC_BYTES = 32;

/**
 * Takes a block apart: IV, curve, X and Y each with its length (1 to 32: old programs drop leading zero bytes), ciphertext, MAC.
 *
 * Spec: PROTOCOL 3.7
 * @throws DecodeError when it cannot be a block
 */
export function readEciesBlock(bytes: Uint8Array): EciesBlock {
  const reader = new ByteReader(bytes);
  const iv = reader.take(IV_BYTES);
  if (reader.u16() !== CURVE_ID) throw new DecodeError('encrypted with another curve');
  const ephemeralKey = concat(readCoordinate(reader), readCoordinate(reader));
  const ciphertext = reader.take(Math.max(reader.remaining - MAC_BYTES, 0));
  if (ciphertext.length === 0 || ciphertext.length % CIPHER_BLOCK_BYTES !== 0)
    throw new DecodeError('ciphertext is no whole number of blocks');
  return { iv, ephemeralKey, ciphertext, authenticated: bytes.subarray(0, reader.offset), mac: reader.take(MAC_BYTES) };
}

/**
 * Encrypts to a 64-byte public key.
 *
 * The ephemeral key is drawn until neither coordinate begins with a zero byte (127 of 128 do not): programs disagree whether to
 * write that byte, and so none can stumble over it.
 *
 * @throws RangeError when the public key is no point of the curve
 */
export function encrypt(plaintext: Uint8Array, publicKey: Uint8Array): Uint8Array {
  for (;;) {
    const privateKey = randomPrivateKey();
    const ephemeral = publicKeyOf(privateKey);
    if (ephemeral[0] === 0 || ephemeral[COORDINATE_BYTES] === 0) continue;
    return encryptWith(plaintext, publicKey, privateKey, new Uint8Array(randomBytes(IV_BYTES)));
  }
}

/** Encrypts with a given ephemeral key and IV: for comparing with what others computed. Neither may ever be used twice. */
export function encryptWith(plaintext: Uint8Array, publicKey: Uint8Array, ephemeralPrivateKey: Uint8Array, iv: Uint8Array): Uint8Array {
  const recipient = importPublicKey(publicKey);
  if (recipient === undefined) throw new RangeError('public key is no point of secp256k1');
  const { cipherKey, macKey } = sharedKeys(diffieHellman({ privateKey: importPrivateKey(ephemeralPrivateKey), publicKey: recipient }));
  const ephemeralKey = publicKeyOf(ephemeralPrivateKey);
  const cipher = createCipheriv('aes-256-cbc', cipherKey, iv);
  const authenticated = concat(
    iv,
    u16(CURVE_ID),
    u16(COORDINATE_BYTES),
    ephemeralKey.subarray(0, COORDINATE_BYTES),
    u16(COORDINATE_BYTES),
    ephemeralKey.subarray(COORDINATE_BYTES),
    cipher.update(plaintext),
    cipher.final(),
  );
  return concat(authenticated, macOf(authenticated, macKey));
}

/**
 * Decrypts with one key (see `importPrivateKey`).
 *
 * Answers undefined when it does not fit, the ephemeral key is no point, or what it opens is not padded as it must be.
 */
export function decrypt(block: EciesBlock, privateKey: KeyObject): Uint8Array | undefined {
  const publicKey = importPublicKey(block.ephemeralKey);
  if (publicKey === undefined) return undefined;
  const keys = sharedKeys(diffieHellman({ privateKey, publicKey }));
  return hasMac(block, keys) ? decipher(block, keys.cipherKey) : undefined;
}

/** SHA-512 over the shared point's X, 32 bytes with leading zeros: first half encrypts, second half authenticates. */
export function sharedKeys(sharedX: Uint8Array): SharedKeys {
  const derived = sha512(sharedX);
  return { cipherKey: derived.subarray(0, 32), macKey: derived.subarray(32, 64) };
}

/** Is the block authentic under these keys? */
export function hasMac(block: EciesBlock, { macKey }: SharedKeys): boolean {
  return timingSafeEqual(macOf(block.authenticated, macKey), block.mac);
}

/** Takes apart and decrypts with one raw private key. Answers undefined for whatever does not open, malformed blocks included. */
export function decryptBytes(bytes: Uint8Array, privateKey: Uint8Array): Uint8Array | undefined {
  try {
    return decrypt(readEciesBlock(bytes), importPrivateKey(privateKey));
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

function readCoordinate(reader: ByteReader): Uint8Array {
  const length = reader.u16();
  if (length < 1 || length > COORDINATE_BYTES) throw new DecodeError(`a coordinate of ${length} bytes`);
  return concat(new Uint8Array(COORDINATE_BYTES - length), reader.take(length));
}

function macOf(authenticated: Uint8Array, macKey: Uint8Array): Uint8Array {
  return createHmac('sha256', macKey).update(authenticated).digest();
}

function decipher({ iv, ciphertext }: EciesBlock, cipherKey: Uint8Array): Uint8Array | undefined {
  const cipher = createDecipheriv('aes-256-cbc', cipherKey, iv);
  try {
    return concat(cipher.update(ciphertext), cipher.final());
  } catch {
    return undefined; // wrong PKCS#7 padding: the sender's fault, and the only one that can be left
  }
}
