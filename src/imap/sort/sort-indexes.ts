/** Sorts long lists by number without keeping anybody waiting: a merge sort with pauses. */

/** Sorted in one go: a few milliseconds even with costly comparisons. */
const RUN_LENGTH = 1_024;
const PER_SLICE = 4_096;

/** The numbers from 0 to before `count`, sorted. @param compare never 0 */
export async function sortIndexes(
  count: number,
  compare: (a: number, b: number) => number,
  breathe: () => Promise<void>,
): Promise<Uint32Array> {
  let sorted = new Uint32Array(count);
  for (let start = 0; start < count; start += RUN_LENGTH) {
    const end = Math.min(start + RUN_LENGTH, count);
    for (let i = start; i < end; i++) sorted[i] = i;
    sorted.subarray(start, end).sort(compare);
    await breathe();
  }
  let spare = new Uint32Array(count);
  for (let width = RUN_LENGTH; width < count; width *= 2) {
    for (let start = 0; start < count; start += 2 * width) {
      const middle = Math.min(start + width, count);
      await merge(sorted, { start, middle, end: Math.min(middle + width, count) }, spare, compare, breathe);
    }
    [sorted, spare] = [spare, sorted];
  }
  return sorted;
}

async function merge(
  from: Uint32Array,
  { start, middle, end }: { readonly start: number; readonly middle: number; readonly end: number },
  to: Uint32Array,
  compare: (a: number, b: number) => number,
  breathe: () => Promise<void>,
): Promise<void> {
  let left = start;
  let right = middle;
  for (let at = start; at < end; at++) {
    if (right >= end || (left < middle && compare(from[left], from[right]) < 0)) to[at] = from[left++];
    else to[at] = from[right++];
    if (at % PER_SLICE === 0) await breathe();
  }
}
