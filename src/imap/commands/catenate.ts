/** CATENATE, RFC 4469: puts a message together from text and from pieces of messages that are here already. */
import { LARGE_MESSAGE_BYTES } from '../../store/mail/large-messages.js';
import { FetchedMessage, type Section, sectionBytes } from '../fetch-items.js';
import { ImapNo } from '../folder-rules.js';
import { readLargeSection } from '../large-sections.js';
import type { Session } from '../session.js';
import { ImapBad } from '../wire/imap-bad.js';
import { Lexer } from '../wire/lexer.js';
import { normalizePath } from '../wire/mailbox-name.js';
import { type MessageUrl, parseMessageUrl, resolveUrl } from '../wire/message-url.js';
import { parseSection } from './fetch-syntax.js';

export type CatenatePart = { readonly text: Buffer } | { readonly url: string };

/**
 * Puts the message together and hands it over; of those that are made of others, few are in memory at a time.
 *
 * @throws ImapNo for a URL that names nothing, and for too large a message
 */
export async function assemble<T>(
  session: Session,
  path: string,
  parts: readonly CatenatePart[],
  work: (message: Buffer) => Promise<T>,
): Promise<T> {
  if (parts.every((part) => 'text' in part)) return work(await join(session, path, parts));
  return session.rooms.largeMessages.inMemory(async () => work(await join(session, path, parts)));
}

async function join(session: Session, path: string, parts: readonly CatenatePart[]): Promise<Buffer> {
  const limit = session.rooms.folders.appendLimit(path);
  const pieces: Buffer[] = [];
  let size = 0;
  for (const part of parts) {
    const piece = 'text' in part ? part.text : await readUrl(session, part.url);
    size += piece.length;
    // Checked on the way: many URLs of one large message take little room in a command.
    if (size > limit) throw new ImapNo('TOOBIG', ({ folders }) => folders.tooLarge(path, limit));
    pieces.push(piece);
  }
  // What came in one piece is not copied: it may be large.
  return pieces.length === 1 ? pieces[0] : Buffer.concat(pieces);
}

async function readUrl(session: Session, url: string): Promise<Buffer> {
  const selected = session.state === 'selected' ? (session.view.mailbox()?.path ?? null) : null;
  const parsed = parseMessageUrl(resolveUrl(url, selected));
  const bytes = parsed === null ? null : await readPiece(session, parsed);
  // The response code repeats the URL, which may hold what no quoted string can.
  if (bytes === null) throw new ImapNo(`BADURL "${url.replace(/[^\x20-\x7e]|["\\]/g, '?')}"`, 'That URL names nothing here');
  return bytes;
}

async function readPiece(session: Session, url: MessageUrl): Promise<Buffer | null> {
  const { mailboxes, messages, folders } = session.rooms;
  const path = normalizePath(url.mailbox);
  const mailbox = folders.visible(session.login, path) ? mailboxes.find(path) : undefined;
  if (mailbox === undefined || (url.uidValidity !== null && url.uidValidity !== mailbox.uidValidity)) return null;
  const [entry] = mailboxes.entries(mailbox.id, [url.uid]);
  const { identity } = session.login;
  if (entry === undefined || (identity !== null && entry.identity !== identity)) return null;
  const section = readSection(url.section);
  if (section === null) return null;
  const message = new FetchedMessage(entry, false, messages);
  const large = entry.size > LARGE_MESSAGE_BYTES ? messages.openLarge(entry.messageId) : null;
  if (large !== null) {
    const { tree } = message;
    return readLargeSection(section, url.partial, { tree, large, breathe: () => session.breathe() }).finally(() => large.close());
  }
  const bytes = sectionBytes(section, message);
  if (bytes === null || url.partial === null) return bytes;
  return bytes.subarray(url.partial.offset, url.partial.offset + url.partial.length);
}

function readSection(text: string): Section | null {
  const lexer = new Lexer({ text, literals: [] }, true);
  try {
    const section = parseSection(lexer);
    return lexer.atEnd ? section : null;
  } catch (error) {
    if (error instanceof ImapBad) return null;
    throw error;
  }
}
