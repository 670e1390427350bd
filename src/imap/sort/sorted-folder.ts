/** Messages of a folder in the order of a SORT, kept up when some come or go: a message that comes finds its place by halves. */
import { differences, filtered, merged, without } from '../uid-arrays.js';
import { UidList } from '../uid-list.js';
import { sort, sortThose } from './sort.js';
import { compareRows, readSortRows, type SortContext, type SortCriterion, type SortRow } from './sort-values.js';

/** Finding a place takes some twenty looks at single messages, reading one of many in a row a twentieth of such a look. */
const WORTH_INSERTING = 1 / 100;
/** Of fewer than this part it is quicker to sort them alone than to leave out the others. */
const WORTH_FILTERING = 1 / 50;

export class SortedFolder {
  private constructor(
    private readonly criteria: readonly SortCriterion[],
    /** Ascending. */
    private readonly uids: Uint32Array,
    private readonly order: Uint32Array,
  ) {}

  static async of(criteria: readonly SortCriterion[], uids: ArrayLike<number>, context: SortContext): Promise<SortedFolder> {
    const sorted = await sortThose(criteria, uids, context);
    return new SortedFolder(criteria, sorted.uids, sorted.order);
  }

  get bytes(): number {
    return this.uids.byteLength + this.order.byteLength;
  }

  /** With these among them, and without what the folder has no more. @param uids ascending @param folder all its UIDs */
  async with(uids: readonly number[], folder: UidList, context: SortContext): Promise<SortedFolder> {
    const breathe = (): Promise<void> => context.breathe();
    const gone = [...(await filtered(this.uids, (uid) => !folder.has(uid), breathe))];
    const { added } = await differences(this.uids, uids, breathe);
    if (gone.length + added.length === 0) return this;
    const left = await without(this.uids, gone, breathe);
    if (added.length > WORTH_INSERTING * left.length) return SortedFolder.of(this.criteria, await merged(left, added, breathe), context);
    const order = await without(this.order, gone, breathe);
    return this.#withAdded(left, order, added, context);
  }

  /** In their order those of these that are kept. @param uids ascending */
  async pick(uids: readonly number[], context: SortContext): Promise<Uint32Array> {
    if (uids.length === this.uids.length) return this.order;
    if (uids.length < WORTH_FILTERING * this.uids.length) return sort(this.criteria, uids, context);
    const wanted = UidList.EMPTY.withAdded(uids);
    return filtered(
      this.order,
      (uid) => wanted.has(uid),
      () => context.breathe(),
    );
  }

  async #withAdded(uids: Uint32Array, order: Uint32Array, added: readonly number[], context: SortContext): Promise<SortedFolder> {
    const rows = readSortRows(this.criteria, added, context).sort((one, other) => compareRows(this.criteria, one, other));
    const places: number[] = [];
    for (const row of rows) {
      places.push(this.#placeOf(row, order, places.at(-1) ?? 0, context));
      await context.breathe();
    }
    const all = new Uint32Array(order.length + rows.length);
    for (let next = 0, from = 0; next <= rows.length; next++) {
      const to = next < rows.length ? places[next] : order.length;
      all.set(order.subarray(from, to), from + next);
      if (next < rows.length) all[to + next] = rows[next].uid;
      from = to;
    }
    const there = rows.map(({ uid }) => uid).sort((a, b) => a - b);
    return new SortedFolder(this.criteria, await merged(uids, there, () => context.breathe()), all);
  }

  /** Behind all that come first. */
  #placeOf(row: SortRow, order: Uint32Array, from: number, context: SortContext): number {
    let low = from;
    let high = order.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const [other] = readSortRows(this.criteria, [order[middle]], context);
      // One that has just gone: its neighbours are looked at instead, it will be taken out the next time.
      if (other === undefined ? order[middle] < row.uid : compareRows(this.criteria, other, row) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
