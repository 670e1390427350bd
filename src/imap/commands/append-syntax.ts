/** The arguments of APPEND: several messages (RFC 3502), binary (RFC 3516) and UTF-8 ones (RFC 6855). */
import { parseDateTime } from '../wire/date-time.js';
import { ImapBad } from '../wire/imap-bad.js';
import type { Lexer } from '../wire/lexer.js';

export interface AppendRequest {
  readonly target: string | null;
  readonly messages: readonly AppendedMessage[];
}

export interface AppendedMessage {
  readonly flags: readonly string[];
  /** Null: now. */
  readonly internalDate: number | null;
  readonly raw: Buffer;
}

export function parseAppend(args: Lexer): AppendRequest {
  args.space();
  const target = args.mailbox();
  const messages: AppendedMessage[] = [];
  do {
    args.space();
    messages.push(parseMessage(args));
  } while (!args.atEnd);
  return { target, messages };
}

function parseMessage(args: Lexer): AppendedMessage {
  let flags: string[] = [];
  if (args.peek('(')) {
    flags = args.flagList();
    args.space();
  }
  return { flags, internalDate: parseOptionalDate(args), raw: parseData(args) };
}

function parseOptionalDate(args: Lexer): number | null {
  if (!args.peek('"')) return null;
  const time = parseDateTime(args.string().toString('latin1'));
  if (time === null) throw new ImapBad('Not a date and time');
  args.space();
  return time;
}

/** A literal, a literal8, or "UTF8 (" literal8 ")". */
function parseData(args: Lexer): Buffer {
  const isUtf8 = args.skip('UTF8 (');
  const { bytes, binary } = args.messageLiteral();
  if (!binary && bytes.includes(0)) throw new ImapBad('NUL needs a literal8');
  if (!isUtf8) return bytes;
  if (!binary) throw new ImapBad('UTF8 takes a literal8');
  args.expect(')');
  return bytes;
}
