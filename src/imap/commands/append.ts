/** APPEND, RFC 9051 §6.3.12, of one message or several (RFC 3502), put together from pieces or not (RFC 4469). */
import { withoutNul } from '../binary-append.js';
import { type Command, LOGGED_IN } from '../command.js';
import { ImapNo } from '../folder-rules.js';
import { noteOwnMessages, quietly } from '../own-changes.js';
import type { Session } from '../session.js';
import { Staging } from '../staging.js';
import { formatSequenceSet } from '../wire/sequence-set.js';
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
    return { code: `APPENDUID ${findTarget(session, path).uidValidity} ${formatSequenceSet(uids)}` };
  },
};

/** Asks the house about a message, and brings it in unless it is here already. */
export async function prepare(
  session: Session,
  path: string,
  { parts, flags, internalDate }: AppendedMessage,
  staging: Staging,
): Promise<{ kind: 'new' } | { kind: 'existing'; uid: number }> {
  return assemble(session, path, parts, async (received) => {
    if (received.length === 0) throw new ImapNo('CANNOT', 'A message cannot be empty');
    const raw = withoutNul(received);
    if (raw === null) throw new ImapNo('CANNOT', 'A header cannot hold NUL');
    const decision = await session.rooms.folders.append(session.login, { path, raw, flags });
    if (decision.kind === 'existing') return decision;
    const now = Math.floor(Date.now() / 1000);
    await staging.add({ raw, flags, internalDate: internalDate ?? now, identity: decision.identity });
    return { kind: 'new' };
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
  const present: (number | null)[] = [];
  for (const message of messages) {
    const prepared = await prepare(session, path, message, staging);
    present.push(prepared.kind === 'existing' ? prepared.uid : null);
  }
  const entries = await staging.entries();
  const { id } = findTarget(session, path);
  const given = quietly(session, () => session.rooms.mailboxes.append(id, entries));
  noteOwnMessages(session, id, given);
  let next = 0;
  return present.map((uid) => uid ?? given[next++]);
}
