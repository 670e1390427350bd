/** Sorts long lists without keeping anybody waiting: a merge sort with pauses. */

/** Sorted in one go: a few milliseconds even with costly comparisons. */
const RUN_LENGTH = 2_000;

/** A new list; equal items keep their order. */
export async function sortInSlices<T>(items: readonly T[], compare: (a: T, b: T) => number, breathe: () => Promise<void>): Promise<T[]> {
  let runs: T[][] = [];
  for (let start = 0; start < items.length; start += RUN_LENGTH) {
    runs.push(items.slice(start, start + RUN_LENGTH).sort(compare));
    await breathe();
  }
  while (runs.length > 1) {
    const merged: T[][] = [];
    for (let i = 0; i < runs.length; i += 2) {
      merged.push(i + 1 < runs.length ? await merge(runs[i], runs[i + 1], compare, breathe) : runs[i]);
    }
    runs = merged;
  }
  return runs[0] ?? [];
}

async function merge<T>(a: readonly T[], b: readonly T[], compare: (a: T, b: T) => number, breathe: () => Promise<void>): Promise<T[]> {
  const merged: T[] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    if (j >= b.length || (i < a.length && compare(a[i], b[j]) <= 0)) merged.push(a[i++]);
    else merged.push(b[j++]);
    if (merged.length % RUN_LENGTH === 0) await breathe();
  }
  return merged;
}
