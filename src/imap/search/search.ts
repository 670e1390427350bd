/** Finds the messages that a search key fits: set by set, the cheap ones first, in slices between which others have their turn. */
import type { UnixSeconds } from '../../base/clock.js';
import type { Messages } from '../../store/mail/message-types.js';
import { nextSliceSize } from '../../store/mail/slice-size.js';
import type { EntryCondition, Mailboxes } from '../../store/mail/types.js';
import type { UidList } from '../uid-list.js';
import type { SearchKey } from './key.js';
import { type Plan, plan } from './plan.js';
import { type Places, PositionSet } from './position-set.js';
import { findByText, type LargeTexts } from './text-search.js';

export interface SearchContext {
  readonly mailboxes: Mailboxes;
  readonly messages: Messages;
  readonly mailboxId: number;
  /** The UIDs of the client's view, by message number. */
  readonly uids: UidList;
  /** What is in the folder now: a view may still number what is gone. */
  readonly present: UidList;
  /** What "$" names. */
  readonly saved: readonly number[];
  readonly now: UnixSeconds;
  /** Where \Recent messages stand in the view. */
  readonly recent: readonly Places[];
  readonly largeTexts: LargeTexts;
  /** Lets others have their turn if it is time; called after every few rows and texts. */
  breathe(): Promise<void>;
}

/** Entries that SQLite looks at in one go: a row takes a tenth of a microsecond, a long question several times that. */
const FIRST_ENTRIES = 2_000;
const MAX_ENTRIES = 50_000;
const SLICE_MS = 8;

/** Positions turned into UIDs in one go: a millisecond. */
const UIDS_PER_SLICE = 20_000;

/** The UIDs in the view that the key fits, ascending. */
export async function search(key: SearchKey, context: SearchContext): Promise<number[]> {
  const counts = context.mailboxes.counts(context.mailboxId, null);
  const nobodyHas = (flag: string): boolean => {
    const lower = flag.toLowerCase();
    return (lower === '\\deleted' && counts.deleted === 0) || (lower === '\\seen' && counts.unseen === counts.messages);
  };
  const found = await evaluate(plan(key, { ...context, nobodyHas }), presentIn(context), context);
  const uids: number[] = [];
  for (let start = 0; start < found.length; start += UIDS_PER_SLICE) {
    for (const position of found.slice(start, start + UIDS_PER_SLICE)) uids.push(context.uids.at(position)!);
    await context.breathe();
  }
  return uids;
}

/** Those of the messages that fit. */
async function evaluate(what: Plan, among: PositionSet, context: SearchContext): Promise<PositionSet> {
  switch (what.kind) {
    case 'known':
      return among.and(what.positions);
    case 'entries':
      return findEntries(what.condition, among, context);
    case 'text':
      return findByText(what.test, among, context);
    case 'not':
      return among.without(await evaluate(what.of, among, context));
    case 'and': {
      let left = among;
      for (const part of what.of) left = await evaluate(part, left, context);
      return left;
    }
    case 'or': {
      const found = new PositionSet(among.length);
      for (const part of what.of) found.addAll(await evaluate(part, among.without(found), context));
      return found;
    }
  }
}

/** Asks the rows of the folder, where there is anything to be asked. */
async function findEntries(condition: EntryCondition, among: PositionSet, context: SearchContext): Promise<PositionSet> {
  const { mailboxes, mailboxId, uids } = context;
  const found = new PositionSet(among.length);
  let size = FIRST_ENTRIES;
  for (let start = among.next(0), end = 0; start >= 0; start = among.next(end)) {
    end = Math.min(start + size, uids.length);
    const startedAt = performance.now();
    for (const uid of mailboxes.select(mailboxId, condition, uids.at(start)!, uids.at(end - 1)!)) {
      const position = uids.indexOf(uid);
      if (position >= 0) found.add(position);
    }
    size = nextSliceSize(size, performance.now() - startedAt, SLICE_MS, MAX_ENTRIES);
    await context.breathe();
  }
  return found.and(among);
}

function presentIn({ uids, present }: SearchContext): PositionSet {
  const places = Array.from(present.runs(), ({ first, last }) => ({ start: uids.lowerBound(first), end: uids.lowerBound(last + 1) }));
  return PositionSet.ofPlaces(uids.length, places);
}
