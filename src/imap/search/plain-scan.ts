/** Looks for a word in plain mails of ASCII without reading their structure: what a search of a whole folder mostly meets. Pure. */
import { isAscii } from 'node:buffer';

/** Words alone: what unfolding, comments and the like change lies between them. */
const WORD = /^[A-Z0-9]+$/;
/** What is said otherwise than it is meant: encoded words, RFC 2231 values, transfer encodings. */
const ENCODED = /=\?|\*=|BASE64|QUOTED-PRINTABLE/;
/** Character sets in which ASCII is ASCII; others (UTF-16, ISO-2022-JP) make something else of the same bytes. */
const HARMLESS_CHARSET = /CHARSET="?(?:UTF-8|US-ASCII|ISO-8859-\d{1,2}|WINDOWS-125\d)["; \t\r\n]/g;
const PLAIN_TEXT = /^CONTENT-TYPE:[ \t]*TEXT\/PLAIN[ \t]*[;\r]/m;

/**
 * A function that says whether the text of a message holds the word, or null where its structure has to be read to know.
 *
 * @param text folded
 */
export function plainScan(text: string): (raw: Buffer) => boolean | null {
  if (!WORD.test(text)) return () => null;
  return (raw) => {
    if (!isAscii(raw)) return null;
    const upper = raw.toString('latin1').toUpperCase();
    if (ENCODED.test(upper) || count(upper, 'CHARSET') !== (upper.match(HARMLESS_CHARSET)?.length ?? 0)) return null;
    const last = upper.lastIndexOf(text);
    if (last < 0) return false;
    const header = upper.slice(0, upper.indexOf('\r\n\r\n') + 2);
    const types = count(header, 'CONTENT-TYPE');
    // In the one text that there is; where else it stands need not be searched.
    return header.length > 2 && last > header.length && (types === 0 || (types === 1 && PLAIN_TEXT.test(header))) ? true : null;
  };
}

function count(text: string, word: string): number {
  let found = 0;
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) found++;
  return found;
}
