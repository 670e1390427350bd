/** RENAME, RFC 9051 §6.3.6. */
import { type Command, LOGGED_IN } from '../command.js';
import { ImapNo } from '../folder-rules.js';
import { quietly } from '../own-changes.js';
import type { Session } from '../session.js';
import { ancestors, DELIMITER, refuseName } from '../wire/mailbox-name.js';
import { findName, findTarget, requireStillThere } from './folder.js';
import { inSlices } from './slices.js';
import { tellSpelling } from './spelling.js';

/** Some milliseconds. */
const UIDS_PER_SLICE = 20_000;

interface Rename {
  readonly from: string | null;
  readonly to: string | null;
  /** The old name as the client spelt it, where the store spells one of the names otherwise. */
  readonly typed: string | null;
}

export const rename: Command<Rename> = {
  states: LOGGED_IN,
  parse: (args) => {
    args.space();
    const from = args.mailboxAsTyped();
    args.space();
    const to = args.mailboxAsTyped();
    return { from: from.path, to: to.path, typed: to.typed === null ? from.typed : (from.typed ?? from.path) };
  },
  run: async ({ from, to, typed }, session) => {
    const mailbox = findName(session, from);
    if (to === null) throw new ImapNo('CANNOT', ({ folders }) => folders.malformed);
    const refusal = refuseName(to);
    if (refusal !== null) throw new ImapNo('CANNOT', refusal);
    if (session.rooms.mailboxes.find(to) !== undefined) throw new ImapNo('ALREADYEXISTS', ({ folders }) => folders.nameTaken);
    if (to.startsWith(mailbox.path + DELIMITER) && mailbox.path !== 'INBOX')
      throw new ImapNo('CANNOT', ({ folders }) => folders.intoItself);
    await session.rooms.folders.rename(session.login, mailbox.path, to);
    if (mailbox.path === 'INBOX') await emptyInbox(session, mailbox.id, to);
    session.notifications?.noteOwnNames((name) => isAtOrBelow(name, mailbox.path) || isAtOrBelow(name, to) || ancestors(to).includes(name));
    tellSpelling(session, to, typed);
    return undefined;
  },
};

/** RFC 9051 §6.3.6: INBOX stays, its messages go. Each is in one of the two folders at any time. */
async function emptyInbox(session: Session, inboxId: number, to: string): Promise<void> {
  const { mailboxes } = session.rooms;
  const { id: targetId } = findTarget(session, to);
  const { uidNext } = mailboxes.byId(inboxId)!;
  for (let first = 1; first < uidNext; first += UIDS_PER_SLICE) {
    const uids = mailboxes.uids(inboxId, null, first, Math.min(first + UIDS_PER_SLICE, uidNext) - 1);
    await inSlices(session, uids, (slice) => {
      requireStillThere(session, targetId);
      quietly(session, () => mailboxes.move(inboxId, slice, targetId));
    });
  }
}

function isAtOrBelow(name: string, top: string): boolean {
  return name === top || name.startsWith(top + DELIMITER);
}
