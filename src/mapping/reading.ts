/** Pure: what a message tells of the program that wrote it. */
import type { MessageContent } from '../bitmessage/wire/content.js';
import type { Reads } from '../store/readings.js';
import { isQuoted } from './quoting.js';

const EXTENDED = 3;

/**
 * Files and parents are written by programs that read them; encoding 3 alone says nothing, for PyBitmessage can write it and passes over
 * both. Plain text says nothing either: we write it ourselves. But PyBitmessage and bmwrapper, which show no attachments, give
 * themselves away by the line above what they quote and by images in the text.
 */
export function readsAs(encoding: number, { body, files, parents }: Pick<MessageContent, 'body' | 'files' | 'parents'>): Reads | null {
  if (encoding === EXTENDED && files.length + parents.length > 0) return 'extended';
  return isQuoted(body) || /<img\b[^<>]{0,200}\bsrc="data:image\//i.test(body) ? 'plain' : null;
}
