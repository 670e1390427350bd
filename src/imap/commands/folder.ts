/** Finding the folder that a command names, or the refusal that fits. */
import type { Mailbox } from '../../store/mail/types.js';
import { ImapNo } from '../folder-rules.js';
import type { Session } from '../session.js';
import { refuseName } from '../wire/mailbox-name.js';

/** The folder of this name that the client sees and that holds messages. @throws ImapNo */
export function findFolder(session: Session, path: string | null): Mailbox {
  const mailbox = findName(session, path);
  if (!mailbox.selectable) throw new ImapNo('NONEXISTENT', 'That name holds no messages, only other folders');
  return mailbox;
}

/** As `findFolder`, where a client is told to make the folder first, if that can be: APPEND, COPY, MOVE. @throws ImapNo */
export function findTarget(session: Session, path: string | null): Mailbox {
  const mailbox = lookUp(session, path);
  if (mailbox?.selectable === true) return mailbox;
  const refusal = path === null ? 'The name is not well-formed' : refuseName(path);
  throw refusal === null ? new ImapNo('TRYCREATE', 'No such folder') : new ImapNo('CANNOT', refusal);
}

/** The folder of this name, even one that only has children. @throws ImapNo */
export function findName(session: Session, path: string | null): Mailbox {
  const mailbox = lookUp(session, path);
  if (mailbox === undefined) throw new ImapNo('NONEXISTENT', 'No such folder');
  return mailbox;
}

/** Others have their turn between the slices of a long command, and may remove the folder that it fills. @throws ImapNo */
export function requireStillThere(session: Session, targetId: number): void {
  if (session.rooms.mailboxes.byId(targetId) === undefined) throw new ImapNo('TRYCREATE', 'The folder was removed meanwhile');
}

function lookUp(session: Session, path: string | null): Mailbox | undefined {
  if (path === null || !session.rooms.folders.visible(session.login, path)) return undefined;
  return session.rooms.mailboxes.find(path);
}
