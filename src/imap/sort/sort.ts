/** SORT of many messages: their keys are read once, as numbers and bytes, and sorted with pauses. */
import { ByteKeys } from './byte-keys.js';
import { firstNumbers, sortByNumbers } from './sort-by-numbers.js';
import { compareValues, isNumber, readSortRows, type SortContext, type SortCriterion } from './sort-values.js';

/** Some milliseconds. */
const ROWS_PER_SLICE = 1_000;
const NUMBERS_PER_SLICE = 50_000;

/** What one criterion compares, by message: numbers, or the numbers of texts. */
interface Column {
  readonly values: Float64Array;
  readonly texts: ByteKeys | null;
  /** Whose text it is, of monsters that are not wholly kept. */
  readonly owners: Map<number, number>;
}

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
  const breathe = (): Promise<void> => context.breathe();
  const there = new Uint32Array(uids.length);
  const columns = criteria.map(
    ({ key }): Column => ({ values: new Float64Array(uids.length), texts: isNumber(key) ? null : new ByteKeys(), owners: new Map() }),
  );
  let count = 0;
  for (let start = 0; start < uids.length; start += ROWS_PER_SLICE) {
    const rows = readSortRows(criteria, slice(uids, start, start + ROWS_PER_SLICE), context);
    for (const { texts } of columns) await texts?.reserve(rows.length, breathe);
    for (const { uid, values } of rows) {
      for (let i = 0; i < columns.length; i++) columns[i].values[count] = toNumber(values[i], uid, columns[i]);
      there[count++] = uid;
    }
    await breathe();
  }
  let order = firstNumbers(count);
  // By the last criterion first: what a later round finds equal stays as it is.
  for (const [index, criterion] of [...criteria.entries()].reverse()) {
    await rank(columns[index], criterion, context);
    order = await sortByNumbers(order, columns[index].values, breathe, criterion.reverse);
  }
  for (let at = 0; at < count; at++) {
    if (at % NUMBERS_PER_SLICE === 0) await breathe();
    order[at] = there[order[at]];
  }
  return { uids: there.slice(0, count), order };
}

function toNumber(value: string | number, uid: number, { texts, owners }: Column): number {
  if (typeof value === 'number' || texts === null) return Number(value);
  const number = texts.add(value);
  if (texts.isCut(number)) owners.set(number, uid);
  return number;
}

/** Puts in the place of each text where it comes among the others. */
async function rank({ values, texts, owners }: Column, criterion: SortCriterion, context: SortContext): Promise<void> {
  if (texts === null) return;
  const ranks = await texts.ranks(
    (one, other) => compareWhole(criterion, [owners.get(one)!, owners.get(other)!], context),
    () => context.breathe(),
  );
  for (let message = 0; message < values.length; message++) {
    values[message] = ranks[values[message]];
    if (message % NUMBERS_PER_SLICE === 0) await context.breathe();
  }
}

/** Of two messages; 0 also when one of them is gone. */
function compareWhole(criterion: SortCriterion, [one, other]: [number, number], context: SortContext): number {
  const rows = readSortRows([criterion], [Math.min(one, other), Math.max(one, other)], context);
  if (rows.length < 2) return 0;
  return (one < other ? 1 : -1) * compareValues(rows[0].values[0], rows[1].values[0]);
}

function slice(uids: ArrayLike<number>, start: number, end: number): number[] {
  return Array.prototype.slice.call(uids, start, end) as number[];
}
