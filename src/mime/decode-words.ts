/** Header text for people: encoded words (RFC 2047), RFC 2231 values and raw 8-bit bytes become Unicode. Pure. */
import { decodeCharset, decodeUnlabelled } from './charset.js';
import { decodeBase64, decodeQuotedPrintable } from './transfer-encoding.js';

// Charset, language (RFC 2231 §5), encoding, text. Bounded: RFC 2047 says 75, programs write longer ones.
const ENCODED_WORD = /=\?([^?*\s]{1,50})(?:\*[^?\s]{0,50})?\?([bq])\?([^?\s]{0,5000}| [^?]{0,5000})\?=/gi;

/** @param latin1 header text, a character for each byte */
export function decodeWords(latin1: string): string {
  let result = '';
  let position = 0;
  let pending: { charset: string; bytes: Buffer[] } | null = null;
  const flush = (): void => {
    if (pending !== null) result += decodeCharset(Buffer.concat(pending.bytes), pending.charset);
    pending = null;
  };
  for (const match of latin1.matchAll(ENCODED_WORD)) {
    const [word, charset, encoding, text] = match;
    const between = latin1.slice(position, match.index);
    // RFC 2047 §6.2: blanks between two encoded words are not shown.
    if (pending === null || /\S/.test(between)) {
      flush();
      result += plain(between);
    }
    const bytes = encoding.toLowerCase() === 'b' ? decodeBase64(Buffer.from(text, 'latin1')) : decodeQ(text);
    // A character cut in two by an encoder that counts bytes: the halves meet again before they are decoded.
    if (pending !== null && pending.charset === charset.toLowerCase()) pending.bytes.push(bytes);
    else {
      flush();
      pending = { charset: charset.toLowerCase(), bytes: [bytes] };
    }
    position = match.index + word.length;
  }
  flush();
  return result + plain(latin1.slice(position));
}

/** The value of an RFC 2231 parameter ("utf-8'en'%e2%82%ac"). */
export function decodeExtendedValue(latin1: string): string {
  const match = /^([^']*)'[^']*'([\s\S]*)$/.exec(latin1);
  const encoded = match === null ? latin1 : match[2];
  const bytes = encoded.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return decodeCharset(Buffer.from(bytes, 'latin1'), match?.[1] || 'utf-8');
}

function decodeQ(text: string): Buffer {
  return decodeQuotedPrintable(Buffer.from(text.replaceAll('_', '=20'), 'latin1'));
}

function plain(latin1: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
  return /^[\x00-\x7f]*$/.test(latin1) ? latin1 : decodeUnlabelled(Buffer.from(latin1, 'latin1'));
}
