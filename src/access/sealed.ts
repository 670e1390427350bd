/** A secret as it is kept on the disk: encrypted, and bound to what it is the secret of. Pure. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

export const KEY_BYTES = 32;

const CIPHER = 'aes-256-gcm';
/** So that another way to seal can be told from this one, should there ever be one. */
const FORM = 1;
/** NIST SP 800-38D §8.2.2: at random; each key of ours seals some hundred secrets, of 2^32 that it may. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** The form, the nonce, the cipher text, the tag. @param name what it is: it opens under no other */
export function seal(key: Uint8Array, secret: Uint8Array, name: string): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce);
  cipher.setAAD(Buffer.from(name));
  return new Uint8Array(Buffer.concat([Buffer.of(FORM), nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()]));
}

/** Null when it was sealed with another key, for another name, or was changed since. */
export function unseal(key: Uint8Array, sealed: Uint8Array, name: string): Uint8Array | null {
  const text = sealed.subarray(1 + NONCE_BYTES, sealed.length - TAG_BYTES);
  if (sealed.length < 1 + NONCE_BYTES + TAG_BYTES || sealed[0] !== FORM) return null;
  const decipher = createDecipheriv(CIPHER, key, sealed.subarray(1, 1 + NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(name));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  try {
    return new Uint8Array(Buffer.concat([decipher.update(text), decipher.final()]));
  } catch {
    return null; // OpenSSL says no more than that
  }
}
