/** Reads the words of a structured header field: tokens, quoted strings, comments. Pure, takes any text. */

/** Deeper comments are junk; bounds the walk. */
const MAX_COMMENT_DEPTH = 50;

/** Walks through the value of a field; never throws, and every call moves on or is at the end. */
export class FieldReader {
  position = 0;
  /** The text of the comment passed last, or null. */
  comment: string | null = null;

  constructor(readonly text: string) {}

  get atEnd(): boolean {
    return this.position >= this.text.length;
  }

  peek(): string {
    return this.text.charAt(this.position);
  }

  /** Takes this character if it is next. */
  take(character: string): boolean {
    if (this.peek() !== character || this.atEnd) return false;
    this.position++;
    return true;
  }

  /** Passes blanks and comments. */
  skipSpace(): void {
    for (;;) {
      const character = this.peek();
      if (character === ' ' || character === '\t' || character === '\r' || character === '\n') this.position++;
      else if (character === '(') this.comment = this.#readComment();
      else return;
    }
  }

  /** The longest run of characters that the pattern (sticky, /y) takes; '' when there is none. */
  match(pattern: RegExp): string {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.position += found.length;
    return found;
  }

  /** The content of a quoted string that begins here; one that is not closed reaches to the end. */
  quotedString(): string {
    this.position++;
    let content = '';
    while (!this.atEnd) {
      const character = this.text[this.position++];
      if (character === '"') break;
      content += character === '\\' && !this.atEnd ? this.text[this.position++] : character;
    }
    return content;
  }

  #readComment(): string {
    this.position++;
    let depth = 1;
    let content = '';
    while (!this.atEnd) {
      const character = this.text[this.position++];
      if (character === '\\' && !this.atEnd) content += this.text[this.position++];
      else {
        if (character === '(' && ++depth > MAX_COMMENT_DEPTH) this.position = this.text.length;
        if (character === ')' && --depth === 0) break;
        content += character;
      }
    }
    return content.trim();
  }
}
