/** APPEND, RFC 9051 §6.3.12. */
import { type Command, LOGGED_IN } from '../command.js';
import { ImapNo } from '../folder-rules.js';
import type { Session } from '../session.js';
import { parseDateTime } from '../wire/date-time.js';
import { ImapBad } from '../wire/imap-bad.js';
import type { Lexer } from '../wire/lexer.js';
import { findTarget } from './folder.js';

interface Message {
  readonly flags: readonly string[];
  /** Null: now. */
  readonly internalDate: number | null;
  readonly raw: Buffer;
}

interface Append {
  readonly target: string | null;
  readonly message: Message;
}

export const append: Command<Append> = {
  states: LOGGED_IN,
  parse: (args) => {
    args.space();
    const target = args.mailbox();
    args.space();
    return { target, message: parseMessage(args) };
  },
  run: async ({ target, message }, session) => {
    const { path } = findTarget(session, target);
    if (message.raw.length === 0) throw new ImapNo('CANNOT', 'The message is empty');
    const uid = await store(session, path, message);
    return { code: `APPENDUID ${findTarget(session, path).uidValidity} ${uid}` };
  },
};

function parseMessage(args: Lexer): Message {
  let flags: string[] = [];
  if (args.peek('(')) {
    flags = args.flagList();
    args.space();
  }
  return { flags, internalDate: parseOptionalDate(args), raw: args.messageLiteral().bytes };
}

function parseOptionalDate(args: Lexer): number | null {
  if (!args.peek('"')) return null;
  const time = parseDateTime(args.string().toString('latin1'));
  if (time === null) throw new ImapBad('Not a date and time');
  args.space();
  return time;
}

async function store(session: Session, path: string, { flags, internalDate, raw }: Message): Promise<number> {
  const decision = await session.rooms.folders.append(session.login, { path, raw, flags });
  if (decision.kind === 'existing') return decision.uid;
  const entry = { raw, flags, internalDate: internalDate ?? Math.floor(Date.now() / 1000), identity: decision.identity };
  return session.rooms.mailboxes.append(findTarget(session, path).id, [entry])[0];
}
