/** Content-Transfer-Encoding undone, RFC 2045 §6. Pure, takes any bytes: what is not of the alphabet is passed over. */

/** The decoded body, or null when the encoding is not known: RFC 9051 UNKNOWN-CTE. */
export function decodeTransfer(body: Buffer, encoding: string): Buffer | null {
  if (isIdentityEncoding(encoding)) return body;
  switch (encoding.toLowerCase()) {
    case 'base64':
      return decodeBase64(body);
    case 'quoted-printable':
      return decodeQuotedPrintable(body);
    default:
      return null;
  }
}

/** The length of what `decodeTransfer` answers. */
export function decodedLength(body: Buffer, encoding: string): number | null {
  return encoding.toLowerCase() === 'base64' ? decodedBase64Length(body) : (decodeTransfer(body, encoding)?.length ?? null);
}

/** Whether a body of this encoding stands there as it is. */
export function isIdentityEncoding(encoding: string): boolean {
  return /^(7bit|8bit|binary)$/i.test(encoding);
}

/** Also of several base64 texts one after the other, each with its own padding. */
export function decodeBase64(body: Buffer): Buffer {
  const text = strippedBase64(body);
  const padding = text.indexOf('=');
  if (padding < 0 || padding >= text.length - MAX_PADDING) return Buffer.from(text, 'base64');
  return Buffer.concat(text.split(/=+/).map((piece) => Buffer.from(piece, 'base64')));
}

/** The characters of the alphabet and the padding. */
export function strippedBase64(body: Buffer): string {
  return body.toString('latin1').replace(/[^A-Za-z0-9+/=]/g, '');
}

/** Counted, not decoded: attachments are long. */
function decodedBase64Length(body: Buffer): number {
  let length = 0;
  /** Characters since the last padding. */
  let characters = 0;
  for (let i = 0; i < body.length; i++) {
    const kind = BASE64_KINDS[body[i]];
    if (kind === CHARACTER) characters++;
    else if (kind === PADDING) {
      length += base64Bytes(characters);
      characters = 0;
    }
  }
  return length + base64Bytes(characters);
}

/** Of so many characters, four of which make three bytes. */
function base64Bytes(characters: number): number {
  return Math.floor((characters * 3) / 4);
}

const CHARACTER = 1;
const PADDING = 2;
/** What a byte means in base64; 0: nothing. */
const BASE64_KINDS = new Uint8Array(256);
for (const byte of Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/')) BASE64_KINDS[byte] = CHARACTER;
BASE64_KINDS['='.charCodeAt(0)] = PADDING;

const MAX_PADDING = 2;

const EQUALS = 0x3d;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;

export function decodeQuotedPrintable(body: Buffer): Buffer {
  const out = Buffer.allocUnsafe(body.length);
  let length = 0;
  /** Up to here nothing is taken away again: an encoded blank ("=20") is meant. */
  let kept = 0;
  for (let i = 0; i < body.length; i++) {
    const byte = body[i];
    if (byte === EQUALS) {
      const value = hexByte(body, i + 1);
      if (value >= 0) {
        out[length++] = value;
        kept = length;
        i += 2;
        continue;
      }
      const lineEnd = softBreakEnd(body, i + 1);
      if (lineEnd >= 0) i = lineEnd - 1;
      else out[length++] = byte;
    } else {
      // RFC 2045 §6.7 (3): white space at the end of a line was added on the way.
      if (byte === LF) length = withoutTrailingBlanks(out, kept, length);
      out[length++] = byte;
    }
  }
  return out.subarray(0, length);
}

function withoutTrailingBlanks(out: Buffer, kept: number, length: number): number {
  const hasReturn = length > kept && out[length - 1] === CR;
  let end = hasReturn ? length - 1 : length;
  if (end <= kept || (out[end - 1] !== SPACE && out[end - 1] !== TAB)) return length;
  while (end > kept && (out[end - 1] === SPACE || out[end - 1] === TAB)) end--;
  if (hasReturn) out[end++] = CR;
  return end;
}

/** The value of two hexadecimal digits, or -1. */
function hexByte(body: Buffer, at: number): number {
  const high = hexDigit(body[at]);
  const low = hexDigit(body[at + 1]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

/** Behind a soft line break ("=" and a line end, blanks between), or -1. */
function softBreakEnd(body: Buffer, at: number): number {
  let i = at;
  while (body[i] === SPACE || body[i] === TAB) i++;
  if (i >= body.length) return i;
  if (body[i] === LF) return i + 1;
  return body[i] === CR && body[i + 1] === LF ? i + 2 : -1;
}
