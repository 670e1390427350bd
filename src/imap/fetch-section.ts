/** Which bytes BODY[section] and BINARY[section] name, RFC 9051 §6.4.5. Pure: the tree in, a range out. */
import { isMessage, isMultipart, type Part } from '../mime/part-tree.js';
import type { Section } from './fetch-items.js';

export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** The part with this number, or null. An empty number is the message itself. */
export function findPart(root: Part, numbers: readonly number[]): Part | null {
  let part: Part | null = root;
  // A message counts its parts; inside a part, the next number counts the parts of the message or multipart that it is.
  let atMessage = true;
  for (const number of numbers) {
    const container: Part | null = atMessage ? part : insideOf(part);
    if (container === null) return null;
    if (isMultipart(container)) part = container.children[number - 1] ?? null;
    // A message that is not multipart has one part: its text.
    else part = number === 1 && (atMessage || isMessage(part)) ? container : null;
    if (part === null) return null;
    atMessage = false;
  }
  return part;
}

/** The bytes of BODY[section] without HEADER.FIELDS, which is made of pieces: see `headerFields`. Null: there is no such part. */
export function sectionRange(root: Part, section: Section): ByteRange | null {
  const part = findPart(root, section.part);
  if (part === null) return null;
  const isWhole = section.part.length === 0;
  switch (section.text) {
    case '':
      return isWhole ? { start: 0, end: root.bodyEnd } : { start: part.headerEnd, end: part.bodyEnd };
    case 'MIME':
      return { start: part.headerStart, end: part.headerEnd };
    default: {
      const message = isWhole ? root : messageOf(part);
      if (message === null) return null;
      return section.text === 'TEXT'
        ? { start: message.headerEnd, end: message.bodyEnd }
        : { start: message.headerStart, end: message.headerEnd };
    }
  }
}

/** The fields of a header that are (or are not) named, each with its lines as they stand, and an empty line. */
export function headerFields(header: Buffer, section: Section): Buffer {
  const not = section.text === 'HEADER.FIELDS.NOT';
  const wanted = new Set(section.fields.map((name) => name.toLowerCase()));
  // A character for each byte: one call for the whole header instead of some for each field.
  const text = header.toString('latin1');
  let chosen = '';
  for (let start = 0; start < text.length; ) {
    const end = fieldEnd(text, start);
    if (!isEmptyLine(text, start) && wanted.has(fieldName(text, start, end)) !== not) chosen += text.slice(start, end);
    start = end;
  }
  return Buffer.from(`${chosen}${chosen === '' || chosen.endsWith('\n') ? '' : '\r\n'}\r\n`, 'latin1');
}

/** After the last continuation line. */
function fieldEnd(text: string, start: number): number {
  for (let position = start; ; ) {
    const newline = text.indexOf('\n', position);
    if (newline < 0) return text.length;
    position = newline + 1;
    if (text[position] !== ' ' && text[position] !== '\t') return position;
  }
}

/** In lower case; a line without a name is none of those that were named. */
function fieldName(text: string, start: number, end: number): string {
  const colon = text.indexOf(':', start);
  return colon < 0 || colon >= end ? '' : text.slice(start, colon).trim().toLowerCase();
}

function isEmptyLine(text: string, at: number): boolean {
  return text[at] === '\n' || (text[at] === '\r' && text[at + 1] === '\n');
}

function insideOf(part: Part | null): Part | null {
  if (part === null) return null;
  return isMultipart(part) ? part : messageOf(part);
}

/** The message that lies in a part, or null. */
function messageOf(part: Part): Part | null {
  return isMessage(part) ? (part.children[0] ?? null) : null;
}
