/** Where the parts of a message lie, and how long they are with their transfer encodings undone (RFC 3516): single parts without the tree. Pure. */
import { insideOf, isMultipart, messageOf, type Part } from './part-tree.js';
import { decodedLength } from './transfer-encoding.js';

/** Offsets as in `Part`. */
export interface IndexedPart {
  /** Null: the transfer encoding is not known. */
  readonly decodedLength: number | null;
  readonly headerStart: number;
  readonly headerEnd: number;
  readonly bodyEnd: number;
}

/** "2.m" is the message that lies in part 2, "m" the whole one. */
const MESSAGE = 'm';

/** " m:900@0-300-1200 1:600@0-300-1200": of each part its number, its length decoded, where header and body begin, and where it ends. */
export function formatPartIndex(raw: Buffer, tree: Part): string {
  const entries: string[] = [];
  const add = (number: string, part: Part, length: number | null): void => {
    entries.push(` ${number}:${length ?? '?'}@${part.headerStart}-${part.headerEnd}-${part.bodyEnd}`);
  };
  const addMessage = (message: Part, prefix: string): void => {
    add(`${prefix}${MESSAGE}`, message, message.bodyEnd - message.headerEnd);
    addInside(message, prefix);
  };
  const addInside = (container: Part, prefix: string): void => {
    // What is not multipart has one part: its text.
    for (const [index, part] of (isMultipart(container) ? container.children : [container]).entries()) {
      const number = `${prefix}${index + 1}`;
      add(number, part, decodedLength(raw.subarray(part.headerEnd, part.bodyEnd), part.encoding));
      const message = messageOf(part);
      const inside = insideOf(part);
      if (message !== null) addMessage(message, `${number}.`);
      else if (inside !== null) addInside(inside, `${number}.`);
    }
  };
  addMessage(tree, '');
  return entries.join('');
}

/** The part with this number, or the message in it (of the empty number: the whole one). Null: there is none. */
export function findInPartIndex(index: string, numbers: readonly number[], what: 'part' | 'message'): IndexedPart | null {
  const key = ` ${(what === 'part' ? numbers : [...numbers, MESSAGE]).join('.')}:`;
  const at = index.indexOf(key);
  if (at < 0) return null;
  const end = index.indexOf(' ', at + key.length);
  const [length, headerStart, headerEnd, bodyEnd] = index.slice(at + key.length, end < 0 ? undefined : end).split(/[@-]/);
  return {
    decodedLength: length === '?' ? null : Number(length),
    headerStart: Number(headerStart),
    headerEnd: Number(headerEnd),
    bodyEnd: Number(bodyEnd),
  };
}
