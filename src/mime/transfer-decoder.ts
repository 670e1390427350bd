/** Content-Transfer-Encoding undone piece by piece, for bodies that are too large to be held. Pure, takes any bytes. */
import { decodeQuotedPrintable, isIdentityEncoding, strippedBase64 } from './transfer-encoding.js';

/** Together, what its calls answer is what `decodeTransfer` makes of the whole. */
export interface TransferDecoder {
  add(bytes: Buffer): Buffer;
  end(): Buffer;
}

/** Null when the encoding is not known. */
export function transferDecoder(encoding: string): TransferDecoder | null {
  if (isIdentityEncoding(encoding)) return { add: (bytes) => bytes, end: () => Buffer.alloc(0) };
  switch (encoding.toLowerCase()) {
    case 'base64':
      return new Base64Decoder();
    case 'quoted-printable':
      return new QuotedPrintableDecoder();
    default:
      return null;
  }
}

/** Four characters make three bytes. */
const GROUP = 4;

class Base64Decoder implements TransferDecoder {
  /** Characters of a group that is not complete. */
  #rest = '';

  add(bytes: Buffer): Buffer {
    const texts = (this.#rest + strippedBase64(bytes)).split(/=+/);
    // What padding ends is complete as it is.
    const last = texts.pop()!;
    const complete = last.length - (last.length % GROUP);
    this.#rest = last.slice(complete);
    return Buffer.concat([...texts, last.slice(0, complete)].map((text) => Buffer.from(text, 'base64')));
  }

  end(): Buffer {
    return Buffer.from(this.#rest, 'base64');
  }
}

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;
const EQUALS = 0x3d;
/** No line has so many blanks: such ones are passed on, though nobody knows yet whether they stand at its end. */
const MAX_REST_BYTES = 2 ** 20;
/** "=", and two digits. */
const ESCAPE_BYTES = 3;

class QuotedPrintableDecoder implements TransferDecoder {
  #rest: Buffer = Buffer.alloc(0);

  add(bytes: Buffer): Buffer {
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const end = all.length > bytes.length + MAX_REST_BYTES ? all.length : safeEnd(all);
    this.#rest = Buffer.from(all.subarray(end));
    return decodeQuotedPrintable(all.subarray(0, end));
  }

  end(): Buffer {
    return decodeQuotedPrintable(this.#rest);
  }
}

/** Up to where nothing depends on what follows: behind a character that is no blank, ends no line and is no part of an escape. */
function safeEnd(bytes: Buffer): number {
  for (let end = bytes.length; end > 0; end--) {
    const last = bytes[end - 1];
    if (last === SPACE || last === TAB || last === CR || last === LF) continue;
    if (bytes.subarray(Math.max(end - ESCAPE_BYTES, 0), end).includes(EQUALS)) continue;
    return end;
  }
  return 0;
}
