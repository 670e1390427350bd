/** Pure: what other Bitmessage programs write around an answer or a list post, as mail programs expect it (PROTOCOL 7.8). */

/** PyBitmessage and bmwrapper set it above the message that is answered; everything below is quoted. */
const SEPARATOR = '-'.repeat(54);
/** Quoting deeper than this is drawn no deeper. */
const MAX_DEPTH = 20;

/** Whether such a line stands in it. */
export function isQuoted(body: string): boolean {
  return body.includes(SEPARATOR) && body.split('\n').some((line) => line.trimEnd() === SEPARATOR);
}

/** Lines are ended by LF. Each separator line quotes what is below it once more. */
export function showQuotes(body: string): string {
  if (!body.includes(SEPARATOR)) return body;
  const shown: string[] = [];
  let depth = 0;
  for (const line of body.split('\n')) {
    if (line.trimEnd() === SEPARATOR) depth = Math.min(depth + 1, MAX_DEPTH);
    else shown.push(depth === 0 ? line : quote(line, depth));
  }
  return shown.join('\n');
}

/** RFC 3676 §4.5: quote marks stand together; then a blank. */
function quote(line: string, depth: number): string {
  const marks = '>'.repeat(depth);
  return line === '' || line.startsWith('>') ? `${marks}${line}` : `${marks} ${line}`;
}

/** Who wrote what a mailing list of PyBitmessage passes on; null when it does not say so. Only the list vouches for it. */
export function originalSender(body: string): string | null {
  return (
    /^[A-Z][a-z]{2}, \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC {1,3}Message ostensibly from (BM-[1-9A-HJ-NP-Za-km-z]{20,50}):\n/.exec(body)?.[1] ??
    null
  );
}
