/** The hashes of the protocol, each under the name of what it is for. */
import { createHash, getHashes, hash as hashAtOnce } from 'node:crypto';
import { ripemd160 as pureRipemd160 } from '@noble/hashes/legacy.js';

export function sha512(bytes: Uint8Array): Uint8Array {
  return hash('sha512', bytes);
}

export function doubleSha512(bytes: Uint8Array): Uint8Array {
  return sha512(sha512(bytes));
}

export function sha256(bytes: Uint8Array): Uint8Array {
  return hash('sha256', bytes);
}

/** RIPEMD-160 of OpenSSL, or undefined where the system's OpenSSL 3 has no legacy provider. */
export const nativeRipemd160 = findNativeRipemd160();

/** The fallback, which runs everywhere. */
export { pureRipemd160 };

export const ripemd160: (bytes: Uint8Array) => Uint8Array = nativeRipemd160 ?? pureRipemd160;

/**
 * What names an object in inv and getdata: 32 bytes over the whole object, nonce included.
 *
 * @param digest its SHA-512, where that is known: the packet that brought it was checked with it
 */
export function inventoryHash(object: Uint8Array, digest = sha512(object)): Uint8Array {
  return sha512(digest).subarray(0, 32);
}

/** What makes two copies of one signed message the same: the second half of the double hash. PROTOCOL 3.11. */
export function signatureHash(signature: Uint8Array): Uint8Array {
  return doubleSha512(signature).subarray(32, 64);
}

function findNativeRipemd160(): ((bytes: Uint8Array) => Uint8Array) | undefined {
  if (!getHashes().some((name) => name.toLowerCase() === 'ripemd160')) return undefined;
  try {
    // Listed is not available: OpenSSL 3 lists it and fails when the provider is off.
    createHash('ripemd160');
  } catch {
    return undefined;
  }
  return (bytes) => hash('ripemd160', bytes);
}

/** A plain Uint8Array, not the Buffer that node:crypto answers with: the two are unequal to strict comparisons. */
function hash(name: string, bytes: Uint8Array): Uint8Array {
  const digest = hashAtOnce(name, bytes, 'buffer');
  return new Uint8Array(digest.buffer, digest.byteOffset, digest.length);
}
