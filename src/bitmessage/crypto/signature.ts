/** ECDSA signatures as objects carry them: DER, over SHA-256, or over SHA-1 by older programs. */
import { sign as ecdsaSign, verify as ecdsaVerify } from 'node:crypto';
import { importPrivateKey, importPublicKey } from './keys.js';

export type SignatureDigest = 'sha1' | 'sha256';

/** Room for any DER signature of the curve (72 bytes at most), and not for mischief; PROTOCOL 3.8. */
export const MAX_SIGNATURE_BYTES = 80;
/** Two integers of one byte each. */
const MIN_SIGNATURE_BYTES = 8;
/** The digest is not marked: notbit and Jabit sign with SHA-1, PyBitmessage and bmd with SHA-256. */
const DIGESTS: readonly SignatureDigest[] = ['sha256', 'sha1'];

/** @param digest sha1 only for peers that know nothing else */
export function sign(message: Uint8Array, privateKey: Uint8Array, digest: SignatureDigest = 'sha256'): Uint8Array {
  return new Uint8Array(ecdsaSign(digest, message, importPrivateKey(privateKey)));
}

/**
 * Is this the key's signature, over either digest? A great s is as good as a small one; what is not strict DER is refused, as
 * PyBitmessage's OpenSSL does.
 */
export function verify(message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array, digests = DIGESTS): boolean {
  if (signature.length < MIN_SIGNATURE_BYTES || signature.length > MAX_SIGNATURE_BYTES) return false;
  const key = importPublicKey(publicKey);
  return key !== undefined && digests.some((digest) => ecdsaVerify(digest, message, key, signature));
}
