/** A small seeded generator for property tests: the seed is printed, and POSTERN_SEED repeats a run. */

export interface Generator {
  readonly seed: number;
  /** 0 … limit - 1 */
  below(limit: number): number;
  u32(): number;
  u64(): bigint;
  bytes(length: number): Uint8Array;
  pick<T>(from: readonly T[]): T;
}

/** mulberry32: 32 bits of state are enough to make test cases, never to make keys. */
export function generator(seed = chooseSeed()): Generator {
  let state = seed >>> 0;
  const u32 = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const below = (limit: number): number => u32() % limit;
  return {
    seed,
    below,
    u32,
    u64: () => (BigInt(u32()) << 32n) | BigInt(u32()),
    bytes: (length) => Uint8Array.from({ length }, () => below(256)),
    pick: (from) => from[below(from.length)] as (typeof from)[number],
  };
}

function chooseSeed(): number {
  const given = process.env.POSTERN_SEED;
  return given === undefined ? Math.floor(Math.random() * 2 ** 32) : Number(given);
}
