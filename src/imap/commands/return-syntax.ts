/** The RETURN options of SEARCH, SORT and ESEARCH: RFC 4731, 5182, 5267, 9394, and 5465 §7. */
import type { FetchItem } from '../fetch-items.js';
import { ImapBad } from '../wire/imap-bad.js';
import type { Lexer } from '../wire/lexer.js';
import { parseItemList } from './fetch-syntax.js';
import { type PartialRange, parsePartialRange } from './partial-range.js';

export interface ReturnOptions {
  readonly min: boolean;
  readonly max: boolean;
  readonly all: boolean;
  readonly count: boolean;
  readonly save: boolean;
  readonly partial: PartialRange | null;
  /** Null: no updates. Else what to fetch of new messages that fit, mostly nothing. */
  readonly update: readonly FetchItem[] | null;
}

/** What RETURN () means, and a search without RETURN in IMAP4rev2. */
export const RETURN_ALL: ReturnOptions = { min: false, max: false, all: true, count: false, save: false, partial: null, update: null };

/** "RETURN (MIN COUNT) ", or null when it does not come next. */
export function parseReturns(args: Lexer): ReturnOptions | null {
  if (!args.skip('RETURN ')) return null;
  const names = new Set<string>();
  let partial: PartialRange | null = null;
  let update: readonly FetchItem[] | null = null;
  args.list(() => {
    const name = args.keyword();
    if (name === 'PARTIAL') {
      if (partial !== null) throw new ImapBad('One PARTIAL at a time');
      args.space();
      partial = parsePartialRange(args);
    } else if (name === 'UPDATE') {
      update = args.looksAt(/ ?\(/y) ? parseUpdateItems(args) : [];
    } else if (!['MIN', 'MAX', 'ALL', 'COUNT', 'SAVE', 'CONTEXT'].includes(name)) {
      throw new ImapBad('No such RETURN option');
    }
    names.add(name);
  });
  args.space();
  if (partial !== null && names.has('ALL')) throw new ImapBad('PARTIAL or ALL, not both');
  return {
    min: names.has('MIN'),
    max: names.has('MAX'),
    all: names.has('ALL') || names.size === 0,
    count: names.has('COUNT'),
    save: names.has('SAVE'),
    partial,
    update,
  };
}

/** "(UID FLAGS)", with or without the blank that the grammar forgot. */
function parseUpdateItems(args: Lexer): FetchItem[] {
  args.skip(' ');
  return parseItemList(args);
}
