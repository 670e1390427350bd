/** How much a client may send at once, before and after its login. */
import { readTarget } from './commands/append-syntax.js';
import type { Session } from './session.js';
import type { RawCommand, ReaderLimits } from './wire/command-reader.js';
import { ImapBad } from './wire/imap-bad.js';
import { Lexer } from './wire/lexer.js';
import { refuseName } from './wire/mailbox-name.js';

/** Dovecot's limit; clients cut their UID lists to less, and an ID of 30 long fields takes 32,000 bytes (RFC 2971). */
const MAX_LINE_BYTES = 65_536;
/** Before login the only literals are a user name and a password. */
export const LIMITS_BEFORE_LOGIN: ReaderLimits = {
  lineBytes: MAX_LINE_BYTES,
  literalBytes: 4096,
  messageBytes: () => 4096,
  commandBytes: 8192,
};
/** Search strings and names are the only literals that are no messages. */
const MAX_LITERAL_BYTES = 65_536;
/** MULTIAPPEND is all or nothing, so its messages are held together (some thousand fit into a line): the largest that a folder may take, and some more. */
const MAX_COMMAND_BYTES = 40 * 2 ** 20;

/** @param messageBytes the limit of the folder that the beginning of a command names */
export function limitsAfterLogin(messageBytes: ReaderLimits['messageBytes']): ReaderLimits {
  return { lineBytes: MAX_LINE_BYTES, literalBytes: MAX_LITERAL_BYTES, messageBytes, commandBytes: MAX_COMMAND_BYTES };
}

/** The largest message that the folder takes which the beginning of an APPEND or REPLACE names; null: there is none, but could be. */
export function appendLimitOf(
  command: RawCommand,
  { utf8, login, rooms: { folders, mailboxes } }: Pick<Session, 'utf8' | 'login' | 'rooms'>,
): number | null {
  const path = targetOf(command, utf8);
  // What cannot be read, or cannot be, is answered when all of it is there.
  if (path === null || refuseName(path) !== null) return MAX_COMMAND_BYTES;
  const isThere = folders.visible(login, path) && mailboxes.find(path)?.selectable === true;
  return isThere ? folders.appendLimit(path) : null;
}

function targetOf(command: RawCommand, utf8: boolean): string | null {
  try {
    return readTarget(new Lexer(command, utf8));
  } catch (error) {
    if (error instanceof ImapBad) return null;
    throw error;
  }
}
