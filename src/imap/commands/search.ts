/** SEARCH and UID SEARCH, RFC 9051 §6.4.4, with RETURN (RFC 4731), its saved result "$" (RFC 5182) and updates (RFC 5267). */
import { type Command, SELECTED } from '../command.js';
import { findMessages } from '../find-messages.js';
import { ImapNo } from '../folder-rules.js';
import { asksModseq, type SearchKey } from '../search/key.js';
import { keepUpdated } from '../search-updates.js';
import type { Session } from '../session.js';
import type { SortCriterion } from '../sort/sort-values.js';
import type { Uids } from '../uid-arrays.js';
import { ImapBad } from '../wire/imap-bad.js';
import { RETURN_ALL, type ReturnOptions } from './return-syntax.js';
import { answerExtended, answerPlain, chooseSaved } from './search-answer.js';
import { type Charset, parseSearch, type SearchRequest } from './search-syntax.js';

export const search = searchCommand('number');
export const uidSearch = searchCommand('uid');

function searchCommand(by: 'number' | 'uid'): Command<SearchRequest> {
  return {
    states: SELECTED,
    holdsNumbers: by === 'number',
    byNumber: by === 'number',
    parse: parseSearch,
    run: async ({ returns, charset, key }, session) => {
      // IMAP4rev2 answers every search with ESEARCH (RFC 9051 §6.4.4).
      const options = returns ?? (session.enabled.has('IMAP4rev2') ? RETURN_ALL : null);
      await runSearch(session, { by, returns: options, key, criteria: null, name: 'SEARCH' }, async () => {
        requireCharset(session, charset);
        return findMessages(session, key);
      });
      return undefined;
    },
  };
}

export interface Search {
  readonly by: 'number' | 'uid';
  readonly returns: ReturnOptions | null;
  readonly key: SearchKey;
  /** Null: in the order of the folder. */
  readonly criteria: readonly SortCriterion[] | null;
  /** How the plain response is called. */
  readonly name: 'SEARCH' | 'SORT';
}

/** @param find answers UIDs in the order that was asked for */
export async function runSearch(session: Session, search: Search, find: () => Promise<Uids>): Promise<void> {
  const { by, returns, key, criteria } = search;
  const { view, tag } = session;
  refuseNumbers(session, key);
  if (returns?.update) requireFreeTag(session);
  const withModseq = asksModseq(key);
  if (withModseq) session.enableCondstore();
  let uids: Uids;
  try {
    uids = await find();
  } catch (error) {
    // RFC 5182 §2.1: a search that fails leaves nothing behind, one that could not be read changes nothing.
    if (returns?.save && !(error instanceof ImapBad)) view.saved = [];
    throw error;
  }
  if (returns === null) return answerPlain(session, search.name, { uids, by, withModseq });
  if (returns.save) view.saved = await chooseSaved(session, uids, returns);
  if (returns.update !== null) keepUpdated(session, { tag, correlator: '', by, key, criteria, items: returns.update, result: uids });
  if (!onlySaves(returns)) await answerExtended(session, { uids, by, withModseq }, returns);
}

/** The tag will name the search in what is told of it later. @throws ImapBad when nothing is selected, too */
export function requireFreeTag({ view, tag }: Session): void {
  if (view.updatingSearches.some((other) => other.tag === tag)) throw new ImapBad('The tag names another search');
}

/** @throws ImapBad where the client has agreed to UTF-8 already (RFC 6855 §3), and ImapNo */
export function requireCharset(session: Session, charset: Charset | null): void {
  if (charset !== null && session.enabled.has('UTF8=ACCEPT')) throw new ImapBad('Searches are in UTF-8');
  requireKnownCharset(charset);
}

/** @throws ImapNo */
export function requireKnownCharset(charset: Charset | null): void {
  if (charset === 'unknown') throw new ImapNo('BADCHARSET (UTF-8 US-ASCII)', 'Search in UTF-8');
}

/** RFC 9586 §3.4. @throws ImapBad for message numbers of a client that has done with them */
export function refuseNumbers(session: Session, key: SearchKey): void {
  if (session.uidOnly && hasNumbers(key)) throw new ImapBad('Message numbers are not in use', 'UIDREQUIRED');
}

function hasNumbers(key: SearchKey): boolean {
  switch (key.key) {
    case 'sequence':
      return true;
    case 'and':
      return key.keys.some(hasNumbers);
    case 'or':
      return hasNumbers(key.left) || hasNumbers(key.right);
    case 'not':
      return hasNumbers(key.of);
    default:
      return false;
  }
}

/** RFC 5182 §2.1: RETURN (SAVE) has no answer. */
function onlySaves({ save, min, max, all, count, partial, update }: ReturnOptions): boolean {
  return save && !min && !max && !all && !count && partial === null && update === null;
}
