/** Bytes in a named character set as text. The platform's decoders know the whole WHATWG list. */

/** Whether text in this character set can be decoded. */
export function isKnownCharset(label: string): boolean {
  return decoder(label) !== null;
}

/** Text that says nothing (of its character set), or something unknown, is read as UTF-8, and if it is not that, as Windows-1252. */
export function decodeCharset(bytes: Uint8Array, label: string): string {
  const named = decoder(label);
  // ASCII that is not ASCII is taken for what it says nothing about.
  if (named === null || /^(us-)?ascii$/i.test(label.trim())) return decodeUnlabelled(bytes);
  return named.encoding === 'windows-1252' ? decodeWindows1252(bytes) : named.decode(bytes);
}

export function decodeUnlabelled(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return decodeWindows1252(bytes);
  }
}

/** The 32 characters that Windows-1252 has where ISO-8859-1 has controls; the five bytes that mean nothing stay controls. */
const WINDOWS_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/** Not by TextDecoder: from Node.js 20.18.3 and 22.13 on it reads these bytes as ISO-8859-1 (nodejs/node issue 56542). */
function decodeWindows1252(bytes: Uint8Array): string {
  const latin1 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  return latin1.replace(/[\x80-\x9f]/g, (character) => WINDOWS_1252[character.charCodeAt(0) - 0x80]);
}

function decoder(label: string): InstanceType<typeof TextDecoder> | null {
  try {
    return new TextDecoder(label.trim());
  } catch {
    return null;
  }
}
