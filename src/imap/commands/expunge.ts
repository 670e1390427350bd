/** EXPUNGE, RFC 9051 §6.4.3, and UID EXPUNGE, RFC 4315 §2.1. */
import { type Command, type Completion, parseNothing, SELECTED } from '../command.js';
import { ImapNo } from '../folder-rules.js';
import type { Session } from '../session.js';
import type { SequenceSet } from '../wire/sequence-set.js';
import { inSlices, type SliceSizes } from './slices.js';

/** What is gone of a message in a folder is a few bytes: 5,000 take some milliseconds. */
const EXPUNGED_AT_ONCE: SliceSizes = { first: 5000, largest: 20_000 };

export const expunge: Command<undefined> = {
  states: SELECTED,
  expunges: true,
  parse: parseNothing,
  run: async (_, session) => {
    requireReadWrite(session);
    await expungeDeleted(session, session.view.uids);
    return highestModseq(session);
  },
};

export const uidExpunge: Command<SequenceSet> = {
  states: SELECTED,
  expunges: true,
  parse: (args) => {
    args.space();
    return args.sequenceSet();
  },
  run: async (set, session) => {
    requireReadWrite(session);
    await expungeDeleted(session, session.view.resolve(set, 'uid'));
    return highestModseq(session);
  },
};

/** @throws ImapNo in a folder opened with EXAMINE */
export function requireReadWrite(session: Session): void {
  if (session.view.readOnly) throw new ImapNo('READ-ONLY', 'The mailbox was opened read-only');
}

/** RFC 7162 §3.2.7: what the mailbox has come to, for a client that will resynchronise from there. */
export function highestModseq(session: Session): Completion {
  const mailbox = session.enabled.has('CONDSTORE') ? session.view.mailbox() : undefined;
  return mailbox === undefined ? {} : { code: `HIGHESTMODSEQ ${mailbox.highestModseq}` };
}

/** Removes those of these messages that are marked \Deleted. The session tells of it after the command. */
export async function expungeDeleted(session: Session, uids: readonly number[]): Promise<void> {
  const { mailboxes, folders } = session.rooms;
  const { id, scope } = session.view;
  const path = mailboxes.byId(id)?.path;
  if (path === undefined || mailboxes.counts(id, scope).deleted === 0) return;
  const deleted: number[] = [];
  await inSlices(
    session,
    uids,
    (slice) => {
      for (const run of mailboxes.states(id, slice)) if (run.flags.includes('\\Deleted')) deleted.push(...run.uids);
    },
    EXPUNGED_AT_ONCE,
  );
  if (deleted.length === 0) return;
  await folders.beforeExpunge(session.login, path, deleted);
  await inSlices(session, deleted, (slice) => mailboxes.expunge(id, slice), EXPUNGED_AT_ONCE);
}
