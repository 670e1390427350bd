/** Which messages may belong to one thread: those that share a name (a Message-ID, a subject), or are joined by others that do. Pure. */
import { NameNumbers, type Seeds } from './name-numbers.js';

const FIRST_GROUPS = 1024;

/** A group goes by the number of one of its names. */
export class NameGroups {
  readonly names: NameNumbers;
  /** The group that a group has become a part of; 0 where it has not. */
  #parents = new Uint32Array(FIRST_GROUPS);

  constructor(seeds: Seeds) {
    this.names = new NameNumbers(seeds);
  }

  get bytes(): number {
    return this.names.bytes + this.#parents.byteLength;
  }

  /** Groups have numbers below this. */
  get end(): number {
    return this.names.count + 1;
  }

  /** As `NameNumbers.reserve`. */
  async reserve(names: number, breathe: () => Promise<void>): Promise<void> {
    await this.names.reserve(names, breathe);
    const needed = this.end + names;
    if (needed <= this.#parents.length) return;
    const larger = new Uint32Array(Math.max(needed, 2 * this.#parents.length));
    larger.set(this.#parents);
    this.#parents = larger;
  }

  /** The group that this one is a part of now. */
  find(group: number): number {
    let root = group;
    for (let parent = this.#parents[root]; parent !== 0; parent = this.#parents[root]) {
      const above = this.#parents[parent];
      if (above !== 0) this.#parents[root] = above;
      root = parent;
    }
    return root;
  }

  /** Makes one group of two; answers whether they were two. */
  unite(one: number, other: number): boolean {
    const [a, b] = [this.find(one), this.find(other)];
    if (a !== b) this.#parents[Math.max(a, b)] = Math.min(a, b);
    return a !== b;
  }
}
