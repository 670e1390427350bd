/** FETCH and UID FETCH, RFC 9051 §6.4.5: streamed message by message, whatever the size of the folder. */

import { type Command, type Completion, SELECTED } from '../command.js';
import { ConnectionClosed } from '../connection.js';
import { type FetchItem, marksSeen } from '../fetch-items.js';
import { openIfLarge, sendLargeMessage } from '../large-fetch.js';
import { sendMessage } from '../message-data.js';
import { ReadAhead } from '../read-ahead.js';
import type { Session } from '../session.js';
import { common } from '../uid-arrays.js';
import { ImapBad } from '../wire/imap-bad.js';
import { lowerBound, type SequenceSet, selectFrom } from '../wire/sequence-set.js';
import { areRowItems, streamRows } from './fetch-rows.js';
import { type FetchRequest, parseFetch } from './fetch-syntax.js';
import { sendVanished } from './long-lists.js';
import { selectPartial } from './partial-range.js';
import { readChanges } from './read-changes.js';

/** Of envelopes about so many fill one piece of output, and of whole messages. */
const HEADER_SLICE_SIZE = 250;
const CONTENT_SLICE_SIZE = 90;

/** Messages differ in size: a slice that ends too early costs a turn, one that is too long is read twice. */
const SPARE = 1.1;

export const fetch = fetchCommand('number');
export const uidFetch = fetchCommand('uid');

function fetchCommand(by: 'number' | 'uid'): Command<FetchRequest> {
  return {
    states: SELECTED,
    holdsNumbers: by === 'number',
    byNumber: by === 'number',
    parse: parseFetch,
    run: (request, session) => run(request, by, session),
  };
}

async function run(request: FetchRequest, by: 'number' | 'uid', session: Session): Promise<Completion> {
  const { view } = session;
  if (request.vanished && (by !== 'uid' || request.changedSince === null || !session.enabled.has('QRESYNC'))) {
    throw new ImapBad('VANISHED goes with UID FETCH, CHANGEDSINCE and ENABLE QRESYNC');
  }
  if (request.partial !== null && by !== 'uid') throw new ImapBad('PARTIAL goes with UID FETCH');
  if (request.changedSince !== null || request.items.some((item) => item.item === 'MODSEQ')) session.enableCondstore();
  let uids = view.resolve(request.set, by);
  if (request.changedSince !== null) {
    const changes = await readChanges(session, request.changedSince);
    uids = await common(uids, changes.changed, () => session.breathe());
    if (request.vanished) await tellVanished(session, request.set, changes.expunged);
  }
  if (request.partial !== null) uids = selectPartial(uids, request.partial);
  const found = await stream(session, uids, withImplied(request, by, session.uidOnly));
  const complete = request.changedSince !== null || found === uids.length;
  return complete ? {} : { code: 'EXPUNGEISSUED', text: 'Some messages are gone' };
}

/** UID and MODSEQ come unasked where the RFCs say so (RFC 9051 §6.4.9, RFC 7162 §3.1.4.1). */
function withImplied({ items, changedSince }: FetchRequest, by: 'number' | 'uid', uidOnly: boolean): FetchItem[] {
  const has = (name: string): boolean => items.some((item) => item.item === name);
  const implied: FetchItem[] = [];
  if (by === 'uid' && !uidOnly && !has('UID')) implied.push({ item: 'UID' });
  if (changedSince !== null && !has('MODSEQ')) implied.push({ item: 'MODSEQ' });
  return [...implied, ...items];
}

/** Answers how many of the messages were still there. */
async function stream(session: Session, uids: readonly number[], items: readonly FetchItem[]): Promise<number> {
  if (areRowItems(items)) return streamRows(session, uids, items);
  const { view, rooms } = session;
  const marks = !view.readOnly && items.some(marksSeen);
  const maxSliceSize = items.some(readsContent) ? CONTENT_SLICE_SIZE : HEADER_SLICE_SIZE;
  let sliceSize = maxSliceSize;
  const seenNow = new Set<number>();
  let refusal: unknown = null;
  let found = 0;
  for (let start = 0; start < uids.length; ) {
    const slice = uids.slice(start, start + sliceSize);
    if (marks) for (const uid of markSeen(session, slice)) seenNow.add(uid);
    start += slice.length;
    const { revision } = rooms.mailboxes;
    const entries = rooms.mailboxes.entries(view.id, slice);
    // Reading together costs more than reading where there is one alone.
    const content = entries.length === 1 ? rooms.messages : new ReadAhead(rooms.messages, entries, items);
    const foundBefore = found;
    for (const entry of entries) {
      const asked = seenNow.delete(entry.uid) ? withFlags(items, session) : items;
      const large = openIfLarge(session, entry, asked);
      try {
        if (large === null) sendMessage(session, entry, asked, content);
        else if (!(await sendLargeMessage(session, entry, asked, large))) found--;
      } catch (error) {
        if (error instanceof ConnectionClosed) throw error;
        refusal ??= error; // the other messages are answered all the same, whatever is wrong with this one
      }
      found++;
      if (session.pace.needsBreath) await session.breathe();
      if (rooms.mailboxes.revision !== revision) {
        // While others had their turn, what was read of this slice may have changed: it is read anew.
        start = lowerBound(uids, entry.uid + 1);
        break;
      }
    }
    // What did not fit is read anew, so about as many are looked at as fitted the last time.
    const fitted = found - foundBefore;
    sliceSize = Math.min(maxSliceSize, fitted < entries.length ? Math.ceil(SPARE * fitted) : 2 * fitted + 1);
    await session.breathe();
  }
  if (refusal !== null) throw refusal;
  return found;
}

/** Whether few messages make a long answer, so that reading many rows ahead is wasted. */
function readsContent(item: FetchItem): boolean {
  if (item.item === 'BODY[]') return !item.section.text.startsWith('HEADER');
  return ['BINARY[]', 'RFC822', 'RFC822.TEXT'].includes(item.item);
}

/** Sets \Seen where it is missing; answers where. */
function markSeen(session: Session, uids: readonly number[]): number[] {
  const { changed } = session.rooms.mailboxes.setFlags(session.view.id, uids, 'add', ['\\Seen']);
  session.view.noteTold(changed);
  return changed.flatMap(({ uids: marked }) => marked);
}

/** RFC 9051 §6.4.5: the flags that the fetch itself has changed come with it. */
function withFlags(items: readonly FetchItem[], session: Session): FetchItem[] {
  const added: FetchItem[] = [];
  if (!items.some((item) => item.item === 'FLAGS')) added.push({ item: 'FLAGS' });
  if (session.enabled.has('CONDSTORE') && !items.some((item) => item.item === 'MODSEQ')) added.push({ item: 'MODSEQ' });
  return [...items, ...added];
}

/** RFC 7162 §3.2.6: which of the asked UIDs were expunged since. */
async function tellVanished(session: Session, set: SequenceSet, expunged: readonly number[]): Promise<void> {
  if (set.kind === 'saved') return;
  const last = (session.view.mailbox()?.uidNext ?? 1) - 1;
  await sendVanished(session, selectFrom(set.ranges, expunged, last));
}
