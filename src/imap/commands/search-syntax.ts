/** The arguments of SEARCH (RFC 9051 §6.4.4; RFC 4731, 5032, 5182, 7162, 8474, 8514) as the tree of search/key.ts. */
import { isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';
import type { SearchKey } from '../search/key.js';
import { parseDate } from '../wire/date-time.js';
import { ImapBad } from '../wire/imap-bad.js';
import { type Lexer, MAX_NESTING } from '../wire/lexer.js';
import { parseReturns, type ReturnOptions } from './return-syntax.js';

export interface SearchRequest {
  /** Null: the plain SEARCH response. */
  readonly returns: ReturnOptions | null;
  /** Null: not said. Unknown: answered NO, and the text of the key means nothing. */
  readonly charset: Charset | null;
  readonly key: SearchKey;
}

export type Charset = TextDecoder | 'unknown';

const HEADER_KEYS = ['BCC', 'CC', 'FROM', 'SUBJECT', 'TO'];
const FLAG_KEYS = ['ANSWERED', 'DELETED', 'DRAFT', 'FLAGGED', 'SEEN'];
const DATE_KEY = /^(SENT|SAVED)?(BEFORE|ON|SINCE)$/;
const STARTS_SET = /[\d*]|\$/y;

export function parseSearch(args: Lexer): SearchRequest {
  args.space();
  const returns = parseReturns(args);
  const charset = args.skip('CHARSET ') ? parseCharset(args) : null;
  return { returns, charset, key: parseProgram(args, charset) };
}

/** What SORT and THREAD have after their criteria: the charset must be named. */
export function parseCharsetAndProgram(args: Lexer): { charset: Charset; key: SearchKey } {
  args.space();
  const charset = parseCharset(args);
  return { charset, key: parseProgram(args, charset) };
}

/** US-ASCII is read as the UTF-8 that it is a part of. */
function parseCharset(args: Lexer): Charset {
  const name = args.astring().toString('latin1').toUpperCase();
  args.space();
  try {
    return new TextDecoder(name === 'US-ASCII' ? 'UTF-8' : name);
  } catch {
    return 'unknown';
  }
}

/** The keys up to the end of the command. */
function parseProgram(args: Lexer, charset: Charset | null): SearchKey {
  return parseKeys({ args, decode: decoder(charset) }, () => args.atEnd, 0);
}

/** JavaMail, once it has enabled UTF8=ACCEPT, sends what it searches for in ISO 8859-1. That is never UTF-8 by chance where it matters. */
function decoder(charset: Charset | null): Program['decode'] {
  if (charset === null || charset === 'unknown') return (bytes) => bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1');
  return (bytes) => charset.decode(bytes);
}

interface Program {
  readonly args: Lexer;
  decode(bytes: Buffer): string;
}

/** One or more keys, all of which must fit. */
function parseKeys(program: Program, ended: () => boolean, depth: number): SearchKey {
  const keys = [parseKey(program, depth)];
  while (!ended()) {
    program.args.space();
    keys.push(parseKey(program, depth));
  }
  return keys.length === 1 ? keys[0] : { key: 'and', keys };
}

function parseKey(program: Program, depth: number): SearchKey {
  const { args } = program;
  if (depth > MAX_NESTING) throw new ImapBad('Search nested too deeply');
  if (args.skip('(')) {
    const key = parseKeys(program, () => args.peek(')'), depth + 1);
    args.expect(')');
    return key;
  }
  if (args.looksAt(STARTS_SET)) {
    const set = args.sequenceSet();
    return set.kind === 'saved' ? { key: 'saved' } : { key: 'sequence', set: set.ranges };
  }
  return parseNamedKey(program, args.keyword(), depth);
}

function parseNamedKey(program: Program, name: string, depth: number): SearchKey {
  const { args } = program;
  if (FLAG_KEYS.includes(name)) return flag(`\\${name[0]}${name.slice(1).toLowerCase()}`);
  if (name.startsWith('UN') && FLAG_KEYS.includes(name.slice(2))) return not(flag(`\\${name[2]}${name.slice(3).toLowerCase()}`));
  if (HEADER_KEYS.includes(name)) return { key: 'header', field: name, text: text(program) };
  const date = DATE_KEY.exec(name);
  if (date !== null) return dateKey(args, date[1] ?? '', date[2]);
  switch (name) {
    case 'ALL':
      return { key: 'all' };
    case 'NOT':
      args.space();
      return not(parseKey(program, depth + 1));
    case 'OR': {
      args.space();
      const left = parseKey(program, depth + 1);
      args.space();
      return { key: 'or', left, right: parseKey(program, depth + 1) };
    }
    case 'RECENT':
      return { key: 'recent' };
    case 'OLD':
      return not({ key: 'recent' });
    case 'NEW':
      return { key: 'and', keys: [{ key: 'recent' }, not(flag('\\Seen'))] };
    case 'KEYWORD':
      return flag(keywordName(args));
    case 'UNKEYWORD':
      return not(flag(keywordName(args)));
    case 'UID':
      return uidKey(args);
    case 'HEADER':
      args.space();
      return { key: 'header', field: args.astring().toString('latin1'), text: text(program) };
    case 'BODY':
      return { key: 'body', text: text(program) };
    case 'TEXT':
      return { key: 'text', text: text(program) };
    case 'LARGER':
      return { key: 'larger', bytes: number(args) };
    case 'SMALLER':
      return { key: 'smaller', bytes: number(args) };
    case 'YOUNGER':
      return { key: 'younger', seconds: interval(args) };
    case 'OLDER':
      return { key: 'older', seconds: interval(args) };
    case 'MODSEQ':
      return { key: 'modseq', modseq: modseq(args) };
    case 'EMAILID':
      return { key: 'emailid', id: objectId(args) };
    case 'THREADID':
      return { key: 'threadid', id: objectId(args) };
    case 'SAVEDATESUPPORTED':
      return { key: 'savedatesupported' };
    default:
      throw new ImapBad('No such search key');
  }
}

function flag(name: string): SearchKey {
  return { key: 'flag', flag: name };
}

function not(of: SearchKey): SearchKey {
  return { key: 'not', of };
}

function text({ args, decode }: Program): string {
  args.space();
  return decode(args.astring());
}

function number(args: Lexer): number {
  args.space();
  return args.number();
}

/** RFC 5032: nz-number. */
function interval(args: Lexer): number {
  args.space();
  return args.number32(1);
}

function keywordName(args: Lexer): string {
  args.space();
  return args.atom();
}

function objectId(args: Lexer): string {
  args.space();
  return args.astring().toString('latin1');
}

function uidKey(args: Lexer): SearchKey {
  args.space();
  const set = args.sequenceSet();
  return set.kind === 'saved' ? { key: 'saved' } : { key: 'uid', set: set.ranges };
}

function dateKey(args: Lexer, of: string, is: string): SearchKey {
  args.space();
  const day = parseDate(args.astring().toString('latin1'));
  if (day === null) throw new ImapBad('Not a date (1-Feb-1994)');
  return {
    key: 'date',
    of: of === 'SENT' ? 'sent' : of === 'SAVED' ? 'saved' : 'internal',
    is: is === 'BEFORE' ? 'before' : is === 'ON' ? 'on' : 'since',
    day,
  };
}

/** `MODSEQ 620162338` or `MODSEQ "/flags/\\Seen" all 620162338` (RFC 7162 §3.1.5). */
function modseq(args: Lexer): number {
  args.space();
  if (args.peek('"')) {
    args.string();
    args.space();
    if (!['PRIV', 'SHARED', 'ALL'].includes(args.keyword())) throw new ImapBad('Expected priv, shared or all');
    args.space();
  }
  return args.number();
}
