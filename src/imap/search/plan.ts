/** What has to be done to answer a search key: sets that are known, questions to the rows of the folder, and texts to read. Pure. */
import { fold } from '../../mime/searchable-text.js';
import type { EntryCondition } from '../../store/mail/types.js';
import type { UidList } from '../uid-list.js';
import type { NumberSet, SearchKey } from './key.js';
import { type Places, PositionSet } from './position-set.js';
import { bodyTest, fieldTest, type TextTest, wholeTest } from './text-test.js';

export type Plan =
  | { readonly kind: 'known'; readonly positions: PositionSet }
  | { readonly kind: 'entries'; readonly condition: EntryCondition }
  | { readonly kind: 'text'; readonly test: TextTest }
  | { readonly kind: 'not'; readonly of: Plan }
  /** The cheap ones first. */
  | { readonly kind: 'and' | 'or'; readonly of: readonly Plan[] };

/** What keys mean that speak of the client's view. */
export interface ViewFacts {
  readonly uids: UidList;
  readonly saved: readonly number[];
  /** Where \Recent messages stand. */
  readonly recent: readonly Places[];
  readonly now: number;
  /** Whether it is known without a look that no message has this flag. */
  nobodyHas(flag: string): boolean;
}

const SECONDS_PER_DAY = 86_400;
/** In the order in which they are done: looking up a set takes nothing, reading a text the most. */
const COST = { known: 0, entries: 1, header: 2, text: 3 } as const;

export function plan(key: SearchKey, view: ViewFacts): Plan {
  switch (key.key) {
    case 'all':
    case 'savedatesupported': // RFC 8514: every folder here keeps the date
      return everything(view);
    case 'and':
      return combine(
        'and',
        key.keys.map((each) => plan(each, view)),
      );
    case 'or':
      return combine('or', [plan(key.left, view), plan(key.right, view)]);
    case 'not': {
      const of = plan(key.of, view);
      return of.kind === 'entries' ? entries({ kind: 'not', of: of.condition }) : { kind: 'not', of };
    }
    case 'uid':
      return ranges(view, uidPlaces(key.set, view.uids));
    case 'sequence':
      return ranges(view, placesOf(key.set, view.uids.length));
    case 'saved':
      return known(view, view.saved);
    case 'recent':
      return ranges(view, view.recent);
    case 'flag':
      return view.nobodyHas(key.flag) ? ranges(view, []) : entries({ kind: 'flag', flag: key.flag });
    case 'larger':
      return between('size', key.bytes + 1, Infinity);
    case 'smaller':
      return between('size', 0, key.bytes - 1);
    case 'younger':
      return between('internalDate', view.now - key.seconds, Infinity);
    case 'older':
      return between('internalDate', -Infinity, view.now - key.seconds);
    case 'modseq':
      return between('modseq', key.modseq, Infinity);
    case 'date':
      return date(key.of, key.is, key.day);
    case 'emailid':
      return objectId('messageId', 'M', key.id);
    case 'threadid':
      return objectId('threadId', 'T', key.id);
    case 'header':
      return { kind: 'text', test: fieldTest(key.field, fold(key.text)) };
    case 'body':
      return { kind: 'text', test: bodyTest(fold(key.text)) };
    case 'text':
      return { kind: 'text', test: wholeTest(fold(key.text)) };
  }
}

/** The places that message numbers name. Numbers that do not exist name nothing: a search is no place to complain of them. */
export function placesOf(set: NumberSet, count: number): Places[] {
  return resolve(set, count).map(([from, to]) => ({ start: Math.max(from - 1, 0), end: Math.min(to, count) }));
}

/** Lists in lists become one, and what the rows can answer becomes one question, so that the folder is gone through once. */
function combine(kind: 'and' | 'or', parts: readonly Plan[]): Plan {
  const flat = parts.flatMap((part) => (part.kind === kind ? part.of : [part]));
  const conditions = flat.flatMap((part) => (part.kind === 'entries' ? [part.condition] : []));
  const others: Plan[] = flat.filter((part) => part.kind !== 'entries');
  if (conditions.length > 0) others.push(entries(conditions.length === 1 ? conditions[0] : { kind, of: conditions }));
  return others.length === 1 ? others[0] : { kind, of: others.sort((a, b) => cost(a) - cost(b)) };
}

function cost(of: Plan): number {
  switch (of.kind) {
    case 'text':
      return COST[of.test.reads];
    case 'not':
      return cost(of.of);
    case 'and':
    case 'or':
      return of.of.reduce((highest, each) => Math.max(highest, cost(each)), 0);
    default:
      return COST[of.kind];
  }
}

function entries(condition: EntryCondition): Plan {
  return { kind: 'entries', condition };
}

/** SQLite has no infinity for whole numbers. */
function between(number: Extract<EntryCondition, { kind: 'between' }>['number'], from: number, to: number): Plan {
  const within = (value: number): number => Math.max(-Number.MAX_SAFE_INTEGER, Math.min(value, Number.MAX_SAFE_INTEGER));
  return entries({ kind: 'between', number, from: within(from), to: within(to) });
}

/** Days are compared without time and zone: RFC 9051 §6.4.4. Received and saved days are those of UTC, as INTERNALDATE shows them. */
function date(of: 'internal' | 'sent' | 'saved', is: 'before' | 'on' | 'since', day: number): Plan {
  const first = is === 'before' ? -Infinity : day;
  const last = is === 'since' ? Infinity : is === 'on' ? day : day - 1;
  if (of === 'sent') return between('sentDay', first, last);
  return between(of === 'saved' ? 'savedAt' : 'internalDate', first * SECONDS_PER_DAY, (last + 1) * SECONDS_PER_DAY - 1);
}

/** "M12", "T12": nothing else is an id. */
function objectId(number: 'messageId' | 'threadId', letter: string, id: string): Plan {
  const digits = id.startsWith(letter) && /^[1-9]\d{0,15}$/.test(id.slice(1)) ? Number(id.slice(1)) : 0;
  return between(number, digits, digits);
}

function everything(view: ViewFacts): Plan {
  return ranges(view, [{ start: 0, end: view.uids.length }]);
}

function known(view: ViewFacts, uids: readonly number[]): Plan {
  const positions = new PositionSet(view.uids.length);
  for (const uid of uids) {
    const position = view.uids.indexOf(uid);
    if (position >= 0) positions.add(position);
  }
  return { kind: 'known', positions };
}

/** The places that UIDs name, from the start to before the end of each range. */
function uidPlaces(set: NumberSet, uids: UidList): Places[] {
  return resolve(set, uids.highest).map(([from, to]) => ({ start: uids.lowerBound(from), end: uids.lowerBound(to + 1) }));
}

function resolve(set: NumberSet, last: number): [from: number, to: number][] {
  return set.map((range) => {
    const [from, to] = [range.from, range.to].map((end) => (end === '*' ? last : end));
    return from <= to ? [from, to] : [to, from];
  });
}

function ranges(view: ViewFacts, some: readonly Places[]): Plan {
  return { kind: 'known', positions: PositionSet.ofPlaces(view.uids.length, some) };
}
