/** The lists of hashes: inv, dinv and getdata. */
import { ByteReader, concat, DecodeError } from './bytes.js';
import { readCount, varInt } from './varint.js';

/** An inventory hash as a Map key: 32 one-byte characters take half the memory of hex. */
export type HashKey = string;

export const HASH_BYTES = 32;
/** PyBitmessage MAX_OBJECT_COUNT: more in one packet is ignored there, and closes elsewhere. */
export const MAX_INV_COUNT = 50_000;

export function hashKey(hash: Uint8Array): HashKey {
  return Buffer.from(hash.buffer, hash.byteOffset, hash.byteLength).toString('latin1');
}

export function keyHash(key: HashKey): Uint8Array {
  return new Uint8Array(Buffer.from(key, 'latin1'));
}

/**
 * Encodes inv, dinv or getdata: var_int count, then the hashes.
 *
 * @throws RangeError for an empty list (bmd disconnects, PyBitmessage answers garbage) or more than 50,000
 */
export function encodeInv(keys: readonly HashKey[]): Uint8Array {
  if (keys.length === 0 || keys.length > MAX_INV_COUNT) throw new RangeError(`an inv of ${keys.length}`);
  const hashes = Buffer.alloc(keys.length * HASH_BYTES);
  for (const [index, key] of keys.entries()) hashes.write(key, index * HASH_BYTES, 'latin1');
  return concat(varInt(keys.length), hashes);
}

/** Reads inv, dinv or getdata; an empty list is legal, trailing bytes are ignored. @throws DecodeError when it is cut or says more than 50,000 */
export function decodeInv(payload: Uint8Array): HashKey[] {
  const reader = new ByteReader(payload);
  const count = readCount(reader, MAX_INV_COUNT);
  const hashes = Buffer.from(payload.buffer, payload.byteOffset + reader.offset, reader.remaining);
  if (hashes.length < count * HASH_BYTES) throw new DecodeError(`${count} hashes announced, ${hashes.length} bytes sent`);
  return Array.from({ length: count }, (_, index) => hashes.toString('latin1', index * HASH_BYTES, (index + 1) * HASH_BYTES));
}
