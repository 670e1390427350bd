/** Pure: HTML cut into tags and text as browsers cut it (WHATWG HTML §13.2.5), in one pass: time grows with the length alone. */

/** Values are as written: references are not decoded. */
export type HtmlToken = { readonly kind: 'text'; readonly text: string } | HtmlTag;

export type HtmlTag =
  | { readonly kind: 'start'; readonly name: string; readonly attributes: ReadonlyMap<string, string> }
  | { readonly kind: 'end'; readonly name: string };

/** What stands in these is no HTML, up to their end tag; and of these nobody is meant to read it. */
const UNSEEN = new Set(['script', 'style', 'title', 'iframe', 'noembed', 'noframes']);
/** Here somebody is. */
const SEEN = new Set(['textarea', 'xmp', 'plaintext']);

/** Comments, declarations, and the content of elements that show none are left out; names are in lower case. */
export function* htmlTokens(html: string): Generator<HtmlToken> {
  const scanner = new Scanner(html);
  for (;;) {
    const text = scanner.text();
    if (text !== '') yield { kind: 'text', text };
    if (scanner.isAtEnd) return;
    const tag = scanner.markup();
    if (tag === null) continue;
    yield tag;
    if (tag.kind === 'end' || !(UNSEEN.has(tag.name) || SEEN.has(tag.name))) continue;
    const content = scanner.upToEndTag(tag.name);
    if (SEEN.has(tag.name) && content !== '') yield { kind: 'text', text: content };
  }
}

class Scanner {
  #at = 0;

  constructor(private readonly html: string) {}

  get isAtEnd(): boolean {
    return this.#at >= this.html.length;
  }

  /** Up to the next "<" that begins markup; any other is text. */
  text(): string {
    const start = this.#at;
    const markup = /<[a-z!?/]/gi;
    markup.lastIndex = start;
    this.#at = markup.exec(this.html)?.index ?? this.html.length;
    return this.html.slice(start, this.#at);
  }

  /** At a "<" that begins markup; null for what is no tag. */
  markup(): HtmlTag | null {
    if (this.html.startsWith('<!--', this.#at)) return this.#comment();
    if (this.#match(/<\/?(?=[a-z])/iy) === '') {
      this.#skipPast('>');
      return null;
    }
    const isEnd = this.html[this.#at - 1] === '/';
    const name = this.#match(/[^\s/>]+/y).toLowerCase();
    const attributes = this.#attributes();
    // What is cut off within a tag shows nothing.
    if (attributes === null) return null;
    return isEnd ? { kind: 'end', name } : { kind: 'start', name, attributes };
  }

  /** The content of a raw element; its end tag stays. */
  upToEndTag(name: string): string {
    const end = new RegExp(`</${name}(?=[\\s/>])`, 'ig');
    end.lastIndex = this.#at;
    const found = name === 'plaintext' ? null : end.exec(this.html);
    const content = this.html.slice(this.#at, found?.index);
    this.#at += content.length;
    return content;
  }

  #comment(): null {
    this.#at += '<!--'.length;
    if (this.#match(/-?>/y) !== '') return null;
    const end = /--!?>/g;
    end.lastIndex = this.#at;
    this.#at = end.exec(this.html) === null ? this.html.length : end.lastIndex;
    return null;
  }

  /** The first of each name counts. Null when the tag does not end. */
  #attributes(): Map<string, string> | null {
    const attributes = new Map<string, string>();
    for (;;) {
      this.#match(/[\s/]+/y);
      if (this.isAtEnd) return null;
      if (this.#match(/>/y) !== '') return attributes;
      const name = this.#match(/[^\s/>][^\s/>=]*/y).toLowerCase();
      const value = this.#match(/\s*=\s*/y) === '' ? '' : this.#value();
      if (value === null) return null;
      if (!attributes.has(name)) attributes.set(name, value);
    }
  }

  #value(): string | null {
    const quote = this.html[this.#at];
    if (quote !== '"' && quote !== "'") return this.#match(/[^\s>]+/y);
    const start = this.#at + 1;
    this.#skipPast(quote, start);
    return this.html[this.#at - 1] === quote && this.#at > start ? this.html.slice(start, this.#at - 1) : null;
  }

  #skipPast(mark: string, from = this.#at): void {
    const found = this.html.indexOf(mark, from);
    this.#at = found < 0 ? this.html.length : found + 1;
  }

  /** What the sticky pattern matches here, or ''. */
  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const [found] = pattern.exec(this.html) ?? [''];
    this.#at += found.length;
    return found;
  }
}
