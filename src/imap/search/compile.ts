/** Makes a function of a search key: sets are looked up once, texts folded once, and costly questions asked last. Pure. */
import { fold } from '../../mime/searchable-text.js';
import type { Messages } from '../../store/mail/types.js';
import { selectUids } from '../wire/sequence-set.js';
import type { SearchKey } from './key.js';
import type { SearchedMessage } from './searched-message.js';
import { TextFilter } from './text-filter.js';
import { allFit, anyFits, either, not, type Verdict } from './verdict.js';

/** What keys mean that speak of the client's view. */
export interface ViewFacts {
  readonly messages: Messages;
  readonly uids: readonly number[];
  readonly saved: readonly number[];
  readonly now: number;
  isRecent(uid: number): boolean;
}

export interface SearchTest {
  /** UIDs in the view, ascending; a message that is not among them does not fit. */
  readonly candidates: readonly number[];
  /** A promise where a large message has to be read. */
  fits(message: SearchedMessage): Verdict;
}

/** How long a question takes: a look at the row, at the header, at the whole text. */
const ROW = 0;
const HEADER = 1;
const TEXT = 2;

interface Question {
  readonly cost: number;
  readonly fits: (message: SearchedMessage) => Verdict;
}

const SECONDS_PER_DAY = 86_400;

export function compile(key: SearchKey, view: ViewFacts): SearchTest {
  const { fits } = question(key, view);
  return { candidates: narrow(key, view) ?? view.uids, fits };
}

/** The UIDs that the sets in a key leave over; null: no set narrows it down. */
function narrow(key: SearchKey, view: ViewFacts): readonly number[] | null {
  switch (key.key) {
    case 'uid':
    case 'sequence':
    case 'saved': {
      const named = namedUids(key, view);
      return view.uids.filter((uid) => named.has(uid));
    }
    case 'and': {
      const sets = key.keys.map((inner) => narrow(inner, view)).filter((set) => set !== null);
      if (sets.length === 0) return null;
      const [first, ...others] = sets.map((set) => new Set(set));
      return [...first].filter((uid) => others.every((set) => set.has(uid)));
    }
    default:
      return null;
  }
}

function question(key: SearchKey, view: ViewFacts): Question {
  switch (key.key) {
    case 'all':
    case 'savedatesupported': // RFC 8514: every folder here keeps the date
      return ofRow(() => true);
    case 'and': {
      const inner = key.keys.map((each) => question(each, view)).sort((a, b) => a.cost - b.cost);
      return { cost: highestCost(inner), fits: (message) => allFit(inner, message) };
    }
    case 'or': {
      const inner = [question(key.left, view), question(key.right, view)].sort((a, b) => a.cost - b.cost);
      return { cost: highestCost(inner), fits: (message) => anyFits(inner, message) };
    }
    case 'not': {
      const inner = question(key.of, view);
      return { cost: inner.cost, fits: (message) => not(inner.fits(message)) };
    }
    case 'uid':
    case 'sequence':
    case 'saved': {
      const named = namedUids(key, view);
      return ofRow(({ entry }) => named.has(entry.uid));
    }
    case 'flag': {
      const lower = key.flag.toLowerCase();
      return ofRow(({ entry }) => entry.flags.some((flag) => flag.toLowerCase() === lower));
    }
    case 'recent':
      return ofRow(({ entry }) => view.isRecent(entry.uid));
    case 'larger':
      return ofRow(({ entry }) => entry.size > key.bytes);
    case 'smaller':
      return ofRow(({ entry }) => entry.size < key.bytes);
    case 'younger':
      return ofRow(({ entry }) => entry.internalDate >= view.now - key.seconds);
    case 'older':
      return ofRow(({ entry }) => entry.internalDate <= view.now - key.seconds);
    case 'modseq':
      return ofRow(({ entry }) => entry.modseq >= key.modseq);
    case 'date':
      return date(key.of, key.is, key.day);
    case 'emailid':
      return ofRow(({ objectIds }) => objectIds.emailId === key.id);
    case 'threadid':
      return { cost: HEADER, fits: ({ objectIds }) => objectIds.threadId === key.id };
    case 'header': {
      const name = key.field.toLowerCase();
      return ofText(HEADER, key.text, view, (message, text) => message.fieldValues(name).some((value) => value.includes(text)));
    }
    case 'body':
      return ofText(TEXT, key.text, view, (message, text) => message.bodyHolds(text));
    case 'text':
      return ofText(TEXT, key.text, view, (message, text) => either(message.headerHolds(text), () => message.bodyHolds(text)));
  }
}

/** The index says what need not be read, the text itself says what fits. */
function ofText(cost: number, wanted: string, view: ViewFacts, fits: (message: SearchedMessage, text: string) => Verdict): Question {
  const text = fold(wanted);
  const filter = new TextFilter(view.messages, text);
  return { cost, fits: (message) => filter.mayContain(message.entry.messageId) && fits(message, text) };
}

function ofRow(fits: (message: SearchedMessage) => boolean): Question {
  return { cost: ROW, fits };
}

function highestCost(questions: readonly Question[]): number {
  return questions.reduce((highest, { cost }) => Math.max(highest, cost), ROW);
}

/** Days are compared without time and zone: RFC 9051 §6.4.4. Received and saved days are those of UTC, as INTERNALDATE shows them. */
function date(of: 'internal' | 'sent' | 'saved', is: 'before' | 'on' | 'since', day: number): Question {
  const compare = { before: (d: number) => d < day, on: (d: number) => d === day, since: (d: number) => d >= day }[is];
  if (of === 'sent') return { cost: HEADER, fits: ({ sentDay }) => sentDay !== null && compare(sentDay) };
  return ofRow(({ entry }) => compare(Math.floor((of === 'saved' ? entry.savedAt : entry.internalDate) / SECONDS_PER_DAY)));
}

/** Numbers that do not exist name nothing: a search is no place to complain of them. */
function namedUids(key: Extract<SearchKey, { key: 'uid' | 'sequence' | 'saved' }>, view: ViewFacts): Set<number> {
  if (key.key === 'saved') return new Set(view.saved);
  if (key.key === 'uid') return new Set(selectUids(key.set, view.uids));
  const numbers = view.uids.map((_, index) => index + 1);
  return new Set(selectUids(key.set, numbers).map((number) => view.uids[number - 1]));
}
