/** The variable-length integer and the length-prefixed string of the protocol. */
import { type ByteReader, concat, DecodeError, u16, u32, u64 } from './bytes.js';

/**
 * Reads a var_int: 1, 3, 5 or 9 bytes, big-endian, shortest form only.
 *
 * Spec: Protocol_specification, "Variable length integer"
 * @throws DecodeError when cut short or not in its shortest form
 */
export function readVarInt(reader: ByteReader): bigint {
  const first = reader.u8();
  if (first < 0xfd) return BigInt(first);
  const [value, least] =
    first === 0xfd ? [BigInt(reader.u16()), 0xfdn] : first === 0xfe ? [BigInt(reader.u32()), 0x1_0000n] : [reader.u64(), 0x1_0000_0000n];
  if (value < least) throw new DecodeError('var_int is not in its shortest form');
  return value;
}

/**
 * Reads a var_int that counts or measures something.
 *
 * @throws DecodeError above `limit`, so that nothing is allocated for a lie
 */
export function readCount(reader: ByteReader, limit: number): number {
  const value = readVarInt(reader);
  if (value > BigInt(limit)) throw new DecodeError(`count ${value} is above ${limit}`);
  return Number(value);
}

/** @throws RangeError below 0 or above 2^64 - 1 */
export function varInt(value: bigint | number): Uint8Array {
  const number = BigInt(value);
  if (number < 0n || number >= 1n << 64n) throw new RangeError(`${number} does not fit a var_int`);
  if (number < 0xfdn) return Uint8Array.of(Number(number));
  if (number < 0x1_0000n) return concat(Uint8Array.of(0xfd), u16(Number(number)));
  if (number < 0x1_0000_0000n) return concat(Uint8Array.of(0xfe), u32(Number(number)));
  return concat(Uint8Array.of(0xff), u64(number));
}

/** Reads a var_str: a var_int length and that many bytes. @throws DecodeError above `limit` bytes or cut short */
export function readVarBytes(reader: ByteReader, limit: number): Uint8Array {
  return reader.take(readCount(reader, limit));
}

export function varBytes(bytes: Uint8Array): Uint8Array {
  return concat(varInt(bytes.length), bytes);
}
