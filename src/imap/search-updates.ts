/** Searches and sorts whose results the client is kept informed of: ADDTO and REMOVEFROM, RFC 5267 §4.3. */
import type { FetchItem } from './fetch-items.js';
import { findMessages, sortMessages } from './find-messages.js';
import type { NumberSet, SearchKey } from './search/key.js';
import { placesOf } from './search/plan.js';
import type { Session } from './session.js';
import type { SortCriterion } from './sort/sort-values.js';
import type { Uids } from './uid-arrays.js';
import type { UidList } from './uid-list.js';
import type { Updates, View } from './view.js';
import { quoted } from './wire/encoder.js';
import { formatSequenceSet } from './wire/sequence-set.js';

export interface UpdatingSearch {
  readonly tag: string;
  /** What stands in the response after the tag: the folder, for ESEARCH (RFC 7377 §2.1). */
  readonly correlator: string;
  readonly by: 'number' | 'uid';
  readonly key: SearchKey;
  /** Null: a search, whose results are in the order of the folder. */
  readonly criteria: readonly SortCriterion[] | null;
  /** RFC 5465 §7: what is fetched of new messages that fit. */
  readonly items: readonly FetchItem[];
  /** The UIDs that the client knows as the result, in the order in which it has them. */
  result: readonly number[];
}

/** RFC 5267 §4.3.1 wants at least one; each is searched anew for every change. */
const MAX_UPDATING_SEARCHES = 16;
/** A sorted result is sorted anew when a message comes in: with more of them that takes too long to do it each time. */
const MAX_SORTED_RESULTS = 20_000;

/** Begins to keep the client informed, or tells it that this is too much. */
export function keepUpdated(session: Session, search: Omit<UpdatingSearch, 'result'> & { readonly result: Uids }): void {
  const { view } = session;
  const tooMany = view.updatingSearches.length >= MAX_UPDATING_SEARCHES;
  if (tooMany || (search.criteria !== null && search.result.length > MAX_SORTED_RESULTS)) {
    session.send(`* NO [NOUPDATE ${quoted(search.tag).toString('latin1')}] Too ${tooMany ? 'many searches' : 'large a result'}\r\n`);
    return;
  }
  view.updatingSearches.push({ ...search, key: withoutNumbers(search.key, view), result: Array.from(search.result) });
}

/** Expunged messages leave the results; must come before the EXPUNGE that makes their numbers invalid (RFC 5267 §4.3.4). */
export function tellDepartures(session: Session, { expungedUids, expungedNumbers }: Updates): void {
  if (expungedUids.length === 0) return;
  const gone = new Map(expungedUids.map((uid, index) => [uid, expungedNumbers[expungedNumbers.length - 1 - index]]));
  for (const search of session.view.updatingSearches) removeFrom(session, search, gone);
}

/** What new messages and changed flags do to a result. */
export interface ResultChange {
  readonly search: UpdatingSearch;
  readonly leaving: readonly number[];
  readonly joining: readonly number[];
}

export async function findResultChanges(session: Session, { added, touched }: Updates): Promise<ResultChange[]> {
  const looked = [...added, ...touched];
  if (looked.length === 0) return [];
  const set = looked.map((uid) => ({ from: uid, to: uid }));
  const changes: ResultChange[] = [];
  for (const search of session.view.updatingSearches) {
    const fitting = new Set(await findMessages(session, { key: 'and', keys: [{ key: 'uid', set }, search.key] }));
    const known = new Set(search.result);
    const leaving = touched.filter((uid) => known.has(uid) && !fitting.has(uid));
    const joining = looked.filter((uid) => fitting.has(uid) && !known.has(uid)).sort((a, b) => a - b);
    changes.push({ search, leaving, joining });
  }
  return changes;
}

/** Must come after EXISTS and FETCH (RFC 5267 §4.3.3, RFC 5465 §7). */
export async function tellResultChanges(session: Session, changes: readonly ResultChange[]): Promise<void> {
  for (const { search, leaving, joining } of changes) {
    removeFrom(session, search, new Map(leaving.map((uid) => [uid, session.view.numberOf(uid)])));
    if (joining.length > 0) await addTo(session, search, joining);
  }
}

/** @param leaving number by UID */
function removeFrom(session: Session, search: UpdatingSearch, leaving: ReadonlyMap<number, number>): void {
  const numberOf = (uid: number): number => (search.by === 'uid' ? uid : leaving.get(uid)!);
  const positions = search.result.flatMap((uid, index) => (leaving.has(uid) ? [index] : []));
  if (positions.length === 0) return;
  const uids = positions.map((index) => search.result[index]);
  // From the last to the first, so that each position is right whether or not the others were taken away before.
  const pairs =
    search.criteria === null
      ? `0 ${formatSequenceSet(uids.map(numberOf))}`
      : positions
          .map((index) => `${index + 1} ${numberOf(search.result[index])}`)
          .reverse()
          .join(' ');
  search.result = search.result.filter((uid) => !leaving.has(uid));
  send(session, search, `REMOVEFROM (${pairs})`);
}

async function addTo(session: Session, search: UpdatingSearch, joining: readonly number[]): Promise<void> {
  const numberOf = (uid: number): number => (search.by === 'uid' ? uid : session.view.numberOf(uid));
  const ascending = [...search.result, ...joining].sort((a, b) => a - b);
  if (search.criteria === null) {
    search.result = ascending;
    send(session, search, `ADDTO (0 ${formatSequenceSet(joining.map(numberOf))})`);
    return;
  }
  search.result = Array.from(await sortMessages(session, search.criteria, ascending));
  const isNew = new Set(joining);
  const pairs: string[] = [];
  for (let index = 0; index < search.result.length; ) {
    let end = index;
    while (end < search.result.length && isNew.has(search.result[end])) end++;
    if (end > index) pairs.push(`${index + 1} ${formatSequenceSet(search.result.slice(index, end).map(numberOf))}`);
    index = end + 1;
  }
  if (pairs.length > 0) send(session, search, `ADDTO (${pairs.join(' ')})`);
}

function send(session: Session, { tag, correlator, by }: UpdatingSearch, data: string): void {
  session.send(`* ESEARCH (TAG ${quoted(tag).toString('latin1')}${correlator})${by === 'uid' ? ' UID' : ''} ${data}\r\n`);
}

/** Message numbers and "$" mean the messages that they meant when the client asked. */
function withoutNumbers(key: SearchKey, view: View): SearchKey {
  const ofUids = (uids: readonly number[]): SearchKey => ({ key: 'uid', set: uids.map((uid) => ({ from: uid, to: uid })) });
  switch (key.key) {
    case 'sequence':
      return { key: 'uid', set: toUidRanges(key.set, view.uidList) };
    case 'saved':
      return ofUids(view.saved);
    case 'and':
      return { key: 'and', keys: key.keys.map((inner) => withoutNumbers(inner, view)) };
    case 'or':
      return { key: 'or', left: withoutNumbers(key.left, view), right: withoutNumbers(key.right, view) };
    case 'not':
      return { key: 'not', of: withoutNumbers(key.of, view) };
    default:
      return key;
  }
}

/** Message numbers as UIDs: between two of them no others will ever come. */
function toUidRanges(set: NumberSet, uids: UidList): NumberSet {
  return placesOf(set, uids.length).flatMap(({ start, end }) => (start < end ? [{ from: uids.at(start)!, to: uids.at(end - 1)! }] : []));
}
