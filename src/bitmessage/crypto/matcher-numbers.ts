/** Numbers modulo the field's prime, between bytes and the limbs that the matcher's WebAssembly computes with. */
import { LIMB_BITS, LIMBS } from './matcher-field.js';

/** 2^256 - 2^32 - 977. */
export const FIELD_PRIME = 2n ** 256n - 2n ** 32n - 977n;

const LIMB_MASK = 2 ** LIMB_BITS - 1;
/** The last limb holds bits 232 to 255, and what is above. */
const TOP_BITS = 256 - LIMB_BITS * (LIMBS - 1);
const TOP_MASK = 2 ** TOP_BITS - 1;
const PRIME_LIMBS = toLimbs(FIELD_PRIME);

export function toLimbs(number: bigint): number[] {
  return Array.from({ length: LIMBS }, (_, index) => Number((number >> BigInt(LIMB_BITS * index)) & BigInt(LIMB_MASK)));
}

/** The number in 32 bytes, big-endian, smallest representative. @param limbs may be negative, as the WebAssembly leaves them */
export function limbsToBytes(limbs: Int32Array): Uint8Array {
  const digits = Array.from(limbs);
  // The first round leaves less than 2^256 and a few times 2^32, the second less than 2^256.
  for (let round = 0; round < 2; round++) {
    carry(digits);
    const above = digits[LIMBS - 1]! >> TOP_BITS;
    digits[LIMBS - 1]! &= TOP_MASK;
    // 2^256 = 2^32 + 977 = 8·2^29 + 977.
    digits[0]! += above * 977;
    digits[1]! += above * 8;
  }
  carry(digits);
  const reduced = digits.map((digit, index) => digit - PRIME_LIMBS[index]!);
  carry(reduced);
  return toBytes(reduced[LIMBS - 1]! >= 0 ? reduced : digits);
}

function carry(digits: number[]): void {
  for (let index = 0; index + 1 < LIMBS; index++) {
    digits[index + 1]! += digits[index]! >> LIMB_BITS;
    digits[index]! &= LIMB_MASK;
  }
}

function toBytes(digits: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(32);
  for (let index = 0; index < 32; index++) {
    const bit = 8 * index;
    const limb = Math.floor(bit / LIMB_BITS);
    const shift = bit % LIMB_BITS;
    // A byte may begin in one limb and end in the next.
    const above = shift > LIMB_BITS - 8 ? digits[limb + 1]! << (LIMB_BITS - shift) : 0;
    bytes[31 - index] = (digits[limb]! >> shift) | above;
  }
  return bytes;
}
