/** The sizes of the parts of a message with their transfer encodings undone, RFC 3516: counted once, when it is stored. Pure. */
import { insideOf, isMultipart, type Part } from './part-tree.js';
import { decodedLength } from './transfer-encoding.js';

/** Stands where an encoding is not known. */
const UNKNOWN = '-';

/** " 1:120 2:3000 2.1:55": of each part that has a number, bytes. */
export function formatBinarySizes(raw: Buffer, tree: Part): string {
  const sizes: string[] = [];
  const add = (container: Part, prefix: string): void => {
    // What is not multipart has one part: its text.
    for (const [index, part] of (isMultipart(container) ? container.children : [container]).entries()) {
      const number = `${prefix}${index + 1}`;
      sizes.push(` ${number}:${decodedLength(raw.subarray(part.headerEnd, part.bodyEnd), part.encoding) ?? UNKNOWN}`);
      const inside = insideOf(part);
      if (inside !== null) add(inside, `${number}.`);
    }
  };
  add(tree, '');
  return sizes.join('');
}

/** What stands there of the part with this number: null when its encoding is not known, 0 when there is no such part. */
export function readBinarySize(sizes: string, numbers: readonly number[]): number | null {
  const key = ` ${numbers.join('.')}:`;
  const at = sizes.indexOf(key);
  if (at < 0) return 0;
  const size = Number.parseInt(sizes.slice(at + key.length), 10);
  return Number.isNaN(size) ? null : size;
}
