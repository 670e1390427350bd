/** APPEND, RFC 9051 §6.3.12, of one message or several (RFC 3502). */
import type { NewEntry } from '../../store/mail/types.js';
import { withoutNul } from '../binary-append.js';
import { type Command, LOGGED_IN } from '../command.js';
import { ImapNo } from '../folder-rules.js';
import type { Session } from '../session.js';
import { type AppendedMessage, type AppendRequest, parseAppend } from './append-syntax.js';
import { findTarget } from './folder.js';

export const append: Command<AppendRequest> = {
  states: LOGGED_IN,
  parse: parseAppend,
  run: async ({ target, messages }, session) => {
    const { path } = findTarget(session, target);
    if (messages.some(({ raw }) => raw.length === 0)) throw new ImapNo('CANNOT', 'A message cannot be empty');
    const uids = await store(session, path, messages);
    return { code: `APPENDUID ${findTarget(session, path).uidValidity} ${uids.join(',')}` };
  },
};

/** All or none. Answers the UIDs in the order of the messages, those of messages that are there already too. */
async function store(session: Session, path: string, messages: readonly AppendedMessage[]): Promise<number[]> {
  const { folders, mailboxes } = session.rooms;
  const now = Math.floor(Date.now() / 1000);
  const uids: number[] = [];
  const stored: { index: number; entry: NewEntry }[] = [];
  for (const [index, { raw: received, flags, internalDate }] of messages.entries()) {
    const raw = withoutNul(received);
    if (raw === null) throw new ImapNo('CANNOT', 'A header cannot hold NUL');
    const decision = await folders.append(session.login, { path, raw, flags });
    if (decision.kind === 'existing') uids[index] = decision.uid;
    else stored.push({ index, entry: { raw, flags, internalDate: internalDate ?? now, identity: decision.identity } });
  }
  const given = mailboxes.append(
    findTarget(session, path).id,
    stored.map(({ entry }) => entry),
  );
  stored.forEach(({ index }, nth) => {
    uids[index] = given[nth];
  });
  return uids;
}
