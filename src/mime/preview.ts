/** The first words of a message, RFC 8970. Pure. */
import { imapString } from './format-envelope.js';
import { mainText, partText } from './message-text.js';
import type { Part } from './part-tree.js';

/** RFC 8970 §3.1: at most 256 characters, 200 are what clients show. */
const MAX_CHARACTERS = 200;
/** Enough text to find that many characters behind quotes and markup. */
const MAX_BYTES = 16 * 1024;

/** '' when there is nothing to show. */
export function previewOf(raw: Buffer, tree: Part): string {
  const part = previewPart(tree);
  return part === null ? '' : previewOfText(raw.subarray(part.headerEnd, part.bodyEnd), part);
}

/** As IMAP says it: UTF-8, which goes as a literal to all clients. */
export function formatPreview(preview: string): Buffer {
  return Buffer.from(imapString(Buffer.from(preview).toString('latin1')), 'latin1');
}

/** What of a message a preview is made of: its text, cut off where that is more than enough; null when it has none. */
export function previewPart(tree: Part): Part | null {
  const part = mainText(tree);
  return part && { ...part, bodyEnd: Math.min(part.bodyEnd, part.headerEnd + MAX_BYTES) };
}

/** @param body the bytes that `previewPart` names */
export function previewOfText(body: Buffer, part: Part): string {
  const text = partText(body, { ...part, headerEnd: 0, bodyEnd: body.length });
  const words = (part.subtype.toLowerCase() === 'html' ? withoutMarkup(text) : withoutQuotes(text)).replace(/[\s\p{Cc}]+/gu, ' ').trim();
  // A character takes two places at most.
  return [...words.slice(0, 2 * MAX_CHARACTERS)].slice(0, MAX_CHARACTERS).join('').trimEnd();
}

/** What the sender wrote, if anything: quoted lines say what the reader knows. */
function withoutQuotes(text: string): string {
  const own = text.replace(/^>.*$/gm, '');
  return own.trim() === '' ? text : own;
}

/** Enough for a line of preview; nobody renders this as HTML. */
function withoutMarkup(html: string): string {
  const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };
  return html
    .replace(/<(style|script|head|title)\b[^>]*>[\s\S]*?(<\/\1\s*>|$)/gi, ' ')
    .replace(/<!--[\s\S]*?(-->|$)/g, ' ')
    .replace(/<[^>]*(>|$)/g, ' ')
    .replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w{1,8}));/gi, (entity, decimal, hex, name: string | undefined) => {
      if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? entity;
      const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ' ';
    });
}
