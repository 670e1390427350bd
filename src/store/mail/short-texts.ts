/** Which letters and digits a text holds, and which two of them stand side by side: of texts too short for runs of three characters. Pure. */
import type { SearchableText } from './message-types.js';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const COUNT = LETTERS.length;
/** SQLite reads a byte by itself as a character, which ends with 127. */
const BITS_PER_BYTE = 7;
const BYTES = Math.ceil((COUNT + COUNT * COUNT) / BITS_PER_BYTE);
const NONE = -1;

const numbers = new Int8Array(128).fill(NONE);
for (let number = 0; number < COUNT; number++) numbers[LETTERS.charCodeAt(number)] = number;

/** Those that TEXT finds in a message; null: other keys find more in its addresses, so that it has to be read. */
export function shortTextsOf({ text, addresses }: SearchableText): Buffer | null {
  const bits = shortTextsIn(text);
  return shortTextsIn(addresses).some((byte, at) => (byte & ~bits[at]) !== 0) ? null : bits;
}

/** A bit for each letter, then one for each two of them. */
function shortTextsIn(folded: string): Buffer {
  const bits = Buffer.alloc(BYTES);
  let before = NONE;
  for (let at = 0; at < folded.length; at++) {
    const number = numberOf(folded, at);
    if (number !== NONE) {
      set(bits, number);
      if (before !== NONE) set(bits, pairOf(before, number));
    }
    before = number;
  }
  return bits;
}

/** Where it is said whether a text holds this one: a byte, counted from 1 as SQLite does, and the bit in it. Null: it is not said of such a one. */
export function placeOfShortText(folded: string): { byte: number; mask: number } | null {
  const all = Array.from(folded, (_, at) => numberOf(folded, at));
  if (all.length === 0 || all.length > 2 || all.includes(NONE)) return null;
  const bit = all.length === 1 ? all[0] : pairOf(all[0], all[1]);
  return { byte: Math.floor(bit / BITS_PER_BYTE) + 1, mask: 1 << (bit % BITS_PER_BYTE) };
}

function numberOf(text: string, at: number): number {
  return numbers[text.charCodeAt(at)] ?? NONE;
}

function pairOf(first: number, second: number): number {
  return COUNT + COUNT * first + second;
}

function set(bits: Buffer, bit: number): void {
  bits[Math.floor(bit / BITS_PER_BYTE)] |= 1 << (bit % BITS_PER_BYTE);
}
