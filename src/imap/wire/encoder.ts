/** Server data as bytes: atoms, quoted strings, literals, NIL and lists (RFC 9051 §4 and §9). */

const CR = 0x0d;
const LF = 0x0a;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Longer quoted strings are legal, but some clients read lines into small buffers; above this a literal is kinder. */
const MAX_QUOTED_BYTES = 1000;

export const NIL = Buffer.from('NIL');

/** An atom, a number, or anything else that is already spelt as it goes over the wire. */
export function atom(text: string | number): Buffer {
  return Buffer.from(String(text), 'latin1');
}

/**
 * `"value"` with `"` and `\` escaped. A JavaScript string goes out as UTF-8.
 *
 * @throws TypeError when a quoted string cannot hold it (CR, LF, NUL): use `string`
 */
export function quoted(value: Buffer | string): Buffer {
  const bytes = toBytes(value);
  let escapes = 0;
  for (const byte of bytes) {
    if (byte === CR || byte === LF || byte === 0) throw new TypeError('a quoted string cannot hold CR, LF or NUL');
    if (byte === QUOTE || byte === BACKSLASH) escapes++;
  }
  const out = Buffer.allocUnsafe(bytes.length + escapes + 2);
  let at = 0;
  out[at++] = QUOTE;
  for (const byte of bytes) {
    if (byte === QUOTE || byte === BACKSLASH) out[at++] = BACKSLASH;
    out[at++] = byte;
  }
  out[at] = QUOTE;
  return out;
}

/** `{n}` CRLF and the bytes. */
export function literal(value: Buffer | string): Buffer {
  const bytes = toBytes(value);
  return Buffer.concat([Buffer.from(`{${bytes.length}}\r\n`), bytes]);
}

/** `~{n}` CRLF and the bytes, which may hold NUL (RFC 3516 §4.2). */
export function literal8(value: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`~{${value.length}}\r\n`), value]);
}

/**
 * A string in its shortest safe form: quoted when it is short plain text, else a literal.
 *
 * @param utf8 whether this client has enabled UTF-8 in quoted strings (RFC 6855 §3, RFC 9051 §4.3)
 */
export function string(value: Buffer | string, utf8 = false): Buffer {
  const bytes = toBytes(value);
  return fitsQuoted(bytes, utf8) ? quoted(bytes) : literal(bytes);
}

/** `string`, or NIL for null. */
export function nstring(value: Buffer | string | null, utf8 = false): Buffer {
  return value === null ? NIL : string(value, utf8);
}

/** `(a b c)`. */
export function list(items: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.from('('), spaced(items), Buffer.from(')')]);
}

/** `a b c`. */
export function spaced(items: readonly Buffer[]): Buffer {
  const parts: Buffer[] = [];
  items.forEach((item, index) => {
    if (index > 0) parts.push(SPACE);
    parts.push(item);
  });
  return Buffer.concat(parts);
}

/** A mailbox name, flag or other astring: bare where an atom can hold it, else a string. */
export function astring(value: string, utf8 = false): Buffer {
  return isAstringAtom(value) ? Buffer.from(value, 'latin1') : string(value, utf8);
}

/** Whether an astring can go as it is. */
export function isAstringAtom(value: string): boolean {
  return ASTRING_ATOM.test(value) && value.toUpperCase() !== 'NIL';
}

const SPACE = Buffer.from(' ');
// ATOM-CHAR without the wildcards and quoting characters: RFC 9051 §9 astring.
const ASTRING_ATOM = /^[!#$&'+,\-./0-9:;<=>?@A-Z[\]^_`a-z|}~]+$/;

function toBytes(value: Buffer | string): Buffer {
  return typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
}

function fitsQuoted(bytes: Buffer, utf8: boolean): boolean {
  if (bytes.length > MAX_QUOTED_BYTES) return false;
  for (const byte of bytes) {
    if (byte === 0 || byte === CR || byte === LF || (byte > 0x7e && !utf8) || byte === 0x7f) return false;
  }
  return true;
}
