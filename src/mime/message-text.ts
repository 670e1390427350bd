/** The text of a message for people and for searching: its text parts, decoded. Pure. */
import { decodeCharset, decodeUnlabelled } from './charset.js';
import { parameter } from './parameters.js';
import { isText, type Part } from './part-tree.js';
import { decodeTransfer } from './transfer-encoding.js';

/** All parts that hold no other part, in order. */
export function* leaves(part: Part): Generator<Part> {
  if (part.children.length === 0) yield part;
  for (const child of part.children) yield* leaves(child);
}

/** The decoded text of a text part; an unknown transfer encoding is read as it stands. */
export function partText(raw: Buffer, part: Part): string {
  const body = raw.subarray(part.headerEnd, part.bodyEnd);
  const decoded = decodeTransfer(body, part.encoding) ?? body;
  const charset = parameter(part.parameters, 'charset');
  return charset === null ? decodeUnlabelled(decoded) : decodeCharset(decoded, charset);
}

/** The first text part that is not an attachment, plain text preferred; or null. */
export function mainText(tree: Part): Part | null {
  const texts = [...leaves(tree)].filter((part) => isText(part) && part.disposition?.kind.toLowerCase() !== 'attachment');
  return texts.find((part) => part.subtype.toLowerCase() === 'plain') ?? texts[0] ?? null;
}
