/** Address lists of header fields, RFC 5322 §3.4 with its obsolete forms. Pure, takes any text, loses no address after a bad one. */
import { FieldReader } from './structured-field.js';

/**
 * An address as ENVELOPE lists it. The start of a group has only a mailbox (its name), its end has nothing at all; an address
 * always has a host.
 */
export interface Address {
  readonly name: string | null;
  /** The source route of RFC 822 ("@a,@b"). */
  readonly route: string | null;
  readonly mailbox: string | null;
  readonly host: string | null;
}

/** ENVELOPE has no way to leave a half out: NIL as host means a group. Mail clients know these words from other servers. */
export const MISSING_MAILBOX = 'MISSING_MAILBOX';
export const MISSING_DOMAIN = 'MISSING_DOMAIN';

/** More recipients than any client lists; bounds what one header makes of itself. */
export const MAX_ADDRESSES = 5_000;

const GROUP_END: Address = { name: null, route: null, mailbox: null, host: null };

// Everything that is not special, blank or a comment; dots belong to names as people write them ("J. Doe").
const WORD = /[^\s()<>@,;:"[\]]+/y;
// Bounded: without a ":" near by it is no route, and looking to the end each time would be quadratic.
const ROUTE = /@[^:>]{0,1000}:/y;
const DOMAIN_LITERAL = /\[[^\]]*\]?/y;

export function parseAddressList(value: string): Address[] {
  const reader = new FieldReader(value);
  const addresses: Address[] = [];
  let inGroup = false;
  while (addresses.length < MAX_ADDRESSES) {
    reader.skipSpace();
    // A comment before an address is not its name, one behind it is.
    reader.comment = null;
    if (reader.atEnd) break;
    if (reader.take(',')) continue;
    if (reader.take(';')) {
      if (inGroup) addresses.push(GROUP_END);
      inGroup = false;
      continue;
    }
    const words = readWords(reader);
    if (!inGroup && reader.take(':')) {
      addresses.push({ name: null, route: null, mailbox: phrase(words), host: null });
      inGroup = true;
      continue;
    }
    if (reader.peek() === '<') addresses.push(angleAddress(reader, words));
    else if (reader.peek() === '@') addresses.push(bareAddress(reader, words));
    else if (words.length > 0) addresses.push(onlyWords(words, reader.comment));
    skipToSeparator(reader);
  }
  if (inGroup) addresses.push(GROUP_END);
  return addresses;
}

interface Word {
  readonly text: string;
  /** Nothing stood between this word and the one before it. */
  readonly joined: boolean;
}

function readWords(reader: FieldReader): Word[] {
  const words: Word[] = [];
  for (;;) {
    const before = reader.position;
    reader.skipSpace();
    const joined = reader.position === before && words.length > 0;
    const text = reader.peek() === '"' ? reader.quotedString() : reader.match(WORD);
    if (reader.position === before || (text === '' && reader.text[reader.position - 1] !== '"')) return words;
    words.push({ text, joined });
  }
}

function phrase(words: readonly Word[]): string | null {
  const text = words
    .map((word) => word.text)
    .filter((word) => word !== '')
    .join(' ');
  return text === '' ? null : text.replace(/[ \t]+/g, ' ');
}

/** "<local@host>" or "<@route:local@host>"; the ">" may be missing. */
function angleAddress(reader: FieldReader, words: readonly Word[]): Address {
  reader.take('<');
  const route = readRoute(reader);
  const local = readLocal(reader);
  const host = readHost(reader);
  while (!reader.atEnd && !reader.take('>') && reader.peek() !== ',') reader.position++;
  reader.skipSpace();
  return { name: phrase(words) ?? (reader.comment || null), route, mailbox: local ?? MISSING_MAILBOX, host: host ?? MISSING_DOMAIN };
}

/** "local@host (name)"; words before the local part that stand apart from it are a name whose "<" was forgotten. */
function bareAddress(reader: FieldReader, words: readonly Word[]): Address {
  let start = Math.max(words.length - 1, 0);
  while (start > 0 && words[start].joined) start--;
  // "a . b@c" is one local part in the obsolete form.
  while (start > 0 && (words[start].text.startsWith('.') || words[start - 1].text.endsWith('.'))) start--;
  const local = joinLocal(words.slice(start));
  const host = readHost(reader);
  reader.skipSpace();
  const name = phrase(words.slice(0, start)) ?? (reader.comment || null);
  return { name, route: null, mailbox: local === '' ? MISSING_MAILBOX : local, host: host ?? MISSING_DOMAIN };
}

function onlyWords(words: readonly Word[], comment: string | null): Address {
  if (words.length === 1) return { name: comment, route: null, mailbox: words[0].text || MISSING_MAILBOX, host: MISSING_DOMAIN };
  return { name: phrase(words), route: null, mailbox: MISSING_MAILBOX, host: MISSING_DOMAIN };
}

function readRoute(reader: FieldReader): string | null {
  reader.skipSpace();
  const route = reader.match(ROUTE);
  return route === '' ? null : route.slice(0, -1).replace(/\s/g, '');
}

function readLocal(reader: FieldReader): string | null {
  const local = joinLocal(readWords(reader));
  return local === '' ? null : local;
}

/** Blanks around dots are of the obsolete form and go; others were meant. */
function joinLocal(words: readonly Word[]): string {
  let local = '';
  for (const { text, joined } of words) local += joined || local === '' || local.endsWith('.') || text.startsWith('.') ? text : ` ${text}`;
  return local;
}

function readHost(reader: FieldReader): string | null {
  reader.skipSpace();
  if (!reader.take('@')) return null;
  reader.skipSpace();
  let host = reader.match(DOMAIN_LITERAL) || reader.match(WORD);
  // "a . b" with blanks and comments around the dots.
  for (;;) {
    reader.skipSpace();
    if (host === '' || !(host.endsWith('.') || reader.peek() === '.')) break;
    const more = reader.match(WORD);
    if (more === '') break;
    host += more;
  }
  return host === '' ? null : host;
}

function skipToSeparator(reader: FieldReader): void {
  while (!reader.atEnd && reader.peek() !== ',' && reader.peek() !== ';') {
    const before = reader.position;
    reader.skipSpace();
    if (reader.peek() === '"') reader.quotedString();
    else if (reader.position === before) reader.position++;
  }
}
