/** Pure: what an HTML mail says, as text a person can read. No line is broken that the HTML does not break. */

import { decodeEntities } from './html-entities.js';
import { htmlTokens } from './html-tokens.js';

const LINE_BLOCKS = new Set([
  'div',
  'tr',
  'li',
  'dt',
  'dd',
  'section',
  'article',
  'header',
  'footer',
  'address',
  'center',
  'form',
  'option',
]);
const PARAGRAPHS = new Set(['p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'table', 'pre', 'dl', 'blockquote', 'hr', 'figure']);
/** Quoting deeper than this is drawn no deeper. */
const MAX_DEPTH = 20;
const NONE: ReadonlyMap<string, string> = new Map();

export function htmlToText(html: string): string {
  const writer = new TextWriter();
  for (const token of htmlTokens(html)) {
    if (token.kind === 'text') writer.text(decodeEntities(token.text));
    else if (token.kind === 'end') writer.tag(token.name, true);
    else writer.tag(token.name, false, token.attributes);
  }
  return writer.finish();
}

class TextWriter {
  /** Lines that are complete. */
  readonly #lines: string[] = [];
  /** The current line, in pieces: joined once, for text is added a character at a time where "<" stands alone. */
  #pieces: string[] = [];
  #endsWithBlank = false;
  /** Something but quote marks and blanks stands in the current line, or in any line. */
  #lineSpeaks = false;
  #spoke = false;
  /** Line breaks owed before the next text: 0, 1 (a new line) or 2 (a paragraph). */
  #owed = 0;
  /** How many blockquotes are open. */
  #depth = 0;
  /** The lowest depth since the last text: a blank line between two quotes belongs to neither. */
  #gapDepth = 0;
  #preformatted = 0;
  #lists: { ordered: boolean; count: number }[] = [];
  #link: { href: string; text: string } | null = null;

  text(text: string): void {
    const lines = this.#preformatted > 0 ? text.split(/\r\n|\r|\n/) : [text.replace(/[ \t\r\n\f]+/g, ' ')];
    lines.forEach((line, index) => {
      if (index > 0) this.#newLine();
      this.#write(line);
    });
  }

  tag(name: string, closing: boolean, attributes: ReadonlyMap<string, string> = NONE): void {
    if (name === 'br') this.#newLine();
    else if (name === 'a') this.#anchor(closing, decodeEntities(attributes.get('href') ?? ''));
    else if (name === 'img' && !closing) this.#write(decodeEntities(attributes.get('alt') ?? ''));
    else if ((name === 'td' || name === 'th') && closing) this.#write(' ');
    else if (PARAGRAPHS.has(name)) this.#block(2, name, closing);
    else if (LINE_BLOCKS.has(name)) this.#block(1, name, closing);
  }

  finish(): string {
    this.#endLine();
    return this.#lines.join('\n').trim();
  }

  #block(gap: number, name: string, closing: boolean): void {
    // A list within a list is no new paragraph.
    const nested = (name === 'ul' || name === 'ol') && this.#lists.length > (closing ? 1 : 0);
    this.#owed = Math.max(this.#owed, nested ? 1 : gap);
    if (name === 'blockquote') {
      this.#depth = Math.max(0, Math.min(MAX_DEPTH, this.#depth + (closing ? -1 : 1)));
      this.#gapDepth = Math.min(this.#gapDepth, this.#depth);
    } else if (name === 'pre') this.#preformatted = Math.max(0, this.#preformatted + (closing ? -1 : 1));
    else if (name === 'ul' || name === 'ol') {
      if (closing) this.#lists.pop();
      else if (this.#lists.length < MAX_DEPTH) this.#lists.push({ ordered: name === 'ol', count: 0 });
    } else if (name === 'li' && !closing) this.#bullet();
    else if (name === 'hr') {
      this.#write('-'.repeat(20));
      this.#owed = 2;
    }
  }

  #bullet(): void {
    const list = this.#lists.at(-1);
    if (list !== undefined) list.count++;
    const indent = '  '.repeat(Math.max(0, this.#lists.length - 1));
    this.#settle();
    this.#put(`${indent}${list?.ordered ? `${list.count}.` : '*'} `);
  }

  #anchor(closing: boolean, href: string): void {
    if (!closing) {
      this.#link = { href, text: '' };
      return;
    }
    const link = this.#link;
    this.#link = null;
    if (link === null || !/^(https?|ftp|bitmessage|mailto):/i.test(link.href)) return;
    const bare = link.href.replace(/^mailto:/i, '');
    if (link.text.trim() !== bare && link.text.trim() !== link.href) this.#write(` <${bare}>`);
  }

  #write(text: string): void {
    if (text === '') return;
    if (this.#link !== null) this.#link.text += text;
    if (text.trim() === '' && this.#preformatted === 0) {
      if (this.#owed === 0 && this.#pieces.length > 0 && !this.#endsWithBlank) this.#put(' ');
      return;
    }
    this.#settle();
    const isAtBlank = this.#pieces.length === 0 || this.#endsWithBlank;
    this.#put(this.#preformatted === 0 && isAtBlank ? text.replace(/^ +/, '') : text);
  }

  /** Adds to the current line, behind its quote marks. */
  #put(text: string): void {
    if (this.#pieces.length === 0 && this.#depth > 0) this.#pieces.push(`${'>'.repeat(this.#depth)} `);
    this.#pieces.push(text);
    this.#endsWithBlank = text.endsWith(' ');
    if (text.trim() !== '') {
      this.#lineSpeaks = true;
      this.#spoke = true;
    }
  }

  /** Pays the line breaks that the blocks before have asked for. */
  #settle(): void {
    if (this.#owed > 0 && this.#spoke) {
      const speaks = this.#pieces.length > 0 ? this.#lineSpeaks : (this.#lines.at(-1) ?? '').replace(/^[> ]+/, '') !== '';
      if (this.#pieces.length > 0) this.#endLine();
      if (this.#owed === 2 && speaks) this.#lines.push('>'.repeat(this.#gapDepth));
    }
    this.#owed = 0;
    this.#gapDepth = this.#depth;
  }

  #newLine(): void {
    this.#settle();
    this.#endLine();
  }

  #endLine(): void {
    this.#lines.push(withoutTrailingBlanks(this.#pieces.join('')));
    this.#pieces = [];
    this.#endsWithBlank = false;
    this.#lineSpeaks = false;
  }
}

/** Not by a regular expression: those need quadratic time for a long run of blanks that is not at the end. */
function withoutTrailingBlanks(line: string): string {
  let end = line.length;
  while (end > 0 && (line[end - 1] === ' ' || line[end - 1] === '\t')) end--;
  return line.slice(0, end);
}
