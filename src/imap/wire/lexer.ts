/** Reads the arguments of one command, token by token (RFC 9051 §9; RFC 3501 §9). */
import { isUtf8 } from 'node:buffer';
import type { RawCommand } from './command-reader.js';
import { ImapBad } from './imap-bad.js';
import { decodeUtf7, normalizePath } from './mailbox-name.js';
import { parseSequenceSet, type SequenceSet } from './sequence-set.js';

/** Lists within lists beyond this are nobody's grammar, only an attack on the stack. */
export const MAX_NESTING = 100;

/** Programs have a handful of questions, of some hundred characters. */
const MAX_RECALLED = 100;
const MAX_RECALLED_LENGTH = 1000;

/** 2^63 - 1. */
const MAX_NUMBER64 = 2n ** 63n - 1n;

const ATOM = /[!#$&'+,\-./0-9:;<=>?@A-Z[^_`a-z|}~]+/y;
const ASTRING_ATOM = /[!#$&'+,\-./0-9:;<=>?@A-Z[\]^_`a-z|}~]+/y;
const LIST_MAILBOX = /[!#$%&'*+,\-./0-9:;<=>?@A-Z[\]^_`a-z|}~]+/y;
const TAG = /[!#$&',\-./0-9:;<=>?@A-Z[\]^_`a-z|}~]+/y;
const NUMBER = /\d{1,19}/y;
const SEQUENCE_SET = /[\d:*,]+|\$/y;
const QUOTED = /"((?:[^"\\\r\n\0]|\\["\\])*)"/y;
const LITERAL = /~?\{\d{1,19}\+?\}\r?\n/y;
const FLAG = /\\?[!#$&'+,\-./0-9:;<=>?@A-Z[^_`a-z|}~]+/y;

export class Lexer {
  readonly #text: string;
  readonly #literals: readonly Buffer[];
  #at = 0;
  #literal = 0;

  /** @param utf8 whether the client has enabled UTF-8 mailbox names, instead of modified UTF-7 */
  constructor(
    command: RawCommand,
    private readonly utf8: boolean,
  ) {
    this.#text = command.text;
    this.#literals = command.literals;
  }

  get atEnd(): boolean {
    return this.#at === this.#text.length;
  }

  /** Whether the next character is this one; reads nothing. */
  peek(character: string): boolean {
    return this.#text[this.#at] === character;
  }

  /** Reads this text (any case) if it comes next. */
  skip(text: string): boolean {
    if (this.#text.slice(this.#at, this.#at + text.length).toUpperCase() !== text.toUpperCase()) return false;
    this.#at += text.length;
    return true;
  }

  expect(text: string): void {
    if (!this.skip(text)) throw this.bad(text === ' ' ? 'a space' : `"${text}"`);
  }

  space(): void {
    this.expect(' ');
  }

  end(): void {
    if (!this.atEnd) throw this.bad('the end of the command');
  }

  tag(): string {
    return this.#match(TAG, 'a tag');
  }

  atom(): string {
    return this.#match(ATOM, 'an atom');
  }

  /** An atom in capitals: a command, a data item, a search key. */
  keyword(): string {
    return this.atom().toUpperCase();
  }

  /** A number of up to 63 bits (RFC 9051 number64, RFC 7162 mod-sequences); one above 2^53 is more than anything here, and that is all it says. */
  number(): number {
    const value = BigInt(this.#match(NUMBER, 'a number'));
    if (value > MAX_NUMBER64) throw new ImapBad('Number too large');
    return Math.min(Number(value), Number.MAX_SAFE_INTEGER);
  }

  /** nz-number or number of 32 bits. */
  number32(lowest: 0 | 1): number {
    const value = this.number();
    if (value > 0xffffffff || value < lowest) throw new ImapBad('Number out of range');
    return value;
  }

  sequenceSet(): SequenceSet {
    return parseSequenceSet(this.#match(SEQUENCE_SET, 'a sequence set'));
  }

  /** A quoted string or a literal; null when neither comes next. */
  stringIfAny(): Buffer | null {
    const quoted = this.#try(QUOTED);
    if (quoted !== null) return Buffer.from(quoted.slice(1, -1).replace(/\\(["\\])/g, '$1'), 'latin1');
    if (this.peek('~')) return null;
    return this.#try(LITERAL) === null ? null : this.#literals[this.#literal++];
  }

  string(): Buffer {
    const value = this.stringIfAny();
    if (value === null) throw this.bad('a string');
    return value;
  }

  /** A string or NIL (null). */
  nstring(): Buffer | null {
    return this.stringIfAny() ?? (this.skip('NIL') ? null : raise(this.bad('a string or NIL')));
  }

  astring(): Buffer {
    return this.stringIfAny() ?? Buffer.from(this.#match(ASTRING_ATOM, 'a string'), 'latin1');
  }

  /** An astring that must be UTF-8. */
  astringText(): string {
    return toText(this.astring());
  }

  /** A literal, or a literal8 ("~{n}"), as APPEND takes it. */
  messageLiteral(): { bytes: Buffer; binary: boolean } {
    const binary = this.peek('~');
    if (this.#try(LITERAL) === null) throw this.bad('a literal');
    return { bytes: this.#literals[this.#literal++], binary };
  }

  /** A mailbox name as the store spells it. A name that is not well-formed becomes one that cannot exist: null. */
  mailbox(): string | null {
    return this.#toPath(this.astring());
  }

  /** A mailbox name, and how the client spelt it where the store spells it otherwise (else null). */
  mailboxAsTyped(): { path: string | null; typed: string | null } {
    const typed = this.#toName(this.astring());
    const path = typed === null ? null : normalizePath(typed);
    return { path, typed: typed === path ? null : typed };
  }

  /** A mailbox name as written, such as the reference of LIST; null when it is not well-formed. */
  mailboxText(): string | null {
    return this.#toName(this.astring());
  }

  /** A LIST pattern: as a mailbox name, with "%" and "*". */
  listMailbox(): string | null {
    const bytes = this.stringIfAny() ?? Buffer.from(this.#match(LIST_MAILBOX, 'a mailbox pattern'), 'latin1');
    return this.#toName(bytes);
  }

  /** One flag: "\Seen" or a keyword; system flags in their canonical case. */
  flag(): string {
    return canonicalFlag(this.#match(FLAG, 'a flag'));
  }

  /** "(\Seen keyword)", which may be empty. */
  flagList(): string[] {
    return this.list(() => this.flag());
  }

  /** "(a b c)", which may be empty, each element read by `element`. */
  list<T>(element: () => T): T[] {
    this.expect('(');
    const elements: T[] = [];
    if (this.skip(')')) return elements;
    do elements.push(element());
    while (this.skip(' '));
    this.expect(')');
    return elements;
  }

  /** Whether `pattern` (sticky) matches here; reads nothing. */
  looksAt(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    return pattern.test(this.#text);
  }

  /** Reads the characters that `pattern` (sticky) matches, or null when it does not match here. */
  match(pattern: RegExp): string | null {
    return this.#try(pattern);
  }

  /** What `read` makes of all that remains; of what was read before, the same again: of message after message clients ask the same. */
  recall<T>(recalled: Map<string, T>, read: (args: Lexer) => T): T {
    if (this.#literal < this.#literals.length) return read(this);
    const text = this.#text.slice(this.#at);
    let value = recalled.get(text);
    if (value !== undefined) {
      this.#at = this.#text.length;
      return value;
    }
    value = read(this);
    if (!this.atEnd || text.length > MAX_RECALLED_LENGTH) return value;
    if (recalled.size >= MAX_RECALLED) recalled.clear();
    recalled.set(text, value);
    return value;
  }

  bad(expected: string): ImapBad {
    const found = this.atEnd ? 'the end of the command' : `"${printable(this.#text.slice(this.#at, this.#at + 20))}"`;
    return new ImapBad(`Expected ${expected}, found ${found}`);
  }

  #toPath(bytes: Buffer): string | null {
    const name = this.#toName(bytes);
    return name === null ? null : normalizePath(name);
  }

  #toName(bytes: Buffer): string | null {
    if (!this.utf8) return decodeUtf7(bytes.toString('latin1'));
    return toText(bytes); // RFC 6855 §3: what is not UTF-8 is a BAD
  }

  #match(pattern: RegExp, expected: string): string {
    return this.#try(pattern) ?? raise(this.bad(expected));
  }

  #try(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null) return null;
    this.#at += match[0].length;
    return match[0];
  }
}

const SYSTEM_FLAGS = ['\\Answered', '\\Flagged', '\\Deleted', '\\Seen', '\\Draft'];

/** @throws ImapBad for a system flag that clients cannot set */
export function canonicalFlag(flag: string): string {
  if (!flag.startsWith('\\')) return flag;
  const known = SYSTEM_FLAGS.find((name) => name.toLowerCase() === flag.toLowerCase());
  if (known === undefined) throw new ImapBad(`${flag} cannot be set`);
  return known;
}

/** @throws ImapBad when the bytes are not UTF-8 */
export function toText(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new ImapBad('Not UTF-8');
  return bytes.toString('utf8');
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').replace(/["\\]/g, "'");
}

function raise(error: Error): never {
  throw error;
}
