/** APPEND, RFC 9051 §6.3.12, of one message or several (RFC 3502), put together from pieces or not (RFC 4469). */
import type { NewEntry } from '../../store/mail/types.js';
import { withoutNul } from '../binary-append.js';
import { type Command, LOGGED_IN } from '../command.js';
import { type AppendDecision, ImapNo } from '../folder-rules.js';
import { noteOwnMessages, quietly } from '../own-changes.js';
import type { Session } from '../session.js';
import { Staging } from '../staging.js';
import { type AppendedMessage, type AppendRequest, parseAppend } from './append-syntax.js';
import { assemble } from './catenate.js';
import { findTarget } from './folder.js';
import { tellSpelling } from './spelling.js';

export const append: Command<AppendRequest> = {
  states: LOGGED_IN,
  parse: parseAppend,
  run: async ({ target, typed, messages }, session) => {
    const { path } = findTarget(session, target);
    const uids = await store(session, path, messages);
    tellSpelling(session, path, typed);
    return { code: `APPENDUID ${findTarget(session, path).uidValidity} ${uids.join(',')}` };
  },
};

/** What the house makes of a message: an entry to be stored, or one that is there already. */
export async function prepare(
  session: Session,
  path: string,
  { parts, flags, internalDate }: AppendedMessage,
  staging: Staging,
): Promise<Exclude<AppendDecision, { kind: 'store' }> | { kind: 'store'; entry: NewEntry }> {
  return assemble(session, path, parts, async (received) => {
    if (received.length === 0) throw new ImapNo('CANNOT', 'A message cannot be empty');
    const bytes = withoutNul(received);
    if (bytes === null) throw new ImapNo('CANNOT', 'A header cannot hold NUL');
    const decision = await session.rooms.folders.append(session.login, { path, raw: bytes, flags });
    if (decision.kind !== 'store') return decision;
    const now = Math.floor(Date.now() / 1000);
    const raw = await staging.stage(bytes);
    return { kind: 'store', entry: { raw, flags, internalDate: internalDate ?? now, identity: decision.identity } };
  });
}

async function store(session: Session, path: string, messages: readonly AppendedMessage[]): Promise<number[]> {
  const staging = new Staging(session);
  try {
    return await storeAll(session, path, messages, staging);
  } finally {
    staging.close();
  }
}

/** All or none. Answers the UIDs in the order of the messages, those of messages that are there already too. */
async function storeAll(session: Session, path: string, messages: readonly AppendedMessage[], staging: Staging): Promise<number[]> {
  const uids: number[] = [];
  const stored: { index: number; entry: NewEntry }[] = [];
  for (const [index, message] of messages.entries()) {
    const prepared = await prepare(session, path, message, staging);
    if (prepared.kind === 'existing') uids[index] = prepared.uid;
    else stored.push({ index, entry: prepared.entry });
  }
  const { id } = findTarget(session, path);
  const entries = stored.map(({ entry }) => entry);
  const given = quietly(session, () => session.rooms.mailboxes.append(id, entries));
  noteOwnMessages(session, id, given);
  stored.forEach(({ index }, nth) => {
    uids[index] = given[nth];
  });
  return uids;
}
