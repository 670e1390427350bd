/** PARTIAL: a page of the results, RFC 5267 §4.4 and RFC 9394. */
import type { Uids } from '../uid-arrays.js';
import type { Lexer } from '../wire/lexer.js';

/** The results from the first to the last, both counted from 1, from the newest end on when `fromEnd`. */
export interface PartialRange {
  readonly first: number;
  readonly last: number;
  readonly fromEnd: boolean;
}

const PARTIAL_RANGE = /(-?)([1-9]\d{0,9}):(-?)([1-9]\d{0,9})/y;

/** "1:500", or "-1:-100" for the newest (RFC 9394 §3.1). */
export function parsePartialRange(args: Lexer): PartialRange {
  const text = args.match(PARTIAL_RANGE);
  const match = text === null ? null : /^(-?)(\d+):(-?)(\d+)$/.exec(text);
  if (match === null || match[1] !== match[3]) throw args.bad('a range such as 1:500 or -1:-100');
  const ends = [Number(match[2]), Number(match[4])];
  return { first: Math.min(...ends), last: Math.max(...ends), fromEnd: match[1] === '-' };
}

/** The lower number first, as Dovecot answers too: "500:400" is the same range as "400:500" (RFC 5267 §5). */
export function formatPartialRange({ first, last, fromEnd }: PartialRange): string {
  return fromEnd ? `-${first}:-${last}` : `${first}:${last}`;
}

/** Those of the results that a range names, in their order. */
export function selectPartial<T extends Uids>(results: T, { first, last, fromEnd }: PartialRange): T {
  const [start, end] = fromEnd ? [results.length - last, results.length - first + 1] : [first - 1, last];
  return results.slice(Math.max(start, 0), Math.max(end, 0)) as T;
}
