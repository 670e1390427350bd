/** Sorts long lists by a number of each item without keeping anybody waiting: by its digits, the lowest first, with pauses. Pure. */

/** Few counters where there is little to sort, few rounds where there is much. */
const BASE = 256;
const LARGE_BASE = 65_536;
const LARGE = 50_000;
/** A millisecond or two. */
const PER_SLICE = 50_000;

/**
 * The same items, those with the lower numbers first; what is equal keeps its order.
 *
 * @param items indexes of `values`
 * @param values integers that differ by less than 2^53
 */
export async function sortByNumbers(
  items: Uint32Array,
  values: Float64Array,
  breathe: () => Promise<void>,
  isReverse = false,
): Promise<Uint32Array> {
  let lowest = Infinity;
  let highest = -Infinity;
  for (let i = 0; i < items.length; i++) {
    if (i % PER_SLICE === 0) await breathe();
    const value = values[items[i]];
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  const base = items.length > LARGE ? LARGE_BASE : BASE;
  let sorted = items;
  let spare: Uint32Array = new Uint32Array(items.length);
  for (let unit = 1; unit <= highest - lowest; unit *= base) {
    const digit = digitOf(values, isReverse ? highest : lowest, unit, base);
    await sortByDigit(sorted, spare, digit, base, breathe);
    // What was given stays as it is.
    [sorted, spare] = [spare, sorted === items ? new Uint32Array(items.length) : sorted];
  }
  return sorted;
}

function digitOf(values: Float64Array, zero: number, unit: number, base: number): (item: number) => number {
  return (item) => Math.floor(Math.abs(values[item] - zero) / unit) % base;
}

async function sortByDigit(
  from: Uint32Array,
  to: Uint32Array,
  digit: (item: number) => number,
  base: number,
  breathe: () => Promise<void>,
): Promise<void> {
  const starts = new Uint32Array(base + 1);
  for (let i = 0; i < from.length; i++) {
    if (i % PER_SLICE === 0) await breathe();
    starts[digit(from[i]) + 1]++;
  }
  for (let i = 1; i <= base; i++) starts[i] += starts[i - 1];
  for (let i = 0; i < from.length; i++) {
    if (i % PER_SLICE === 0) await breathe();
    to[starts[digit(from[i])]++] = from[i];
  }
}

/** The same numbers, ascending. */
export async function ascending(numbers: Uint32Array, breathe: () => Promise<void>): Promise<Uint32Array> {
  for (let i = 1; i < numbers.length; i++) {
    if (i % PER_SLICE === 0) await breathe();
    if (numbers[i] >= numbers[i - 1]) continue;
    const order = await sortByNumbers(firstNumbers(numbers.length), new Float64Array(numbers), breathe);
    for (let at = 0; at < order.length; at++) {
      if (at % PER_SLICE === 0) await breathe();
      order[at] = numbers[order[at]];
    }
    return order;
  }
  return numbers;
}

/** The numbers from 0 to before `count`. */
export function firstNumbers(count: number): Uint32Array {
  const numbers = new Uint32Array(count);
  for (let i = 0; i < count; i++) numbers[i] = i;
  return numbers;
}
