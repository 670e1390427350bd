/** SEARCH and UID SEARCH, RFC 9051 §6.4.4, with RETURN (RFC 4731) and its saved result "$" (RFC 5182). */
import { type Command, SELECTED } from '../command.js';
import { ImapNo } from '../folder-rules.js';
import { asksModseq } from '../search/key.js';
import { search as findMessages } from '../search/search.js';
import type { Session } from '../session.js';
import { quoted } from '../wire/encoder.js';
import { ImapBad } from '../wire/imap-bad.js';
import { formatSequenceSet } from '../wire/sequence-set.js';
import { parseSearch, type SearchRequest } from './search-syntax.js';
import { inSlices } from './slices.js';

export const search = searchCommand('number');
export const uidSearch = searchCommand('uid');

function searchCommand(by: 'number' | 'uid'): Command<SearchRequest> {
  return {
    states: SELECTED,
    holdsNumbers: by === 'number',
    parse: parseSearch,
    run: async (request, session) => {
      await run(request, by, session);
      return undefined;
    },
  };
}

async function run(request: SearchRequest, by: 'number' | 'uid', session: Session): Promise<void> {
  const { view } = session;
  // IMAP4rev2 answers every search with ESEARCH (RFC 9051 §6.4.4).
  const returns = request.returns ?? (session.enabled.has('IMAP4rev2') ? [] : null);
  const saves = returns?.includes('SAVE') === true;
  const withModseq = asksModseq(request.key);
  if (withModseq) session.enableCondstore();
  let found: number[];
  try {
    if (request.charset !== null && session.enabled.has('UTF8=ACCEPT')) throw new ImapBad('Searches are in UTF-8 (RFC 6855)');
    if (request.charset === 'unknown') throw new ImapNo('BADCHARSET (UTF-8 US-ASCII)', 'Search in UTF-8');
    found = await findIn(session, request);
  } catch (error) {
    if (saves) view.saved = []; // RFC 5182 §2.1: a search that fails leaves nothing behind
    throw error;
  }
  if (saves) view.saved = chooseSaved(found, returns);
  if (returns === null) await answerPlain(session, found, by, withModseq);
  else if (returns.length !== 1 || !saves) await answerExtended(session, found, by, returns, withModseq);
}

async function findIn(session: Session, request: SearchRequest): Promise<number[]> {
  const { view, rooms } = session;
  return findMessages(request.key, {
    mailboxes: rooms.mailboxes,
    messages: rooms.messages,
    mailboxId: view.id,
    uids: view.uids,
    saved: view.saved,
    now: Math.floor(Date.now() / 1000),
    isRecent: (uid) => session.showsRecent && view.isRecent(uid),
    breathe: () => session.breathe(),
  });
}

async function answerPlain(session: Session, found: readonly number[], by: 'number' | 'uid', withModseq: boolean): Promise<void> {
  const modseq = withModseq && found.length > 0 ? ` (MODSEQ ${await highestModseq(session, found)})` : '';
  const numbers = toNumbers(session, found, by);
  session.send(`* SEARCH${numbers.map((number) => ` ${number}`).join('')}${modseq}\r\n`);
}

async function answerExtended(
  session: Session,
  found: readonly number[],
  by: 'number' | 'uid',
  returns: readonly string[],
  withModseq: boolean,
): Promise<void> {
  const wanted = returns.some((option) => option !== 'SAVE') ? returns : [...returns, 'ALL'];
  const numbers = toNumbers(session, found, by);
  const words = [`* ESEARCH (TAG ${quoted(session.tag).toString('latin1')})`];
  if (by === 'uid') words.push('UID');
  if (numbers.length > 0) {
    if (wanted.includes('MIN')) words.push(`MIN ${numbers[0]}`);
    if (wanted.includes('MAX')) words.push(`MAX ${numbers[numbers.length - 1]}`);
    if (wanted.includes('ALL')) words.push(`ALL ${formatSequenceSet(numbers)}`);
  }
  if (wanted.includes('COUNT')) words.push(`COUNT ${numbers.length}`);
  if (withModseq && found.length > 0) words.push(`MODSEQ ${await highestModseq(session, ends(found, wanted))}`);
  session.send(`${words.join(' ')}\r\n`);
}

/** RFC 5182 §2.4: MIN and MAX alone save just these messages. */
function chooseSaved(found: readonly number[], returns: readonly string[]): number[] {
  return returns.includes('MIN') || returns.includes('MAX') ? [...new Set(ends(found, returns))] : [...found];
}

/** The messages that MIN and MAX name, if these are all that is asked for; else all. */
function ends(found: readonly number[], returns: readonly string[]): readonly number[] {
  if (found.length === 0 || returns.includes('ALL') || returns.includes('COUNT')) return found;
  const chosen: number[] = [];
  if (returns.includes('MIN')) chosen.push(found[0]);
  if (returns.includes('MAX')) chosen.push(found[found.length - 1]);
  return chosen.length === 0 ? found : chosen;
}

async function highestModseq(session: Session, uids: readonly number[]): Promise<number> {
  let highest = 0;
  await inSlices(session, uids, (slice) => {
    for (const entry of session.rooms.mailboxes.entries(session.view.id, slice)) highest = Math.max(highest, entry.modseq);
  });
  return highest;
}

function toNumbers(session: Session, uids: readonly number[], by: 'number' | 'uid'): readonly number[] {
  return by === 'uid' ? uids : uids.map((uid) => session.view.numberOf(uid));
}
