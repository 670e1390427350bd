/** Where the parts of a message lie, and how long they are with their transfer encodings undone (RFC 3516): single parts without the tree. Pure. */
import { insideOf, isMultipart, messageOf, type Part } from './part-tree.js';
import { decodedLength } from './transfer-encoding.js';

/** Offsets as in `Part`. */
export type IndexedPart = Pick<Part, 'headerStart' | 'headerEnd' | 'bodyEnd'>;

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
  const at = find(index, what === 'part' ? numbers : [...numbers, MESSAGE]);
  if (at < 0) return null;
  OFFSETS.lastIndex = at;
  const [, headerStart, headerEnd, bodyEnd] = OFFSETS.exec(index)!;
  return { headerStart: Number(headerStart), headerEnd: Number(headerEnd), bodyEnd: Number(bodyEnd) };
}

/** The length of the part with this number, decoded: null when its encoding is not known, 0 when there is no such part. */
export function findDecodedLength(index: string, numbers: readonly number[]): number | null {
  const at = find(index, numbers);
  if (at < 0) return 0;
  const length = Number.parseInt(index.slice(at), 10);
  return Number.isNaN(length) ? null : length;
}

const OFFSETS = /[\d?]+@(\d+)-(\d+)-(\d+)/y;

/** Where it is told of a part; -1: nowhere. */
function find(index: string, numbers: readonly (number | string)[]): number {
  const key = ` ${numbers.join('.')}:`;
  const at = index.indexOf(key);
  return at < 0 ? -1 : at + key.length;
}
