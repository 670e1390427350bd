/** Pure: foreign text made safe for the place where it is to stand. PROTOCOL 8.9. */

// Controls, line separators, and characters that turn the direction of writing.
const UNSAFE_IN_LINE = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;
const MAX_FILE_NAME_BYTES = 120;

/** For a header, a subject, a label: one line. */
export function oneLine(text: string): string {
  return text.replace(UNSAFE_IN_LINE, ' ').trim();
}

/** For a body: lines ended by LF; other controls (a terminal would obey them) show as the replacement character. */
export function cleanBody(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replaceAll('\0', '')
    .replace(/[^\P{Cc}\t\n\f]/gu, '\ufffd');
}

/** The last part of a path, at most 120 bytes, never empty. */
export function safeFileName(name: string): string {
  const base = oneLine(name.split(/[\\/]/).at(-1) ?? '');
  const cut = cutBytes(base, MAX_FILE_NAME_BYTES);
  return cut === '' || /^\.+$/.test(cut) ? 'file' : cut;
}

/** The longest beginning of at most so many bytes of UTF-8 that cuts no character. */
export function cutBytes(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  let end = 0;
  let bytes = 0;
  // A character that ends beyond these has too many bytes anyway.
  for (const { segment, index } of new Intl.Segmenter().segment(text.slice(0, maxBytes + 1))) {
    bytes += Buffer.byteLength(segment);
    if (bytes > maxBytes) break;
    end = index + segment.length;
  }
  return text.slice(0, end);
}
