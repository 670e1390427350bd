/**
 * Splits a header into its fields. Pure, takes any bytes.
 *
 * Text of header fields is held as latin1: one character for each byte, whatever the sender meant by it. What must be read by a
 * person goes through `decode-words`.
 */

export interface HeaderField {
  /** As written, without blanks before the colon. */
  readonly name: string;
  /** Without the line breaks of folding, trimmed. */
  readonly value: string;
}

/** Real headers stay below 64 KB; what is beyond is still served byte by byte, but not looked into. */
export const MAX_HEADER_BYTES = 256 * 1024;
/** Bounds the time that a header of nothing but short lines takes. */
export const MAX_HEADER_FIELDS = 2_000;

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;

/**
 * The fields between two offsets. A line without a colon is skipped (mbox "From " lines, junk of broken gateways), and so
 * is the continuation of such a line.
 */
export function parseHeader(raw: Buffer, start: number, end: number, unfolded = unfold): HeaderField[] {
  const limit = Math.min(end, start + MAX_HEADER_BYTES);
  const fields: HeaderField[] = [];
  let position = start;
  while (position < limit && fields.length < MAX_HEADER_FIELDS) {
    const next = fieldEnd(raw, position, limit);
    const field = toField(raw.toString('latin1', position, next), unfolded);
    if (field !== null) fields.push(field);
    position = next;
  }
  return fields;
}

/** Where a field that begins here ends: after its last continuation line. */
export function fieldEnd(raw: Buffer, start: number, limit: number): number {
  let position = start;
  for (;;) {
    const newline = raw.indexOf(LF, position);
    if (newline < 0 || newline >= limit) return limit;
    position = newline + 1;
    if (position >= limit) return limit;
    if (raw[position] !== SPACE && raw[position] !== TAB) return position;
  }
}

/** Where the text begins: after the first empty line, or at the end. */
export function headerEnd(raw: Buffer, start: number, end: number): number {
  let position = start;
  while (position < end) {
    if (raw[position] === LF) return position + 1;
    if (raw[position] === CR && raw[position + 1] === LF && position + 1 < end) return position + 2;
    const newline = raw.indexOf(LF, position);
    if (newline < 0 || newline >= end) return end;
    position = newline + 1;
  }
  return end;
}

/** The last field of this name, or null: what a reader sees when a field is there twice. */
export function lastValue(fields: readonly HeaderField[], lowerName: string): string | null {
  return fields.findLast((field) => field.name.toLowerCase() === lowerName)?.value ?? null;
}

/** The first field of this name, or null: MIME fields, where a second one is not obeyed. */
export function firstValue(fields: readonly HeaderField[], lowerName: string): string | null {
  return fields.find((field) => field.name.toLowerCase() === lowerName)?.value ?? null;
}

/** All fields of this name as one list; null when there is none. */
export function joinedValues(fields: readonly HeaderField[], lowerName: string): string | null {
  const values = fields.filter((field) => field.name.toLowerCase() === lowerName && field.value !== '').map((field) => field.value);
  return values.length === 0 ? null : values.join(', ');
}

/** Takes out the line breaks of folding and the white space at both ends. */
export function unfold(text: string): string {
  return trimBlanks(text.replace(/\r?\n/g, ''));
}

/**
 * As `unfold`, as it is read: a tab that a line goes on with is a blank. RFC 5322 §2.2.3 leaves it, but many programs fold with one where the
 * writer had a blank, and that is what is looked for.
 */
export function unfoldAsRead(text: string): string {
  return unfold(text.replace(/\n\t[\t ]*/g, '\n '));
}

/** Not a regular expression: those need quadratic time for a long run of blanks that is not at the end. */
function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB || code === CR;
}

function toField(line: string, unfolded: typeof unfold): HeaderField | null {
  const colon = line.indexOf(':');
  if (colon <= 0) return null;
  const name = trimBlanks(line.slice(0, colon));
  if (name === '' || name.includes('\n') || isBlank(line.charCodeAt(0))) return null;
  return { name, value: unfolded(line.slice(colon + 1)) };
}
