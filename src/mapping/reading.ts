/** Pure: what a message tells of the program that wrote it. */
import type { MessageContent } from '../bitmessage/wire/content.js';
import type { Reads } from '../store/readings.js';
import { isQuoted } from './quoting.js';

const EXTENDED = 3;

/**
 * Encoding 3 is written by programs that read it. Plain text alone says nothing: we write it ourselves. But PyBitmessage and
 * bmwrapper, which show no attachments, give themselves away by the line above what they quote and by images in the text.
 */
export function readsAs(encoding: number, { body }: Pick<MessageContent, 'body'>): Reads | null {
  if (encoding === EXTENDED) return 'extended';
  return isQuoted(body) || /<img\b[^<>]{0,200}\bsrc="data:image\//i.test(body) ? 'plain' : null;
}
