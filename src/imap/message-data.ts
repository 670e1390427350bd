/** FETCH responses, asked for or not, and the FLAGS response that must come before a keyword is first seen in one. */
import type { Entry } from '../store/mail/types.js';
import { FetchedMessage, type FetchItem, formatItem } from './fetch-items.js';
import type { Content } from './read-ahead.js';
import { formatFlags, SYSTEM_FLAGS } from './responses.js';
import type { Session } from './session.js';

/** The flags of one message. */
export function sendFlags(session: Session, entry: Entry, withUid = false): void {
  const { view, enabled, showsRecent } = session;
  const modseq = enabled.has('CONDSTORE');
  const uid = withUid || modseq || enabled.has('IMAP4rev2') ? `UID ${entry.uid} ` : '';
  const recent = showsRecent && view.isRecent(entry.uid);
  const flags = `FLAGS ${formatFlags(entry.flags, recent)}${modseq ? ` MODSEQ (${entry.modseq})` : ''}`;
  session.send(`${formatOpening(session, entry.uid)}${session.uidOnly ? '' : uid}${flags})\r\n`);
}

/** The mod-sequence of one message. */
export function sendModseq(session: Session, { uid, modseq }: Entry): void {
  session.send(`${formatOpening(session, uid)}${session.uidOnly ? '' : `UID ${uid} `}MODSEQ (${modseq}))\r\n`);
}

/** What a client asked for of one message. @throws ImapNo for a part whose encoding cannot be undone; nothing was sent then */
export function sendMessage(session: Session, entry: Entry, items: readonly FetchItem[], content: Content = session.rooms.messages): void {
  const { view } = session;
  learnKeywords(session, entry);
  const message = new FetchedMessage(entry, session.showsRecent && view.isRecent(entry.uid), content, session.utf8);
  const values = items.map((item) => formatItem(item, message));
  session.send(formatOpening(session, entry.uid));
  values.forEach((value, index) => {
    if (index > 0) session.send(' ');
    for (const piece of value) session.send(piece);
  });
  session.send(')\r\n');
}

/** Before a FETCH response that may name keywords. */
export function learnKeywords(session: Session, { flags }: Entry): void {
  if (session.view.learnKeywords(flags)) sendFolderFlags(session);
}

/** FLAGS: all that messages of the folder carry; must come before a keyword is first seen in a FETCH. */
export function sendFolderFlags(session: Session): void {
  session.send(`* FLAGS ${formatFlags([...SYSTEM_FLAGS, ...session.view.keywords])}\r\n`);
}

/** A FETCH response begins: by number, or by UID for a client that has done with numbers (RFC 9586 §3.3). */
export function formatOpening(session: Session, uid: number): string {
  return session.uidOnly ? `* ${uid} UIDFETCH (` : `* ${session.view.numberOf(uid)} FETCH (`;
}
