/** Pure: what an HTML mail says, as text a person can read. No line is broken that the HTML does not break. */

const ENTITIES: Record<string, string> = {
  amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', shy: '', ensp: ' ', emsp: ' ', thinsp: ' ', zwnj: '', zwj: '',
  ndash: '–', mdash: '—', hellip: '…', lsquo: '‘', rsquo: '’', sbquo: '‚', ldquo: '“', rdquo: '”', bdquo: '„', laquo: '«', raquo: '»',
  copy: '©', reg: '®', trade: '™', euro: '€', pound: '£', yen: '¥', cent: '¢', sect: '§', para: '¶', middot: '·', bull: '•', deg: '°',
  times: '×', divide: '÷', plusmn: '±', frac12: '½', frac14: '¼', frac34: '¾', larr: '←', rarr: '→', uarr: '↑', darr: '↓', micro: 'µ',
  auml: 'ä', ouml: 'ö', uuml: 'ü', Auml: 'Ä', Ouml: 'Ö', Uuml: 'Ü', szlig: 'ß', agrave: 'à', aacute: 'á', acirc: 'â', atilde: 'ã',
  aring: 'å', aelig: 'æ', ccedil: 'ç', egrave: 'è', eacute: 'é', ecirc: 'ê', euml: 'ë', igrave: 'ì', iacute: 'í', icirc: 'î', iuml: 'ï',
  ntilde: 'ñ', ograve: 'ò', oacute: 'ó', ocirc: 'ô', otilde: 'õ', oslash: 'ø', ugrave: 'ù', uacute: 'ú', ucirc: 'û', yacute: 'ý',
  Agrave: 'À', Aacute: 'Á', Acirc: 'Â', Aring: 'Å', AElig: 'Æ', Ccedil: 'Ç', Egrave: 'È', Eacute: 'É', Ecirc: 'Ê', Ntilde: 'Ñ', Oslash: 'Ø',
}; // biome-ignore format: a table

/** Elements whose content nobody is meant to read. */
const HIDDEN = new Set(['head', 'script', 'style', 'title', 'template', 'noscript']);
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

export function htmlToText(html: string): string {
  const writer = new TextWriter();
  let hidden: string | null = null;
  // Comments and declarations first; then a tag; then text up to the next "<". Each alternative consumes what it matches: linear.
  for (const [token] of html.matchAll(/<!--[\s\S]*?(?:-->|$)|<[!?][^>]*>?|<\/?[a-zA-Z][^>]*>?|[^<]+|</g)) {
    const tag = /^<(\/?)([a-zA-Z][\w:-]*)/.exec(token);
    if (tag === null) {
      if (hidden === null && !/^<[!?]/.test(token)) writer.text(decodeEntities(token));
      continue;
    }
    const name = tag[2].toLowerCase();
    const closing = tag[1] === '/';
    if (hidden !== null) {
      if (closing && name === hidden) hidden = null;
    } else if (HIDDEN.has(name) && !closing) hidden = name;
    else writer.tag(name, closing, token);
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

  tag(name: string, closing: boolean, source: string): void {
    if (name === 'br') this.#newLine();
    else if (name === 'a') this.#anchor(closing, source);
    else if (name === 'img' && !closing) this.#write(attribute(source, 'alt'));
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

  #anchor(closing: boolean, source: string): void {
    if (!closing) {
      this.#link = { href: attribute(source, 'href'), text: '' };
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

function attribute(tag: string, name: string): string {
  const match = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`, 'i').exec(tag);
  return decodeEntities(match?.[1] ?? match?.[2] ?? match?.[3] ?? '');
}

function decodeEntities(text: string): string {
  return text.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z][a-z0-9]{1,8});?/gi, (whole, name: string) => {
    if (name.startsWith('#')) {
      const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
      return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : '';
    }
    return ENTITIES[name] ?? ENTITIES[name.toLowerCase()] ?? whole;
  });
}
