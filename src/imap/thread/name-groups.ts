/**
 * Which messages may belong to one thread: those that share a name (a Message-ID, a subject), or are joined by others that do. Names
 * are kept as hashes in typed arrays: a million take 24 MB. Pure but for the seed.
 */
import { randomBytes } from 'node:crypto';

const FIRST_SLOTS = 1024;
/** Above this part of the table a search for a free slot takes long. */
const MAX_LOAD = 0.6;
/** Some milliseconds. */
const SLOTS_PER_SLICE = 200_000;

export class NameGroups {
  /** Two names with the same 64 bits would join two groups, which costs time and nothing else; nobody can choose them. */
  readonly #seeds = [randomBytes(4).readUInt32LE(), randomBytes(4).readUInt32LE()] as const;
  #high = new Uint32Array(FIRST_SLOTS);
  #low = new Uint32Array(FIRST_SLOTS);
  /** The group of each name and 1; 0 is a free slot. */
  #groups = new Uint32Array(FIRST_SLOTS);
  #names = 0;
  /** The group that a group has become a part of; itself where it has not. */
  #parents = new Uint32Array(FIRST_SLOTS);
  #count = 0;

  get bytes(): number {
    return 3 * this.#groups.byteLength + this.#parents.byteLength;
  }

  /** Groups have numbers below this. */
  get count(): number {
    return this.#count;
  }

  /** The group that this one is a part of now. */
  find(group: number): number {
    let root = group;
    while (this.#parents[root] !== root) {
      this.#parents[root] = this.#parents[this.#parents[root]];
      root = this.#parents[root];
    }
    return root;
  }

  /** Makes room for so many more names, with pauses: to be called before they are joined. */
  async reserve(names: number, breathe: () => Promise<void>): Promise<void> {
    let slots = this.#groups.length;
    while (this.#names + names > slots * MAX_LOAD) slots *= 2;
    if (slots === this.#groups.length) return;
    const [high, low, groups] = [this.#high, this.#low, this.#groups];
    this.#high = new Uint32Array(slots);
    this.#low = new Uint32Array(slots);
    this.#groups = new Uint32Array(slots);
    for (let start = 0; start < groups.length; start += SLOTS_PER_SLICE) {
      for (let slot = start; slot < Math.min(start + SLOTS_PER_SLICE, groups.length); slot++) {
        if (groups[slot] === 0) continue;
        const free = this.#slotOf(high[slot], low[slot]);
        [this.#high[free], this.#low[free], this.#groups[free]] = [high[slot], low[slot], groups[slot]];
      }
      await breathe();
    }
  }

  /** Makes one group of all that have one of these names; answers it. */
  join(names: readonly string[]): number {
    let group = -1;
    for (const name of names) {
      if (group >= 0) this.attach(group, name);
      else {
        const slot = this.#slotOf(hash(name, this.#seeds[0]), hash(name, this.#seeds[1]));
        if (this.#groups[slot] !== 0) group = this.#groups[slot] - 1;
      }
    }
    if (group < 0) group = this.#newGroup();
    // Those that came before the first one that was known.
    for (const name of names) this.attach(group, name);
    return group;
  }

  /** Makes a group one with that of the name; the name is the group's when it is nobody's. Answers whether two groups became one. */
  attach(group: number, name: string): boolean {
    const [high, low] = this.#seeds.map((seed) => hash(name, seed));
    const slot = this.#slotOf(high, low);
    if (this.#groups[slot] === 0) {
      this.#insert(slot, high, low, group);
      return false;
    }
    const other = this.find(this.#groups[slot] - 1);
    if (other === this.find(group)) return false;
    this.#unite(group, other);
    return true;
  }

  #insert(slot: number, high: number, low: number, group: number): void {
    this.#high[slot] = high;
    this.#low[slot] = low;
    this.#groups[slot] = group + 1;
    this.#names++;
  }

  #unite(one: number, other: number): void {
    const [a, b] = [this.find(one), this.find(other)];
    const [first, second] = a <= b ? [a, b] : [b, a];
    this.#parents[second] = first;
  }

  #newGroup(): number {
    if (this.#count === this.#parents.length) {
      const larger = new Uint32Array(this.#parents.length * 2);
      larger.set(this.#parents);
      this.#parents = larger;
    }
    this.#parents[this.#count] = this.#count;
    return this.#count++;
  }

  /** Where a name is, or would be. */
  #slotOf(high: number, low: number): number {
    const mask = this.#groups.length - 1;
    let slot = low & mask;
    while (this.#groups[slot] !== 0 && (this.#low[slot] !== low || this.#high[slot] !== high)) slot = (slot + 1) & mask;
    return slot;
  }
}

/** FNV-1a over the characters from a seed, mixed at the end. */
function hash(text: string, seed: number): number {
  let value = seed;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  return (value ^ (value >>> 13)) >>> 0;
}
