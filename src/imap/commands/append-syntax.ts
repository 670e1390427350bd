/** The arguments of APPEND: several messages (RFC 3502), binary (RFC 3516) and UTF-8 ones (RFC 6855), and put together (RFC 4469). */
import { parseDateTime } from '../wire/date-time.js';
import { ImapBad } from '../wire/imap-bad.js';
import type { Lexer } from '../wire/lexer.js';
import type { CatenatePart } from './catenate.js';

export interface AppendRequest {
  readonly target: string | null;
  /** How the client spelt the name, where the store spells it otherwise. */
  readonly typed: string | null;
  readonly messages: readonly AppendedMessage[];
}

export interface AppendedMessage {
  readonly flags: readonly string[];
  /** Null: now. */
  readonly internalDate: number | null;
  /** One text is the message as it was sent. */
  readonly parts: readonly CatenatePart[];
}

/** The folder that a message is for, read while the rest of the command is yet to come; null: it cannot be read. */
export function readTarget(args: Lexer): string | null {
  args.tag();
  args.space();
  if (args.skip('UID ')) args.expect('REPLACE');
  else if (!args.skip('REPLACE')) {
    args.expect('APPEND ');
    return args.mailbox();
  }
  args.space();
  if (!args.skip('*')) args.number32(1);
  args.space();
  return args.mailbox();
}

export function parseAppend(args: Lexer): AppendRequest {
  args.space();
  const { path, typed } = args.mailboxAsTyped();
  const messages: AppendedMessage[] = [];
  do messages.push(parseMessage(args));
  while (!args.atEnd);
  return { target: path, typed, messages };
}

/** " (\Seen) "date" {literal}". */
export function parseMessage(args: Lexer): AppendedMessage {
  args.space();
  let flags: string[] = [];
  if (args.peek('(')) {
    flags = args.flagList();
    args.space();
  }
  const internalDate = parseOptionalDate(args);
  return { flags, internalDate, parts: args.skip('CATENATE ') ? parseParts(args) : [{ text: parseData(args) }] };
}

function parseOptionalDate(args: Lexer): number | null {
  if (!args.peek('"')) return null;
  const time = parseDateTime(args.string().toString('latin1'));
  if (time === null) throw new ImapBad('Not a date and time');
  args.space();
  return time;
}

/** "(TEXT {5} URL "/INBOX/;UID=1")". */
function parseParts(args: Lexer): CatenatePart[] {
  const parts = args.list((): CatenatePart => {
    if (args.skip('TEXT ')) return { text: parseData(args) };
    if (args.skip('URL ')) return { url: args.astring().toString('latin1') };
    if (args.skip('UTF8 (')) return { text: parseUtf8(args) };
    throw args.bad('TEXT, URL or UTF8');
  });
  if (parts.length === 0) throw new ImapBad('Name at least one part');
  return parts;
}

/** A literal, a literal8, or "UTF8 (" literal8 ")". */
function parseData(args: Lexer): Buffer {
  if (args.skip('UTF8 (')) return parseUtf8(args);
  const { bytes, binary } = args.messageLiteral();
  if (!binary && bytes.includes(0)) throw new ImapBad('NUL needs a literal8');
  return bytes;
}

function parseUtf8(args: Lexer): Buffer {
  const { bytes, binary } = args.messageLiteral();
  if (!binary) throw new ImapBad('UTF8 takes a literal8');
  args.expect(')');
  return bytes;
}
