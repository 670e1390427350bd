/** Threads as numbers: each as `flatten` writes it, with what threads are sorted by. A million single messages take 32 MB. Pure. */

const FIRST_ROOTS = 64;

/** What threads are sorted by, and then by the first message. */
export interface Root {
  readonly order: number;
  readonly firstUid: number;
  readonly group: number;
}

export class RootPile {
  #orders = new Float64Array(FIRST_ROOTS);
  #firstUids = new Uint32Array(FIRST_ROOTS);
  #groups = new Uint32Array(FIRST_ROOTS);
  /** Where each ends in `flat`. */
  #ends = new Uint32Array(FIRST_ROOTS);
  #flat = new Uint32Array(FIRST_ROOTS);
  #count = 0;
  #written = 0;

  get count(): number {
    return this.#count;
  }

  /** How many are written. */
  get items(): number {
    return this.#written;
  }

  get bytes(): number {
    const arrays = [this.#orders, this.#firstUids, this.#groups, this.#ends, this.#flat];
    return arrays.reduce((sum, each) => sum + each.byteLength, 0);
  }

  /** All of them, one behind the other. */
  get flat(): Uint32Array {
    return this.#flat.subarray(0, this.#written);
  }

  groupAt(index: number): number {
    return this.#groups[index];
  }

  /** Below 0: the one comes before that of the other pile. */
  compare(index: number, other: RootPile, otherIndex: number): number {
    return this.#orders[index] - other.#orders[otherIndex] || this.#firstUids[index] - other.#firstUids[otherIndex];
  }

  /** The next item of the thread that is then added. */
  readonly write = (item: number): void => {
    if (this.#written === this.#flat.length) this.#reserveItems(1);
    this.#flat[this.#written++] = item;
  };

  /** A thread of which all items are written. */
  add({ order, firstUid, group }: Root): void {
    this.#reserveRoots(1);
    this.#orders[this.#count] = order;
    this.#firstUids[this.#count] = firstUid;
    this.#groups[this.#count] = group;
    this.#ends[this.#count++] = this.#written;
  }

  /** Those of another pile from `start` to before `end`. */
  addFrom(other: RootPile, start: number, end: number): void {
    this.#reserveRoots(end - start);
    this.#orders.set(other.#orders.subarray(start, end), this.#count);
    this.#firstUids.set(other.#firstUids.subarray(start, end), this.#count);
    this.#groups.set(other.#groups.subarray(start, end), this.#count);
    const from = start === 0 ? 0 : other.#ends[start - 1];
    const items = other.#flat.subarray(from, end === 0 ? 0 : other.#ends[end - 1]);
    this.#reserveItems(items.length);
    this.#flat.set(items, this.#written);
    for (let root = start; root < end; root++) this.#ends[this.#count++] = other.#ends[root] - from + this.#written;
    this.#written += items.length;
  }

  #reserveRoots(more: number): void {
    const needed = this.#count + more;
    if (needed <= this.#groups.length) return;
    const room = Math.max(needed, 2 * this.#groups.length);
    const orders = new Float64Array(room);
    orders.set(this.#orders);
    this.#orders = orders;
    this.#firstUids = grown(this.#firstUids, room);
    this.#groups = grown(this.#groups, room);
    this.#ends = grown(this.#ends, room);
  }

  #reserveItems(more: number): void {
    const needed = this.#written + more;
    if (needed > this.#flat.length) this.#flat = grown(this.#flat, Math.max(needed, 2 * this.#flat.length));
  }
}

function grown(small: Uint32Array<ArrayBuffer>, room: number): Uint32Array<ArrayBuffer> {
  const large = new Uint32Array(room);
  large.set(small);
  return large;
}
