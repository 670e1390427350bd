/** Finds a letter or two in the first lines of a header that say what they mean: the index knows no such words, and nearly every message holds them there. Pure. */

/** Longer ones are looked for by the index, and are rather in the body. */
const SHORT = /^[A-Z0-9]{1,2}$/;
/** Some ten fields; cannot hold more than are looked at when a header is parsed. */
const SCANNED_BYTES = 2_000;
const FIELD = /^[A-Z0-9-]+:/;
/** What is said otherwise than it is meant: encoded words, RFC 2231 values. */
const ENCODED = /=\?|\*=/;

/**
 * A function that says that a field holds the text; false: it is not known.
 *
 * @param text folded
 */
export function headerLineScan(text: string): (raw: Buffer) => boolean {
  if (!SHORT.test(text)) return () => false;
  return (raw) => {
    const upper = raw.toString('latin1', 0, SCANNED_BYTES).toUpperCase();
    const end = upper.search(/\r?\n\r?\n/);
    for (let at = upper.indexOf(text); at >= 0 && (end < 0 || at < end); at = upper.indexOf(text, at + 1)) {
      const lineEnd = upper.indexOf('\n', at);
      // The last line may go on, and say more.
      if (lineEnd < 0) return false;
      const line = upper.slice(upper.lastIndexOf('\n', at) + 1, lineEnd);
      if (FIELD.test(line) && !ENCODED.test(line)) return true;
      at = lineEnd;
    }
    return false;
  };
}
