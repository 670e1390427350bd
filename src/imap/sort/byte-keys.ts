/**
 * Texts to be sorted, each once, as UTF-8 one behind the other: a million of them take some 50 MB, and not a million objects. Many
 * messages have the same subject or sender: only different texts are compared. Pure.
 */
import { sortIndexes } from './sort-indexes.js';

/** Compared as a number, which is most of the work. */
const PREFIX_BYTES = 6;
/** Longer texts differ before that, or else are told apart by what they are made of. */
export const MAX_KEY_BYTES = 200;
const FIRST_BYTES = 65_536;
const FIRST_TEXTS = 1024;
/** Some milliseconds. */
const PER_SLICE = 20_000;

export class ByteKeys {
  #bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  /** Where each text begins; one more for the end. */
  #starts = new Uint32Array(FIRST_TEXTS + 1);
  #prefixes = new Float64Array(FIRST_TEXTS);
  /** By hash: the number of a text, and 1; 0 is a free slot. */
  #slots = new Uint32Array(2 * FIRST_TEXTS);
  #count = 0;

  /** How many different texts there are. */
  get count(): number {
    return this.#count;
  }

  /** Makes room for so many more texts, with pauses: to be called before they are added. */
  async reserve(texts: number, breathe: () => Promise<void>): Promise<void> {
    const needed = this.#count + texts;
    if (needed <= this.#prefixes.length) return;
    const room = Math.max(needed, 2 * this.#prefixes.length);
    const starts = new Uint32Array(room + 1);
    starts.set(this.#starts);
    this.#starts = starts;
    const prefixes = new Float64Array(room);
    prefixes.set(this.#prefixes);
    this.#prefixes = prefixes;
    // At most half of the slots are taken.
    this.#slots = new Uint32Array(2 ** Math.ceil(Math.log2(2 * room)));
    for (let number = 0; number < this.#count; number++) {
      if (!this.isCut(number)) this.#slots[this.#slotOf(number)] = number + 1;
      if (number % PER_SLICE === 0) await breathe();
    }
  }

  /** The number of a text, counted from 0. One that may be longer than what is kept of it gets a number of its own each time. */
  add(text: string): number {
    const start = this.#starts[this.#count];
    if (this.#bytes.length - start < MAX_KEY_BYTES) this.#growBytes();
    // Never half a character.
    const end = start + this.#bytes.write(text, start, MAX_KEY_BYTES, 'utf8');
    this.#starts[this.#count + 1] = end;
    if (this.isCut(this.#count)) return this.#keep();
    const slot = this.#slotOf(this.#count);
    if (this.#slots[slot] !== 0) return this.#slots[slot] - 1;
    this.#slots[slot] = this.#count + 1;
    return this.#keep();
  }

  /** Below 0: the one comes first. 0: they are the same as far as they are kept. */
  compare(one: number, other: number): number {
    const difference = this.#prefixes[one] - this.#prefixes[other];
    if (difference !== 0) return difference;
    // Most differ soon: a call out of JavaScript would take longer.
    const [end, otherEnd] = [this.#starts[one + 1], this.#starts[other + 1]];
    let otherAt = this.#starts[other];
    for (let at = this.#starts[one]; at < end && otherAt < otherEnd; at++, otherAt++) {
      if (this.#bytes[at] !== this.#bytes[otherAt]) return this.#bytes[at] - this.#bytes[otherAt];
    }
    return end - this.#starts[one] - (otherEnd - this.#starts[other]);
  }

  /** Whether there may be more of the text than is kept. */
  isCut(number: number): boolean {
    return this.#starts[number + 1] - this.#starts[number] > MAX_KEY_BYTES - 4;
  }

  /** By number, where each text comes among the others. @param compareWhole of two that are the same as far as they are kept, and cut */
  async ranks(compareWhole: (one: number, other: number) => number, breathe: () => Promise<void>): Promise<Uint32Array> {
    const compare = (one: number, other: number): number =>
      this.compare(one, other) || (this.isCut(one) && one !== other ? compareWhole(one, other) : 0);
    const sorted = await sortIndexes(this.#count, (one, other) => compare(one, other) || one - other, breathe);
    const ranks = new Uint32Array(this.#count);
    for (let at = 1; at < sorted.length; at++) {
      if (at % PER_SLICE === 0) await breathe();
      const isSame = this.isCut(sorted[at]) && compare(sorted[at - 1], sorted[at]) === 0;
      ranks[sorted[at]] = isSame ? ranks[sorted[at - 1]] : at;
    }
    return ranks;
  }

  #keep(): number {
    const [start, end] = [this.#starts[this.#count], this.#starts[this.#count + 1]];
    let prefix = 0;
    for (let at = start; at < start + PREFIX_BYTES; at++) prefix = prefix * 256 + (at < end ? this.#bytes[at] : 0);
    this.#prefixes[this.#count] = prefix;
    return this.#count++;
  }

  /** Where a text is, or would be. */
  #slotOf(number: number): number {
    const [start, end] = [this.#starts[number], this.#starts[number + 1]];
    let hash = 0;
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ this.#bytes[at], 0x5bd1e995);
    const mask = this.#slots.length - 1;
    let slot = (hash ^ (hash >>> 15)) & mask;
    while (this.#slots[slot] !== 0 && !this.#isSame(this.#slots[slot] - 1, start, end)) slot = (slot + 1) & mask;
    return slot;
  }

  #isSame(number: number, start: number, end: number): boolean {
    let at = this.#starts[number];
    if (this.#starts[number + 1] - at !== end - start) return false;
    for (let other = start; other < end; other++) if (this.#bytes[at++] !== this.#bytes[other]) return false;
    return true;
  }

  #growBytes(): void {
    const larger = Buffer.allocUnsafeSlow(this.#bytes.length * 2);
    this.#bytes.copy(larger, 0, 0, this.#starts[this.#count]);
    this.#bytes = larger;
  }
}
