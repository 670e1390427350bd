/** Threads as numbers: each as `flatten` writes it, with what threads are sorted by. A million single messages take 50 MB. Pure. */

const FIRST_ROOTS = 64;

export interface FlatRoot {
  /** What threads are sorted by, and then by the first message. */
  readonly order: number;
  readonly firstUid: number;
  readonly group: number;
  readonly flat: ArrayLike<number>;
}

export class RootPile {
  #orders = new Float64Array(FIRST_ROOTS);
  #firstUids = new Uint32Array(FIRST_ROOTS);
  #groups = new Uint32Array(FIRST_ROOTS);
  /** Where each begins in `flat`; one more for the end. */
  #starts = new Uint32Array(FIRST_ROOTS + 1);
  #flat = new Float64Array(FIRST_ROOTS);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    const arrays = [this.#orders, this.#firstUids, this.#groups, this.#starts, this.#flat];
    return arrays.reduce((sum, each) => sum + each.byteLength, 0);
  }

  /** All of them, one behind the other. */
  get flat(): Float64Array {
    return this.#flat.subarray(0, this.#starts[this.#count]);
  }

  groupAt(index: number): number {
    return this.#groups[index];
  }

  /** Below 0: the one comes before that of the other pile. */
  compare(index: number, other: RootPile, otherIndex: number): number {
    return this.#orders[index] - other.#orders[otherIndex] || this.#firstUids[index] - other.#firstUids[otherIndex];
  }

  at(index: number): FlatRoot {
    return {
      order: this.#orders[index],
      firstUid: this.#firstUids[index],
      group: this.#groups[index],
      flat: this.#flat.subarray(this.#starts[index], this.#starts[index + 1]),
    };
  }

  add(root: FlatRoot): void {
    if (this.#count === this.#groups.length) {
      this.#orders = grown(this.#orders, new Float64Array(2 * this.#count));
      this.#firstUids = grown(this.#firstUids, new Uint32Array(2 * this.#count));
      this.#groups = grown(this.#groups, new Uint32Array(2 * this.#count));
      this.#starts = grown(this.#starts, new Uint32Array(2 * this.#count + 1));
    }
    const start = this.#starts[this.#count];
    const end = start + root.flat.length;
    if (end > this.#flat.length) this.#flat = grown(this.#flat, new Float64Array(Math.max(end, 2 * this.#flat.length)));
    this.#flat.set(root.flat, start);
    this.#orders[this.#count] = root.order;
    this.#firstUids[this.#count] = root.firstUid;
    this.#groups[this.#count] = root.group;
    this.#starts[++this.#count] = end;
  }
}

function grown<T extends Float64Array | Uint32Array>(small: T, large: T): T {
  large.set(small);
  return large;
}
