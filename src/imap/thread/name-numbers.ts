/**
 * Gives names (Message-IDs, subjects) numbers, from 1 on. Of a name only a hash of 64 bits is kept: a million take 20 to 30 MB. Two of a
 * million have the same one in 1 of 37 million folders; whoever made that happen on purpose could as well have written the other's name. Pure.
 */

const FIRST_SLOTS = 1024;
/** Above this part of the table a search for a free slot takes long. */
const MAX_LOAD = 0.6;
/** Some milliseconds. */
const SLOTS_PER_SLICE = 100_000;

export type Seeds = readonly [number, number];

export class NameNumbers {
  /** The number in each slot; 0 is a free one. */
  #slots = new Uint32Array(FIRST_SLOTS);
  /** Of each number the hash of its name. */
  #high = new Uint32Array(FIRST_SLOTS);
  #low = new Uint32Array(FIRST_SLOTS);
  #count = 0;

  constructor(readonly seeds: Seeds) {}

  /** The highest number that was given. */
  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    return this.#slots.byteLength + this.#high.byteLength + this.#low.byteLength;
  }

  /** Makes room for so many more names, with pauses: to be called before they come. */
  async reserve(names: number, breathe: () => Promise<void>): Promise<void> {
    const needed = this.#count + names;
    if (needed >= this.#high.length) {
      const room = Math.max(needed + 1, 2 * this.#high.length);
      this.#high = grown(this.#high, room);
      this.#low = grown(this.#low, room);
    }
    let slots = this.#slots.length;
    while (needed > slots * MAX_LOAD) slots *= 2;
    if (slots === this.#slots.length) return;
    const old = this.#slots;
    this.#slots = new Uint32Array(slots);
    for (let slot = 0; slot < old.length; slot++) {
      const number = old[slot];
      if (number !== 0) this.#slots[this.#slotOf(this.#high[number], this.#low[number])] = number;
      if (slot % SLOTS_PER_SLICE === 0) await breathe();
    }
  }

  /** The number of a name, a new one where it has none. @param kind names of different kinds (a small number) are different */
  of(name: string, kind: number): number {
    let [high, low] = this.seeds;
    high ^= kind;
    low ^= kind;
    for (let i = 0; i < name.length; i++) {
      const code = name.charCodeAt(i);
      high = Math.imul(high ^ code, 0x01000193);
      low = Math.imul(low ^ code, 0x5bd1e995);
    }
    return this.#ofHash(mixed(high, low), mixed(low, high));
  }

  /** The number here of a name that has this number there, where the seeds are the same. */
  adopt(other: NameNumbers, number: number): number {
    return other === this ? number : this.#ofHash(other.#high[number], other.#low[number]);
  }

  /** A number for what has no name. */
  nameless(): number {
    return ++this.#count;
  }

  #ofHash(high: number, low: number): number {
    const slot = this.#slotOf(high, low);
    if (this.#slots[slot] !== 0) return this.#slots[slot];
    const number = ++this.#count;
    this.#high[number] = high;
    this.#low[number] = low;
    this.#slots[slot] = number;
    return number;
  }

  /** Where a name is, or would be. */
  #slotOf(high: number, low: number): number {
    const mask = this.#slots.length - 1;
    let slot = low & mask;
    for (let number = this.#slots[slot]; number !== 0; number = this.#slots[slot]) {
      if (this.#low[number] === low && this.#high[number] === high) break;
      slot = (slot + 1) & mask;
    }
    return slot;
  }
}

/** All bits of the one, and some of the other, bear on all bits. */
function mixed(one: number, other: number): number {
  let value = Math.imul(one ^ (one >>> 16), 0x85ebca6b) ^ Math.imul(other ^ (other >>> 13), 0xc2b2ae35);
  value = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
  return (value ^ (value >>> 16)) >>> 0;
}

function grown(small: Uint32Array<ArrayBuffer>, length: number): Uint32Array<ArrayBuffer> {
  const large = new Uint32Array(length);
  large.set(small);
  return large;
}
