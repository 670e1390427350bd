/** SELECT and EXAMINE, RFC 9051 §6.3.2 and §6.3.3. */
import { type Command, LOGGED_IN } from '../command.js';
import { formatFlags } from '../responses.js';
import type { Session } from '../session.js';
import { View } from '../view.js';
import { findFolder } from './folder.js';

const SYSTEM_FLAGS = ['\\Answered', '\\Flagged', '\\Deleted', '\\Seen', '\\Draft'];

export const select = selectCommand(false);
export const examine = selectCommand(true);

function selectCommand(readOnly: boolean): Command<{ path: string | null }> {
  return {
    states: LOGGED_IN,
    parse: (args) => {
      args.space();
      return { path: args.mailbox() };
    },
    run: async ({ path }, session) => {
      // Whatever comes now: the folder that was selected is no more (RFC 9051 §6.3.2).
      deselect(session);
      const mailbox = findFolder(session, path);
      session.select(new View(session.rooms.mailboxes, mailbox, session.login.identity, readOnly));
      session.send(describe(session));
      return { code: readOnly ? 'READ-ONLY' : 'READ-WRITE', text: readOnly ? 'Examined' : 'Selected' };
    },
  };
}

function deselect(session: Session): void {
  if (session.state !== 'selected') return;
  session.select(null);
  if (session.enabled.has('QRESYNC') || session.enabled.has('IMAP4rev2')) session.send('* OK [CLOSED] Previous mailbox closed\r\n');
}

function describe(session: Session): string {
  const { view } = session;
  const mailbox = session.rooms.mailboxes.byId(view.id);
  const permanent = view.readOnly ? '()' : formatFlags([...SYSTEM_FLAGS, ...view.keywords, '\\*']);
  const lines = [session.formatFlagsOfFolder(), `* OK [PERMANENTFLAGS ${permanent}] Kept flags\r\n`, `* ${view.count} EXISTS\r\n`];
  if (session.showsRecent) {
    lines.push(`* ${view.recentCount} RECENT\r\n`);
    const unseen = session.rooms.mailboxes.firstUnseen(view.id, view.scope);
    if (unseen !== null) lines.push(`* OK [UNSEEN ${view.numberOf(unseen)}] First unseen\r\n`);
  } else if (mailbox !== undefined) {
    lines.push(`* LIST () "/" ${session.formatMailbox(mailbox.path)}\r\n`);
  }
  lines.push(`* OK [UIDVALIDITY ${view.uidValidity}] UIDs are valid\r\n`, `* OK [UIDNEXT ${mailbox?.uidNext ?? 1}] Next UID\r\n`);
  return lines.join('');
}
