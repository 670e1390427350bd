/**
 * Some of the messages of a folder, by their places in it (counted from 0): a bit each, so that a million take 125 KB, and of a few
 * neighbours only those are held. Pure.
 */

const BITS = 32;
const ALL = 0xffffffff;

/** Neighbours in a folder, counted from 0: from the start to before the end. */
export interface Places {
  readonly start: number;
  readonly end: number;
}

export class PositionSet {
  /** Those from `#first` on, BITS in each; in what is not held nothing is. */
  readonly #words: Uint32Array;
  /** The place of the first word among all. */
  readonly #first: number;

  /** None of them. @param length how many messages there are @param room where some may be added */
  constructor(
    readonly length: number,
    room: Places = { start: 0, end: length },
  ) {
    this.#first = room.start >>> 5;
    this.#words = new Uint32Array(Math.max(Math.ceil(room.end / BITS) - this.#first, 0));
  }

  static ofPlaces(length: number, places: readonly Places[]): PositionSet {
    const taken = places.filter(({ start, end }) => start < end);
    const start = taken.reduce((least, each) => Math.min(least, each.start), length);
    const end = taken.reduce((most, each) => Math.max(most, each.end), 0);
    const set = new PositionSet(length, { start, end });
    for (const each of taken) set.#addRange(each);
    return set;
  }

  has(position: number): boolean {
    return (this.#words[(position >>> 5) - this.#first] & (1 << (position & 31))) !== 0;
  }

  add(position: number): void {
    this.#words[(position >>> 5) - this.#first] |= 1 << (position & 31);
  }

  addAll(other: PositionSet): void {
    const shift = other.#first - this.#first;
    for (let i = 0; i < other.#words.length; i++) this.#words[shift + i] |= other.#words[i];
  }

  /** Those that are in both. */
  and(other: PositionSet): PositionSet {
    const first = Math.max(this.#first, other.#first);
    const end = Math.min(this.#end, other.#end);
    const both = new PositionSet(this.length, { start: first * BITS, end: end * BITS });
    const words = both.#words;
    const [mine, theirs] = [first - this.#first, first - other.#first];
    for (let i = 0; i < words.length; i++) words[i] = this.#words[mine + i] & other.#words[theirs + i];
    return both;
  }

  /** Those that are not in the other. */
  without(other: PositionSet): PositionSet {
    const left = new PositionSet(this.length, { start: this.#first * BITS, end: this.#end * BITS });
    left.#words.set(this.#words);
    const end = Math.min(this.#end, other.#end);
    for (let at = Math.max(this.#first, other.#first); at < end; at++) left.#words[at - this.#first] &= ~other.#words[at - other.#first];
    return left;
  }

  /** The first position that is in the set and not below this one; -1: there is none. */
  next(from: number): number {
    const start = Math.max(from, this.#first * BITS);
    let index = (start >>> 5) - this.#first;
    if (index >= this.#words.length) return -1;
    let word = this.#words[index] & (ALL << (start & 31));
    while (word === 0) {
      if (++index >= this.#words.length) return -1;
      word = this.#words[index];
    }
    return (this.#first + index) * BITS + lowestBit(word);
  }

  /** The members from `start` to before `end`, ascending. */
  slice(start: number, end: number): number[] {
    const found: number[] = [];
    for (let position = this.next(start); position >= 0 && position < end; position = this.next(position + 1)) found.push(position);
    return found;
  }

  get #end(): number {
    return this.#first + this.#words.length;
  }

  #addRange({ start, end }: Places): void {
    let position = start;
    for (; position < end && position % BITS !== 0; position++) this.add(position);
    const whole = Math.max(end - (end % BITS), position);
    this.#words.fill(ALL, position / BITS - this.#first, whole / BITS - this.#first);
    for (position = whole; position < end; position++) this.add(position);
  }
}

function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}
