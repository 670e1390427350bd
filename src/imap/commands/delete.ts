/** DELETE, RFC 9051 §6.3.5. */
import { type Command, LOGGED_IN } from '../command.js';
import { ImapNo } from '../folder-rules.js';
import { DELIMITER } from '../wire/mailbox-name.js';
import { findName } from './folder.js';
import { tellSpelling } from './spelling.js';

export const remove: Command<{ path: string | null; typed: string | null }> = {
  states: LOGGED_IN,
  parse: (args) => {
    args.space();
    return args.mailboxAsTyped();
  },
  run: async ({ path, typed }, session) => {
    const mailbox = findName(session, path);
    if (mailbox.path === 'INBOX') throw new ImapNo('CANNOT', ({ folders }) => folders.inboxStays);
    const parent = mailbox.path + DELIMITER;
    if (!mailbox.selectable && session.rooms.mailboxes.list().some((other) => other.path.startsWith(parent))) {
      throw new ImapNo('HASCHILDREN', ({ folders }) => folders.hasFoldersBelow);
    }
    await session.rooms.folders.remove(session.login, mailbox.path);
    session.notifications?.noteOwnNames((name) => name === mailbox.path);
    if (session.state === 'selected' && session.view.id === mailbox.id) session.select(null);
    tellSpelling(session, mailbox.path, typed);
    return undefined;
  },
};
