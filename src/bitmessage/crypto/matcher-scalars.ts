/** Private keys taken apart for the matcher: two halves of 128 bits each (GLV), and their signed digits. BigInt; once per set of keys. */
import { CURVE_ORDER } from './keys.js';

/** λ: multiplying a point (x, y) by it only multiplies x by β. λ³ = 1 modulo the order, β³ = 1 modulo the field's prime. */
export const LAMBDA = 0x5363ad4c_c05c30e0_a5261c02_8812645a_122e22ea_20816678_df02967c_1b23bd72n;
export const BETA = 0x7ae96a2b_657c0710_6e64479e_ac3434e9_9cf04975_12f58995_c1396c28_719501een;

/** Two short vectors (a, b) with a + b·λ = 0 modulo the order. Gallant, Lambert, Vanstone 2001, §4. */
const FIRST = { a: 0x3086d221_a7d46bcd_e86c90e4_9284eb15n, b: -0xe4437ed6_010e8828_6f547fa9_0abfe4c3n };
const SECOND = { a: 0x1_14ca50f7_a8e2f3f6_57c1108d_9d44cfd8n, b: FIRST.a };

export interface SplitScalar {
  readonly plain: bigint;
  /** What is multiplied by λ. */
  readonly timesLambda: bigint;
}

/** The scalar as plain + timesLambda·λ modulo the order, both shorter than 129 bits with their sign. */
export function splitScalar(scalar: bigint): SplitScalar {
  const first = divideRounded(SECOND.b * scalar, CURVE_ORDER);
  const second = divideRounded(-FIRST.b * scalar, CURVE_ORDER);
  const plain = scalar - first * FIRST.a - second * SECOND.a;
  const timesLambda = -first * FIRST.b - second * SECOND.b;
  // Were the two summands the same point, their sum would need a doubling, which the matcher does not have.
  const coincide = (plain - timesLambda * LAMBDA) % CURVE_ORDER === 0n;
  return coincide ? { plain: scalar, timesLambda: 0n } : { plain, timesLambda };
}

/** Signed digits, the lowest first: scalar = Σ digit·2^(bits·index), each from -2^(bits-1) + 1 to 2^(bits-1). With sign turned for a negative scalar. */
export function signedDigits(scalar: bigint, bits: number): number[] {
  const base = 1n << BigInt(bits);
  const digits: number[] = [];
  for (let rest = scalar < 0n ? -scalar : scalar; rest !== 0n; rest >>= BigInt(bits)) {
    const low = rest % base;
    const digit = low > base / 2n ? low - base : low;
    rest -= digit;
    digits.push(Number(scalar < 0n ? -digit : digit));
  }
  return digits;
}

function divideRounded(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor / 2n) / divisor;
}
