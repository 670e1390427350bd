/** Mailbox names between the wire and the store: modified UTF-7 (RFC 3501 §5.1.3), UTF-8, INBOX in any case, levels. */

export const DELIMITER = '/';

/** A name of more bytes than this could not be shown in a status line or kept by file-based clients (255 per level). */
export const MAX_NAME_BYTES = 1000;
const MAX_LEVEL_BYTES = 255;

const HALF_SURROGATE = /\p{Cs}/u;

/** Modified UTF-7 to Unicode; null when it is not well-formed (or not in its only permitted form). */
export function decodeUtf7(name: string): string | null {
  let text = '';
  for (let at = 0; at < name.length; ) {
    const code = name.charCodeAt(at);
    if (code < 0x20 || code > 0x7e) return null;
    if (name[at] !== '&') {
      text += name[at++];
      continue;
    }
    const end = name.indexOf('-', at);
    if (end === -1) return null;
    const shifted = end === at + 1 ? '&' : decodeShifted(name.slice(at + 1, end));
    if (shifted === null) return null;
    text += shifted;
    at = end + 1;
  }
  // One spelling for each name: what would be written otherwise (printable ASCII shifted, two shifts in a row) is refused.
  return encodeUtf7(text) === name && !HALF_SURROGATE.test(text) ? text : null;
}

/** Unicode to modified UTF-7. */
export function encodeUtf7(text: string): string {
  return text.replace(/&|[^\x20-\x7e]+/g, (run) => (run === '&' ? '&-' : `&${encodeShifted(run)}-`));
}

/**
 * The one spelling that the store knows: INBOX in capitals, composed characters (RFC 5198), no "/" at the end.
 */
export function normalizePath(name: string): string {
  const levels = name.normalize('NFC').split(DELIMITER);
  if (levels.length > 1 && levels[levels.length - 1] === '') levels.pop();
  if (levels[0].toUpperCase() === 'INBOX') levels[0] = 'INBOX';
  return levels.join(DELIMITER);
}

/** Why a folder of this name cannot be made, as a sentence, or null when it can. */
export function refuseName(path: string): string | null {
  if (path === '') return 'A folder needs a name';
  if (Buffer.byteLength(path) > MAX_NAME_BYTES) return `A folder name has at most ${MAX_NAME_BYTES} bytes`;
  // Control characters, line and paragraph separators (RFC 9051 §5.1), and half surrogate pairs.
  if (/[\p{Cc}\u2028\u2029]/u.test(path) || HALF_SURROGATE.test(path)) return 'A folder name holds no control characters';
  for (const level of path.split(DELIMITER)) {
    if (level === '') return 'A folder name has no empty level ("//")';
    if (Buffer.byteLength(level) > MAX_LEVEL_BYTES) return `One level of a folder name has at most ${MAX_LEVEL_BYTES} bytes`;
  }
  return null;
}

/** All names above this one: "a/b/c" has "a" and "a/b". */
export function ancestors(path: string): string[] {
  if (!path.includes(DELIMITER)) return [];
  const levels = path.split(DELIMITER);
  return levels.slice(1).map((_, index) => levels.slice(0, index + 1).join(DELIMITER));
}

function decodeShifted(base64: string): string | null {
  if (!/^[A-Za-z0-9+,]+$/.test(base64)) return null;
  const bytes = Buffer.from(base64.replaceAll(',', '/'), 'base64');
  if (bytes.length === 0 || bytes.length % 2 !== 0) return null;
  return bytes.swap16().toString('utf16le');
}

function encodeShifted(run: string): string {
  return Buffer.from(run, 'utf16le').swap16().toString('base64').replaceAll('/', ',').replace(/=+$/, '');
}
