/** Which bytes BODY[section] and BINARY[section] name, RFC 9051 §6.4.5. Pure: the tree in, a range out. */
import { findInPartIndex } from '../mime/part-index.js';
import { insideOf, isMultipart, messageOf, type Part } from '../mime/part-tree.js';
import type { Partial, Section } from './fetch-items.js';

export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** The part with this number, or null. An empty number is the message itself. */
export function findPart(root: Part, numbers: readonly number[]): Part | null {
  let part = root;
  // A message counts its parts; inside a part, the next number counts the parts of the message or multipart that it is.
  let atMessage = true;
  for (const number of numbers) {
    const container: Part | null = atMessage ? part : insideOf(part);
    if (container === null) return null;
    // A message that is not multipart has one part: its text.
    const found = isMultipart(container) ? container.children[number - 1] : number === 1 ? container : undefined;
    if (found === undefined) return null;
    part = found;
    atMessage = false;
  }
  return part;
}

/** The bytes of BODY[section] without HEADER.FIELDS, which is made of pieces: see `header-fields`. Null: there is no such part. */
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

/** As `sectionRange`, of a message whose parts are indexed, and not for the whole of it. */
export function indexedRange(index: string, { part, text }: Section): ByteRange | null {
  const found = findInPartIndex(index, part, text === '' || text === 'MIME' ? 'part' : 'message');
  if (found === null) return null;
  const { headerStart, headerEnd, bodyEnd } = found;
  return text === '' || text === 'TEXT' ? { start: headerEnd, end: bodyEnd } : { start: headerStart, end: headerEnd };
}

export function cutRange({ start, end }: ByteRange, partial: Partial | null): ByteRange {
  if (partial === null) return { start, end };
  const from = Math.min(start + partial.offset, end);
  return { start: from, end: Math.min(from + partial.length, end) };
}
