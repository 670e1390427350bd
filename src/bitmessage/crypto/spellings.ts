/**
 * Pure: which numbers a text of base 58 can stand for once its capital letters are lost, as far as they can be addresses.
 *
 * Where a letter has two spellings, the capital is the smaller digit; so the spellings are a smallest number and what may be added
 * to it, digit by digit. The leading digits show which of them lie where version, stream and length of ripe put an address. The last
 * five are never searched: they belong to the checksum, and follow from what stands before them.
 */
import { concat } from '../wire/bytes.js';
import { varInt } from '../wire/varint.js';
import { ALPHABET } from './base58.js';

/** Numbers that are addresses of one kind in all but their checksum. */
export interface SpellingBranch {
  /** How many bytes stand before the checksum. */
  readonly contentBytes: number;
  /** The smallest: every open letter is a capital. */
  readonly base: bigint;
  /** What each open letter before the last five digits adds when it is small, the largest first. */
  readonly steps: readonly bigint[];
  /** What the open letters among the last five digits can add together, ascending from 0. */
  readonly tails: readonly number[];
}

/** 58^5 is the last power below 2^32: so many digits lie within the checksum, but for a carry. */
const TAIL_DIGITS = 5;
const CHECKSUM_BITS = 32n;
const RADIX = 58n;
/** The longest address of any version has 59 digits; usual are 33 to 36. */
const MAX_DIGITS = 64;
/** What the kernel takes (pow/short-kernel): enough for every address in streams of one byte. */
const MAX_CONTENT_BYTES = 23;

/** What must be searched; nothing when the text is no address, whatever its letters. @param text without "BM-", in any case */
export function planSpellings(text: string, streams: readonly bigint[]): SpellingBranch[] {
  if (text.length > MAX_DIGITS || text.startsWith('1')) return [];
  const options = [...text].map(digitsOf);
  if (options.some((values) => values.length === 0)) return [];
  return kindsOf(streams).flatMap((kind) => split(options, kind, 0, 0n));
}

/** How many hashes the search takes, but for a few: 8 million on average for the addresses in use, 2^27 at most for any of 35 digits. */
export function countTries(branches: readonly SpellingBranch[]): number {
  return branches.reduce((sum, { steps }) => sum + 2 ** steps.length, 0);
}

/** The values that a letter may stand for, ascending. */
function digitsOf(letter: string): bigint[] {
  const values = [letter.toUpperCase(), letter.toLowerCase()].map((spelling) => ALPHABET.indexOf(spelling));
  return [...new Set(values)].filter((value) => value >= 0).map(BigInt);
}

interface Kind {
  readonly contentBytes: number;
  readonly first: bigint;
  readonly last: bigint;
}

/** Versions 2 and 3 drop two leading zeros of the ripe at most, version 4 all of them: decodeAddress has the shortest. */
function kindsOf(streams: readonly bigint[]): Kind[] {
  return [2, 3, 4].flatMap((version) =>
    streams.flatMap((stream) => {
      const head = concat(varInt(version), varInt(stream));
      const shortest = version === 4 ? 4 : 18;
      return Array.from({ length: 20 - shortest + 1 }, (_, index) => shortest + index)
        .map((ripeBytes) => kindOf(head, ripeBytes, version === 4 || ripeBytes > shortest))
        .filter(({ contentBytes }) => contentBytes <= MAX_CONTENT_BYTES);
    }),
  );
}

/** @param isTrimmed the first byte of the ripe is none of the zeros that are dropped */
function kindOf(head: Uint8Array, ripeBytes: number, isTrimmed: boolean): Kind {
  const bits = BigInt(8 * ripeBytes) + CHECKSUM_BITS;
  const above = head.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n) << bits;
  return { contentBytes: head.length + ripeBytes, first: above + (isTrimmed ? 1n << (bits - 8n) : 0n), last: above + (1n << bits) - 1n };
}

/** What begins with these digits: all of it, none of it, or part of it, which the next digit tells apart. */
function split(options: readonly bigint[][], kind: Kind, place: number, prefix: bigint): SpellingBranch[] {
  const open = options.slice(place);
  const smallest = open.reduce((value, digits) => value * RADIX + digits[0], prefix);
  const largest = open.reduce((value, digits) => value * RADIX + digits[digits.length - 1], prefix);
  if (largest < kind.first || smallest > kind.last) return [];
  if (smallest >= kind.first && largest <= kind.last) return [branchOf(open, kind, smallest)];
  return options[place].flatMap((digit) => split(options, kind, place + 1, prefix * RADIX + digit));
}

function branchOf(open: readonly bigint[][], { contentBytes }: Kind, base: bigint): SpellingBranch {
  const gains = open.map((digits, index) => (digits[digits.length - 1] - digits[0]) * RADIX ** BigInt(open.length - 1 - index));
  const steps = gains.slice(0, -TAIL_DIGITS).filter((gain) => gain > 0n);
  const late = gains.slice(-TAIL_DIGITS).filter((gain) => gain > 0n);
  const tails = late.reduce((sums, gain) => sums.concat(sums.map((sum) => sum + Number(gain))), [0]);
  return { contentBytes, base, steps, tails: tails.sort((a, b) => a - b) };
}
