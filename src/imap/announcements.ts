/** What a client is told of its selected folder without asking: EXISTS, EXPUNGE or VANISHED, FLAGS and FETCH. */
import type { Entry } from '../store/mail/types.js';
import { formatExpunged, formatFlags, formatFlagsFetch, SYSTEM_FLAGS } from './responses.js';
import type { Session } from './session.js';

/** Tells what changed in the selected folder since the client was last told. */
export function tellChanges(session: Session, mayExpunge: boolean): void {
  if (session.state !== 'selected') return;
  const { view } = session;
  if (view.isRemoved()) {
    session.hangUp('The selected mailbox was deleted');
    return;
  }
  const updates = view.takeUpdates(mayExpunge);
  if (updates === null) return;
  session.send(formatExpunged(updates.expungedNumbers, updates.expungedUids, session.enabled.has('QRESYNC')));
  if (updates.exists !== null) {
    session.send(`* ${updates.exists} EXISTS\r\n`);
    if (session.showsRecent) session.send(`* ${view.recentCount} RECENT\r\n`);
  }
  if (updates.newKeywords) sendFolderFlags(session);
  for (const entry of updates.changed) sendFlags(session, entry);
}

/** FETCH of the flags of one message. */
export function sendFlags(session: Session, entry: Entry, withUid = false): void {
  const { view, enabled, showsRecent } = session;
  const modseq = enabled.has('CONDSTORE');
  const uid = withUid || modseq || enabled.has('IMAP4rev2');
  const recent = showsRecent && view.isRecent(entry.uid);
  session.send(formatFlagsFetch(view.numberOf(entry.uid), entry, { recent, uid, modseq }));
}

/** FETCH of the mod-sequence of one message. */
export function sendModseq(session: Session, entry: Entry): void {
  session.send(`* ${session.view.numberOf(entry.uid)} FETCH (UID ${entry.uid} MODSEQ (${entry.modseq}))\r\n`);
}

/** FLAGS: all that messages of the folder carry; must come before a keyword is first seen in a FETCH. */
export function sendFolderFlags(session: Session): void {
  session.send(`* FLAGS ${formatFlags([...SYSTEM_FLAGS, ...session.view.keywords])}\r\n`);
}
