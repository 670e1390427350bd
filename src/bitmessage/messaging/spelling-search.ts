/** Searches a part of the spellings of an address for those whose checksum fits. Slow, so it runs in a thread. */
import type { ShortHasher } from '../../pow/short-hasher.js';
import { decodeAddress, formatAddress } from '../crypto/address.js';
import { encodeBase58 } from '../crypto/base58.js';
import type { SpellingBranch } from '../crypto/spellings.js';

/** The n-th of the ways to spell the letters before the last ten open ones, and how many ways from there on. */
export interface SpellingShare {
  readonly branch: SpellingBranch;
  readonly first: number;
  readonly count: number;
}

/** The last ten letters (before the checksum's) have 1,024 spellings: a batch, of which some take two hashes. */
const INNER_LETTERS = 10;
const LOW = 2 ** 32;
const LOW_MASK = 0xffff_ffffn;
const CHECKSUM_BITS = 32n;
/** A message of three words, as halves. */
const HALVES = 6;
const HALF_BITS = 32n;
const MESSAGE_BITS = HALF_BITS * BigInt(HALVES);

/** In how many ways the letters before the last ten open ones can be spelled. */
export function outerCount({ steps }: SpellingBranch): number {
  return 2 ** Math.max(steps.length - INNER_LETTERS, 0);
}

/** The addresses, with "BM-". */
export function searchSpellings(hasher: ShortHasher, { branch, first, count }: SpellingShare): string[] {
  const { base, contentBytes, steps } = branch;
  const outer = steps.slice(0, Math.max(steps.length - INNER_LETTERS, 0));
  const batch = new Batch(hasher, branch, steps.slice(outer.length));
  const found: string[] = [];
  for (let index = first; index < first + count; index++) {
    const start = base + sumOf(outer, index);
    batch.fill(start);
    hasher.run(batch.size, contentBytes);
    for (const number of batch.hits(start)) {
      const address = toAddress(number);
      if (address !== null) found.push(address);
    }
  }
  return found;
}

/** The spellings that differ in the last letters only, as messages to hash. */
class Batch {
  size = 0;
  readonly #sums: readonly bigint[];
  /** Of each sum: what it adds to the checksum, and to each half of the message. */
  readonly #lows: Float64Array;
  readonly #halves: Float64Array;
  /** Of each message: which sum it is of, and the smallest checksum that fits. */
  readonly #sumIndex: Uint16Array;
  readonly #smallest: Float64Array;
  readonly #tails: ReadonlySet<number>;
  readonly #span: number;
  /** How far the content is shifted up to fill the message from its first byte. */
  readonly #shift: bigint;
  readonly #unitHalf: number;
  readonly #unit: number;

  constructor(
    private readonly hasher: ShortHasher,
    { contentBytes, tails }: SpellingBranch,
    steps: readonly bigint[],
  ) {
    this.#sums = Array.from({ length: 2 ** steps.length }, (_, index) => sumOf(steps, index));
    this.#shift = MESSAGE_BITS - BigInt(8 * contentBytes);
    this.#unitHalf = HALVES - 1 - Number(this.#shift / HALF_BITS);
    this.#unit = 2 ** Number(this.#shift % HALF_BITS);
    this.#lows = Float64Array.from(this.#sums, (sum) => Number(sum & LOW_MASK));
    this.#halves = Float64Array.from(this.#sums.flatMap((sum) => halvesOf((sum >> CHECKSUM_BITS) << this.#shift)));
    this.#sumIndex = new Uint16Array(hasher.capacity);
    this.#smallest = new Float64Array(hasher.capacity);
    this.#tails = new Set(tails);
    this.#span = tails[tails.length - 1];
  }

  /** Puts the messages of all that begin with these letters before the hasher. */
  fill(start: bigint): void {
    const startLow = Number(start & LOW_MASK);
    const end = 1n << (this.#shift - 1n);
    const startHalves = halvesOf(((start >> CHECKSUM_BITS) << this.#shift) + end);
    this.size = 0;
    for (let index = 0; index < this.#lows.length; index++) {
      const sum = startLow + this.#lows[index];
      const carry = sum >= LOW ? 1 : 0;
      const low = sum - carry * LOW;
      this.#put(startHalves, index, carry, low);
      // With other letters among the last five the number runs over into the content.
      if (low + this.#span >= LOW) this.#put(startHalves, index, carry + 1, low - LOW);
    }
  }

  /** The numbers whose checksum is that of their content. */
  *hits(start: bigint): Iterable<bigint> {
    for (let index = 0; index < this.size; index++) {
      const tail = this.hasher.hashAt(index) - this.#smallest[index];
      if (tail < 0 || tail > this.#span || !this.#tails.has(tail)) continue;
      yield start + this.#sums[this.#sumIndex[index]] + BigInt(tail);
    }
  }

  #put(start: readonly number[], index: number, carried: number, smallest: number): void {
    const { words } = this.hasher;
    let carry = 0;
    for (let half = HALVES - 1; half >= 0; half--) {
      const sum = start[half] + this.#halves[HALVES * index + half] + carry + (half === this.#unitHalf ? carried * this.#unit : 0);
      const { halves, first } = words[half];
      halves[2 * this.size + first] = sum;
      carry = sum >= LOW ? 1 : 0;
    }
    this.#sumIndex[this.size] = index;
    this.#smallest[this.size] = smallest;
    this.size++;
  }
}

/** What the letters add that are small: those of the bits that are set, the last letter's the lowest. */
function sumOf(steps: readonly bigint[], bits: number): bigint {
  return steps.reduce((sum, step, index) => (Math.floor(bits / 2 ** (steps.length - 1 - index)) % 2 === 1 ? sum + step : sum), 0n);
}

/** Big-endian. */
function halvesOf(message: bigint): number[] {
  return Array.from({ length: HALVES }, (_, index) => Number((message >> (HALF_BITS * BigInt(HALVES - 1 - index))) & LOW_MASK));
}

/** Null when it is not written in the one form that an address has. */
function toAddress(number: bigint): string | null {
  const hex = number.toString(16);
  const text = encodeBase58(Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex'));
  const decoded = decodeAddress(text);
  return decoded.status === 'success' && formatAddress(decoded.address) === `BM-${text}` ? `BM-${text}` : null;
}
