/** Bytes in a named character set as text. The platform's decoders know the whole WHATWG list. */

/** Whether text in this character set can be decoded. */
export function isKnownCharset(label: string): boolean {
  return decoder(label) !== null;
}

/** Text that says nothing (of its character set), or something unknown, is read as UTF-8, and if it is not that, as Windows-1252. */
export function decodeCharset(bytes: Uint8Array, label: string): string {
  const named = decoder(label);
  // ASCII that is not ASCII is taken for what it says nothing about.
  if (named !== null && !/^(us-)?ascii$/i.test(label.trim())) return named.decode(bytes);
  return decodeUnlabelled(bytes);
}

export function decodeUnlabelled(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

function decoder(label: string): InstanceType<typeof TextDecoder> | null {
  try {
    return new TextDecoder(label.trim());
  } catch {
    return null;
  }
}
