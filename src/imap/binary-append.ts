/** Messages that came in a literal8 with NUL bytes in them: these parts become base64, as RFC 3516 §4.4 lets us. Pure. */
import { fieldEnd } from '../mime/header.js';
import { type Part, parsePartTree } from '../mime/part-tree.js';

const LINE_BYTES = 57; // 76 characters of base64 (RFC 2045 §6.8)
const OLD_ENCODING = /^content-transfer-encoding[ \t]*:/i;
const ENCODING = Buffer.from('Content-Transfer-Encoding: base64\r\n');

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly bytes: Buffer;
}

/** The same message without NUL; null when there is one where no part could be encoded: in a header, between the parts. */
export function withoutNul(raw: Buffer): Buffer | null {
  if (!raw.includes(0)) return raw;
  const edits = leaves(parsePartTree(raw))
    .filter((part) => raw.subarray(part.headerEnd, part.bodyEnd).includes(0))
    .flatMap((part) => encodePart(raw, part))
    .sort((a, b) => a.start - b.start);
  const pieces: Buffer[] = [];
  let at = 0;
  for (const edit of edits) {
    pieces.push(raw.subarray(at, edit.start), edit.bytes);
    at = edit.end;
  }
  const encoded = Buffer.concat([...pieces, raw.subarray(at)]);
  return encoded.includes(0) ? null : encoded;
}

function leaves(part: Part): Part[] {
  return part.children.length === 0 ? [part] : part.children.flatMap(leaves);
}

/** Takes the old encoding out of the header, puts the new one in, and encodes the body. */
function encodePart(raw: Buffer, part: Part): Edit[] {
  const edits: Edit[] = [{ start: part.headerStart, end: part.headerStart, bytes: ENCODING }];
  for (let start = part.headerStart; start < part.headerEnd; ) {
    const end = fieldEnd(raw, start, part.headerEnd);
    if (OLD_ENCODING.test(raw.toString('latin1', start, end))) edits.push({ start, end, bytes: Buffer.alloc(0) });
    start = end;
  }
  edits.push({ start: part.headerEnd, end: part.bodyEnd, bytes: toBase64(raw.subarray(part.headerEnd, part.bodyEnd)) });
  return edits;
}

function toBase64(bytes: Buffer): Buffer {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += LINE_BYTES) lines.push(`${bytes.toString('base64', at, at + LINE_BYTES)}\r\n`);
  return Buffer.from(lines.join(''));
}
