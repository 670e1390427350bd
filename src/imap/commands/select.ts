/** SELECT and EXAMINE, RFC 9051 §6.3.2 and §6.3.3, with quick resynchronisation (RFC 7162 §3.2.5). */
import { type Command, LOGGED_IN } from '../command.js';
import { sendFolderFlags } from '../message-data.js';
import { formatFlags, SYSTEM_FLAGS } from '../responses.js';
import type { Session } from '../session.js';
import { View } from '../view.js';
import { ImapBad } from '../wire/imap-bad.js';
import { findFolder } from './folder.js';
import { tellMissed } from './resync.js';
import { parseSelect, type SelectRequest } from './select-syntax.js';
import { formatName } from './spelling.js';

export const select = selectCommand(false);
export const examine = selectCommand(true);

function selectCommand(readOnly: boolean): Command<SelectRequest> {
  return {
    states: LOGGED_IN,
    parse: parseSelect,
    run: async ({ path, typed, condstore, resync }, session) => {
      if (resync !== null && !session.enabled.has('QRESYNC')) throw new ImapBad('ENABLE QRESYNC first');
      if (resync?.pairs && session.uidOnly) throw new ImapBad('Message numbers are not in use', 'UIDREQUIRED'); // RFC 9586 §3.7
      // Whatever comes now: the folder that was selected is no more (RFC 9051 §6.3.2).
      deselect(session);
      const mailbox = findFolder(session, path);
      if (condstore) session.enableCondstore();
      const { identity: scope } = session.login;
      session.select(await View.open(session.rooms, mailbox, { scope, readOnly, breathe: () => session.breathe() }));
      sendFolderFlags(session);
      session.send(describe(session, typed));
      if (resync?.uidValidity === mailbox.uidValidity) await tellMissed(session, resync);
      return { code: readOnly ? 'READ-ONLY' : 'READ-WRITE', text: readOnly ? 'Examined' : 'Selected' };
    },
  };
}

function deselect(session: Session): void {
  if (session.state !== 'selected') return;
  session.select(null);
  if (session.enabled.has('QRESYNC') || session.enabled.has('IMAP4rev2')) session.send('* OK [CLOSED] Previous mailbox closed\r\n');
}

function describe(session: Session, typed: string | null): string {
  const { view } = session;
  const mailbox = session.rooms.mailboxes.byId(view.id);
  const permanent = view.readOnly ? '()' : formatFlags([...SYSTEM_FLAGS, ...view.keywords, '\\*']);
  const lines = [`* OK [PERMANENTFLAGS ${permanent}] Kept flags\r\n`, `* ${view.count} EXISTS\r\n`];
  if (session.showsRecent) {
    lines.push(`* ${view.recentCount} RECENT\r\n`);
    const unseen = session.rooms.mailboxes.firstUnseen(view.id, view.scope);
    if (unseen !== null && !session.uidOnly) lines.push(`* OK [UNSEEN ${view.numberOf(unseen)}] First unseen\r\n`);
  } else if (mailbox !== undefined) {
    lines.push(formatName(session, mailbox.path, typed));
  }
  lines.push(`* OK [UIDVALIDITY ${view.uidValidity}] UIDs are valid\r\n`, `* OK [UIDNEXT ${mailbox?.uidNext ?? 1}] Next UID\r\n`);
  lines.push(`* OK [HIGHESTMODSEQ ${view.modseq}] Highest\r\n`, `* OK [MAILBOXID (${mailbox?.objectId ?? ''})] Mailbox\r\n`);
  return lines.join('');
}
