/** RENAME, RFC 9051 §6.3.6. */
import { type Command, LOGGED_IN } from '../command.js';
import { ImapNo } from '../folder-rules.js';
import { ancestors, DELIMITER, refuseName } from '../wire/mailbox-name.js';
import { findName } from './folder.js';

export const rename: Command<{ from: string | null; to: string | null }> = {
  states: LOGGED_IN,
  parse: (args) => {
    args.space();
    const from = args.mailbox();
    args.space();
    return { from, to: args.mailbox() };
  },
  run: async ({ from, to }, session) => {
    const mailbox = findName(session, from);
    if (to === null) throw new ImapNo('CANNOT', 'The new name is not well-formed');
    const refusal = refuseName(to);
    if (refusal !== null) throw new ImapNo('CANNOT', refusal);
    if (session.rooms.mailboxes.find(to) !== undefined) throw new ImapNo('ALREADYEXISTS', 'There is a folder of that name');
    if (to.startsWith(mailbox.path + DELIMITER) && mailbox.path !== 'INBOX')
      throw new ImapNo('CANNOT', 'A folder cannot be moved into itself');
    await session.rooms.folders.rename(session.login, mailbox.path, to);
    session.notifications?.noteOwnNames((name) => isAtOrBelow(name, mailbox.path) || isAtOrBelow(name, to) || ancestors(to).includes(name));
    return undefined;
  },
};

function isAtOrBelow(name: string, top: string): boolean {
  return name === top || name.startsWith(top + DELIMITER);
}
