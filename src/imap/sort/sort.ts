/** SORT of many messages: their keys are read once, as numbers and bytes, and sorted with pauses. */
import { ByteKeys } from './byte-keys.js';
import { sortIndexes } from './sort-indexes.js';
import { compareRows, isNumber, readSortRows, type SortContext, type SortCriterion } from './sort-values.js';

/** Some milliseconds. */
const ROWS_PER_SLICE = 250;

type Column = { readonly numbers: Float64Array } | { readonly texts: ByteKeys };

/** These UIDs in the wanted order; messages that are gone are left out. @param uids ascending: what all criteria find equal stays so */
export async function sort(criteria: readonly SortCriterion[], uids: ArrayLike<number>, context: SortContext): Promise<Uint32Array> {
  return (await sortThose(criteria, uids, context)).order;
}

/** The same, and which of them are there, ascending. */
export async function sortThose(
  criteria: readonly SortCriterion[],
  uids: ArrayLike<number>,
  context: SortContext,
): Promise<{ uids: Uint32Array; order: Uint32Array }> {
  const there = new Uint32Array(uids.length);
  let count = 0;
  const columns = criteria.map(
    ({ key }): Column => (isNumber(key) ? { numbers: new Float64Array(uids.length) } : { texts: new ByteKeys(uids.length) }),
  );
  for (let start = 0; start < uids.length; start += ROWS_PER_SLICE) {
    for (const row of readSortRows(criteria, slice(uids, start, start + ROWS_PER_SLICE), context)) {
      for (const [index, column] of columns.entries()) {
        if ('texts' in column) column.texts.add(row.values[index] as string);
        else column.numbers[count] = row.values[index] as number;
      }
      there[count++] = row.uid;
    }
    await context.breathe();
  }
  const sorted = await sortIndexes(count, comparison(criteria, columns, there, context), () => context.breathe());
  return { uids: there.slice(0, count), order: sorted.map((index) => there[index]) };
}

function comparison(
  criteria: readonly SortCriterion[],
  columns: readonly Column[],
  uids: Uint32Array,
  context: SortContext,
): (one: number, other: number) => number {
  return (one, other) => {
    for (let i = 0; i < columns.length; i++) {
      const column = columns[i];
      const order = 'texts' in column ? column.texts.compare(one, other) : column.numbers[one] - column.numbers[other];
      if (order !== 0) return criteria[i].reverse ? -order : order;
      // Monsters that are the same as far as was kept of them.
      if ('texts' in column && column.texts.isCut(one)) return compareWhole(criteria, [uids[one], uids[other]], context);
    }
    return uids[one] - uids[other];
  };
}

function compareWhole(criteria: readonly SortCriterion[], [one, other]: [number, number], context: SortContext): number {
  const rows = readSortRows(criteria, [Math.min(one, other), Math.max(one, other)], context);
  if (rows.length < 2) return one - other;
  return one < other ? compareRows(criteria, rows[0], rows[1]) : compareRows(criteria, rows[1], rows[0]);
}

function slice(uids: ArrayLike<number>, start: number, end: number): number[] {
  return Array.prototype.slice.call(uids, start, end) as number[];
}
