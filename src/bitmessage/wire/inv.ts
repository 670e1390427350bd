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

/** The hashes of a packet, made into keys only as they are taken: 50,000 at once would hold everybody up. */
export interface HashList {
  readonly length: number;
  slice(start: number, end: number): HashKey[];
}

/** Reads inv, dinv or getdata; an empty list is legal, trailing bytes are ignored. @throws DecodeError when it is cut or says more than 50,000 */
export function readInv(payload: Uint8Array): HashList {
  const reader = new ByteReader(payload);
  const length = readCount(reader, MAX_INV_COUNT);
  const hashes = Buffer.from(payload.buffer, payload.byteOffset + reader.offset, reader.remaining);
  if (hashes.length < length * HASH_BYTES) throw new DecodeError(`${length} hashes announced, ${hashes.length} bytes sent`);
  const keyAt = (index: number): HashKey => hashes.toString('latin1', index * HASH_BYTES, (index + 1) * HASH_BYTES);
  return {
    length,
    slice: (start, end) => Array.from({ length: Math.min(end, length) - start }, (_, index) => keyAt(start + index)),
  };
}

/** As `readInv`, all at once. */
export function decodeInv(payload: Uint8Array): HashKey[] {
  const list = readInv(payload);
  return list.slice(0, list.length);
}
