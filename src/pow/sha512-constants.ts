/** The constants of SHA-512, from what defines them. */

/** First 64 bits of the fractional parts of the cube roots of the first 80 primes. FIPS 180-4 §4.2.3. */
export const ROUND_CONSTANTS: readonly bigint[] = primes(80).map((prime) => fractionOfRoot(prime, 3n));

/** First 64 bits of the fractional parts of the square roots of the first 8 primes. FIPS 180-4 §5.3.5. */
export const INITIAL_STATE: readonly bigint[] = primes(8).map((prime) => fractionOfRoot(prime, 2n));

function primes(count: number): bigint[] {
  const found: bigint[] = [];
  for (let candidate = 2n; found.length < count; candidate++) {
    if (found.every((prime) => candidate % prime !== 0n)) found.push(candidate);
  }
  return found;
}

/** The root, shifted left by 64 bits and floored, without its whole part; found bit by bit from above. */
function fractionOfRoot(value: bigint, degree: bigint): bigint {
  const shifted = value << (64n * degree);
  let root = 0n;
  // The roots of numbers below 2^16 have at most 8 bits before the point.
  for (let bit = 1n << 71n; bit > 0n; bit >>= 1n) {
    if ((root + bit) ** degree <= shifted) root += bit;
  }
  return BigInt.asUintN(64, root);
}
