/** Which bytes BODY[section] and BINARY[section] name, RFC 9051 §6.4.5. Pure: the tree in, a range out. */
import { fieldEnd } from '../mime/header.js';
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
export function headerFields(header: Buffer, names: readonly string[], not: boolean): Buffer {
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  const chosen: Buffer[] = [];
  let position = 0;
  while (position < header.length) {
    const end = fieldEnd(header, position, header.length);
    const colon = header.indexOf(COLON, position);
    // A line without a name is none of those that were named.
    const name = colon < 0 || colon >= end ? '' : header.toString('latin1', position, colon).trim().toLowerCase();
    const isEmptyLine = header[position] === LF || (header[position] === CR && header[position + 1] === LF);
    if (!isEmptyLine && wanted.has(name) !== not) chosen.push(header.subarray(position, end));
    position = end;
  }
  const last = chosen.at(-1);
  if (last !== undefined && last[last.length - 1] !== LF) chosen.push(CRLF);
  return Buffer.concat([...chosen, CRLF]);
}

const COLON = 0x3a;
const LF = 0x0a;
const CR = 0x0d;
const CRLF = Buffer.from('\r\n');

function insideOf(part: Part | null): Part | null {
  if (part === null) return null;
  return isMultipart(part) ? part : messageOf(part);
}

/** The message that lies in a part, or null. */
function messageOf(part: Part): Part | null {
  return isMessage(part) ? (part.children[0] ?? null) : null;
}
