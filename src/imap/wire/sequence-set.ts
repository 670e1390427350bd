/** Sequence sets: "1,3:5,7:*" and "$", of message numbers or UIDs (RFC 9051 §9 sequence-set). */
import { ImapBad } from './imap-bad.js';

/** As the client wrote it. `saved` is "$", the result of SEARCH RETURN (SAVE), RFC 5182. */
export type SequenceSet = { readonly kind: 'ranges'; readonly ranges: readonly Range[] } | { readonly kind: 'saved' };

/** Either end may be the higher one; "*" is the highest number there is. */
export interface Range {
  readonly from: number | '*';
  readonly to: number | '*';
}

/** Numbers in ascending order: an array, or what stands for one. */
export interface Ascending {
  readonly length: number;
  at(index: number): number | undefined;
  slice(start: number, end: number): number[];
}

const MAX_NUMBER = 0xffffffff;

/** @throws ImapBad when the text is not a sequence set */
export function parseSequenceSet(text: string): SequenceSet {
  if (text === '$') return { kind: 'saved' };
  const ranges = text.split(',').map((part): Range => {
    const ends = part.split(':');
    if (ends.length > 2) throw new ImapBad('Bad sequence set');
    const from = parseNumber(ends[0]);
    return { from, to: ends.length === 2 ? parseNumber(ends[1]) : from };
  });
  return { kind: 'ranges', ranges };
}

/**
 * The UIDs of a folder that a set of UIDs names, ascending, each once.
 * "*" is the highest one there is; a number that does not exist names nothing (RFC 9051 §6.4.9).
 *
 * @param uids all UIDs of the folder, ascending
 */
export function selectUids(ranges: readonly Range[], uids: Ascending): number[] {
  const highest = uids.at(uids.length - 1);
  return highest === undefined ? [] : selectFrom(ranges, uids, highest);
}

/**
 * The UIDs that a set of message numbers names, ascending, each once.
 *
 * @throws ImapBad when a number is above the count of messages (RFC 9051 §9: "an error")
 */
export function selectNumbers(ranges: readonly Range[], uids: Ascending): number[] {
  const resolved = resolveStars(ranges, uids.length);
  if (resolved.some(([from, to]) => from < 1 || to > uids.length)) throw new ImapBad('No such message number');
  return collect(
    resolved.map(([from, to]) => [from - 1, to]),
    uids,
  );
}

/** Those of these numbers that the ranges name, "*" being `last`. */
export function selectFrom(ranges: readonly Range[], ascending: Ascending, last: number): number[] {
  return collect(
    resolveStars(ranges, last).map(([from, to]) => [lowerBound(ascending, from), lowerBound(ascending, to + 1)]),
    ascending,
  );
}

/** Numbers in this order; what ascends by ones becomes a range: 1,2,3,7 is "1:3,7", and 3,2,1 stays (RFC 5267 §3.2). */
export function formatSequenceSet(numbers: readonly number[]): string {
  const parts: string[] = [];
  for (let start = 0; start < numbers.length; ) {
    let end = start;
    while (end + 1 < numbers.length && numbers[end + 1] === numbers[end] + 1) end++;
    parts.push(start === end ? `${numbers[start]}` : `${numbers[start]}:${numbers[end]}`);
    start = end + 1;
  }
  return parts.join(',');
}

/** The same of runs without a gap: where one continues the one before, they are one range. */
export function formatRuns(runs: readonly { readonly first: number; readonly last: number }[]): string {
  const parts: string[] = [];
  for (let start = 0; start < runs.length; ) {
    const { first } = runs[start];
    let end = start + 1;
    while (end < runs.length && runs[end].first === runs[end - 1].last + 1) end++;
    const { last } = runs[end - 1];
    parts.push(first === last ? `${first}` : `${first}:${last}`);
    start = end;
  }
  return parts.join(',');
}

/** The index of the first element that is at least `value`. */
export function lowerBound(ascending: Ascending, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending.at(middle)! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Puts the highest number for "*", and the lower end first ("10:*" with 5 messages is 5 to 10). */
function resolveStars(ranges: readonly Range[], last: number): [number, number][] {
  return ranges.map(({ from, to }) => {
    const first = from === '*' ? last : from;
    const second = to === '*' ? last : to;
    return first <= second ? [first, second] : [second, first];
  });
}

/** Joins index ranges [start, end) that may overlap, so that nothing comes twice and the work is bounded by the folder. */
function collect(indexRanges: [number, number][], uids: Ascending): number[] {
  // The usual case, "1:*", without a second copy.
  if (indexRanges.length === 1) return uids.slice(indexRanges[0][0], indexRanges[0][1]);
  const chosen: number[] = [];
  let done = 0;
  for (const [start, end] of indexRanges.sort((a, b) => a[0] - b[0])) {
    for (const uid of uids.slice(Math.max(start, done), end)) chosen.push(uid);
    done = Math.max(done, end);
  }
  return chosen;
}

function parseNumber(text: string): number | '*' {
  if (text === '*') return '*';
  if (!/^[1-9]\d{0,9}$/.test(text) || Number(text) > MAX_NUMBER) throw new ImapBad('Bad sequence set');
  return Number(text);
}
