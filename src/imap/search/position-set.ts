/** Some of the messages of a folder, by their places in it (counted from 0): a bit each, so that a million take 125 KB. Pure. */

const BITS = 32;

export class PositionSet {
  readonly #words: Uint32Array;

  /** None of them. @param length how many messages there are */
  constructor(readonly length: number) {
    this.#words = new Uint32Array(Math.ceil(length / BITS));
  }

  has(position: number): boolean {
    return (this.#words[position >>> 5] & (1 << (position & 31))) !== 0;
  }

  add(position: number): void {
    this.#words[position >>> 5] |= 1 << (position & 31);
  }

  /** Those from `start` to before `end`. */
  addRange(start: number, end: number): void {
    let position = start;
    for (; position < end && position % BITS !== 0; position++) this.add(position);
    for (; position + BITS <= end; position += BITS) this.#words[position >>> 5] = 0xffffffff;
    for (; position < end; position++) this.add(position);
  }

  addAll(other: PositionSet): void {
    for (let i = 0; i < this.#words.length; i++) this.#words[i] |= other.#words[i];
  }

  /** Those that are in both. */
  and(other: PositionSet): PositionSet {
    const both = new PositionSet(this.length);
    for (let i = 0; i < this.#words.length; i++) both.#words[i] = this.#words[i] & other.#words[i];
    return both;
  }

  /** Those that are not in the other. */
  without(other: PositionSet): PositionSet {
    const left = new PositionSet(this.length);
    for (let i = 0; i < this.#words.length; i++) left.#words[i] = this.#words[i] & ~other.#words[i];
    return left;
  }

  /** The first position that is in the set and not below this one; -1: there is none. */
  next(from: number): number {
    let index = from >>> 5;
    if (index >= this.#words.length) return -1;
    let word = this.#words[index] & (0xffffffff << (from & 31));
    while (word === 0) {
      if (++index >= this.#words.length) return -1;
      word = this.#words[index];
    }
    return index * BITS + lowestBit(word);
  }

  /** The members from `start` to before `end`, ascending. */
  slice(start: number, end: number): number[] {
    const found: number[] = [];
    for (let position = this.next(start); position >= 0 && position < end; position = this.next(position + 1)) found.push(position);
    return found;
  }
}

function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}
