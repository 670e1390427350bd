/** Looks for a text in a field of plain headers without parsing them: what a search of a whole folder mostly meets. Pure. */
import { isAscii } from 'node:buffer';
import { unfoldAsRead } from '../../mime/header.js';
import { fieldText, fold } from '../../mime/searchable-text.js';

/** What is said otherwise than it is meant: encoded words and RFC 2231 values. */
const ENCODED = /=\?|\*=/;
/** In addresses: comments, quotes and blanks where "local@host" has none, routes. Then it must be parsed to be known. */
const ODD_ADDRESS = /[(\\[]|[\s"]@|@[\s@]|\s\.|\.\s|@[^>,]*:/;
const ADDRESS_FIELDS: ReadonlySet<string> = new Set(['from', 'to', 'cc', 'bcc', 'sender', 'reply-to']);
/** Names of fields as anybody writes them. */
const FIELD_NAME = /^[a-z0-9_-]+$/;
/** Cannot hold more fields than are looked at when a header is parsed (MAX_HEADER_FIELDS of 3 bytes each). */
const MAX_SCANNED_BYTES = 6_000;

/**
 * A function that says whether the field holds the text, or null where the header has to be parsed to know.
 *
 * @param lowerName of the field
 * @param text folded
 */
export function fieldScan(lowerName: string, text: string): (header: Buffer) => boolean | null {
  if (!FIELD_NAME.test(lowerName)) return () => null;
  const name = lowerName.toUpperCase();
  const isAddress = ADDRESS_FIELDS.has(lowerName);
  return (header) => {
    if (header.length > MAX_SCANNED_BYTES || !isAscii(header)) return null;
    const upper = `\n${header.toString('latin1').toUpperCase()}`;
    const start = `\n${name}`;
    for (let at = upper.indexOf(start); at >= 0; at = upper.indexOf(start, at + start.length)) {
      const colon = at + start.length;
      if (upper[colon] !== ':') {
        // "Subject :" is the field, "Subject-Of" is another one.
        if (upper[colon] === ' ' || upper[colon] === '\t' || upper[colon] === '\r') return null;
        continue;
      }
      const end = fieldEnd(upper, colon);
      const value = unfoldAsRead(upper.slice(colon + 1, end));
      if (ENCODED.test(value)) {
        // As it was written: here it begins a byte later.
        const written = unfoldAsRead(header.toString('latin1', colon, end - 1));
        if (fold(fieldText({ name: lowerName, value: written })).includes(text)) return true;
        if (isAddress) return null;
      } else if (value.includes(text)) return true;
      else if (isAddress && ODD_ADDRESS.test(value)) return null;
    }
    return false;
  };
}

/** After its last continuation line, or the line break of that. */
function fieldEnd(text: string, from: number): number {
  let end = text.indexOf('\n', from);
  while (end >= 0 && (text[end + 1] === ' ' || text[end + 1] === '\t')) end = text.indexOf('\n', end + 1);
  return end < 0 ? text.length : end;
}
