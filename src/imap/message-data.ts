/** FETCH responses, asked for or not, and the FLAGS response that must come before a keyword is first seen in one. */
import type { Entry, EntryStateRun } from '../store/mail/types.js';
import { FetchedMessage, type FetchItem, formatItem } from './fetch-items.js';
import type { Content } from './read-ahead.js';
import { formatFlags, SYSTEM_FLAGS } from './responses.js';
import type { Session } from './session.js';

/** The flags of messages, and before that the keywords that the client has not heard of. */
export function sendFlags(session: Session, runs: readonly EntryStateRun[], withUid = false): void {
  const { view, enabled, uidOnly } = session;
  const modseqs = enabled.has('CONDSTORE');
  const showsUids = !uidOnly && (withUid || modseqs || enabled.has('IMAP4rev2'));
  const anyRecent = session.showsRecent && view.recentCount > 0;
  const opening = uidOnly ? 'UIDFETCH' : 'FETCH';
  learnKeywords(session, runs);
  for (const { uids, flags, modseq } of runs) {
    for (const isRecent of anyRecent ? [false, true] : [false]) {
      const alike = anyRecent ? uids.filter((uid) => view.isRecent(uid) === isRecent) : uids;
      if (alike.length === 0) continue;
      const numbers = uidOnly ? alike : view.numbersOf(alike);
      const begins = showsUids ? numbers.map((number, at) => `${number} ${opening} (UID ${alike[at]}`) : numbers;
      const rest = `FLAGS ${formatFlags(flags, isRecent)}${modseqs ? ` MODSEQ (${modseq})` : ''})\r\n`;
      // What is the same in all of them between what is not: line added to line makes a piece of garbage of each.
      const end = showsUids ? ` ${rest}` : ` ${opening} (${rest}`;
      session.send(`* ${begins.join(`${end}* `)}${end}`);
    }
  }
}

/** The mod-sequence of messages. */
export function sendModseqs(session: Session, runs: readonly EntryStateRun[]): void {
  for (const { uids, modseq } of runs) {
    for (const uid of uids) session.send(`${formatOpening(session, uid)}${session.uidOnly ? '' : `UID ${uid} `}MODSEQ (${modseq}))\r\n`);
  }
}

/** What a client asked for of one message. @throws ImapNo for a part whose encoding cannot be undone; nothing was sent then */
export function sendMessage(session: Session, entry: Entry, items: readonly FetchItem[], content: Content = session.rooms.messages): void {
  const { view } = session;
  learnKeywords(session, [entry]);
  const message = new FetchedMessage(entry, session.showsRecent && view.isRecent(entry.uid), content, session.utf8);
  const values = items.map((item) => formatItem(item, message));
  session.send(formatOpening(session, entry.uid));
  values.forEach((value, index) => {
    if (index > 0) session.send(' ');
    for (const piece of value) session.send(piece);
  });
  session.send(')\r\n');
}

/** Before FETCH responses that may name keywords. */
export function learnKeywords(session: Session, entries: readonly Pick<Entry, 'flags'>[]): void {
  let news = false;
  for (const { flags } of entries) news = session.view.learnKeywords(flags) || news;
  if (news) sendFolderFlags(session);
}

/** FLAGS: all that messages of the folder carry; must come before a keyword is first seen in a FETCH. */
export function sendFolderFlags(session: Session): void {
  session.send(`* FLAGS ${formatFlags([...SYSTEM_FLAGS, ...session.view.keywords])}\r\n`);
}

/** A FETCH response begins: by number, or by UID for a client that has done with numbers (RFC 9586 §3.3). */
export function formatOpening(session: Session, uid: number): string {
  return session.uidOnly ? `* ${uid} UIDFETCH (` : `* ${session.view.numberOf(uid)} FETCH (`;
}
