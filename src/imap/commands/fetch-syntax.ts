/** The arguments of FETCH (RFC 9051 §6.4.5; RFC 3516, 7162, 8474, 8514, 8970, 9394). */
import type { FetchItem, Partial, Section } from '../fetch-items.js';
import { ImapBad } from '../wire/imap-bad.js';
import type { Lexer } from '../wire/lexer.js';
import type { SequenceSet } from '../wire/sequence-set.js';
import { type PartialRange, parsePartialRange } from './partial-range.js';

export interface FetchRequest {
  readonly set: SequenceSet;
  readonly items: readonly FetchItem[];
  /** RFC 7162: only what changed after this mod-sequence; null: everything. */
  readonly changedSince: number | null;
  /** RFC 7162 §3.2.6: name the expunged UIDs too. */
  readonly vanished: boolean;
  /** RFC 9394 §3.3: of the messages named, only these; null: all. */
  readonly partial: PartialRange | null;
}

const ITEM_NAME = /[A-Za-z0-9.]+/y;
const PART = /[1-9]\d{0,9}(?:\.[1-9]\d{0,9})*/y;
const PARTIAL = /<\d{1,10}\.[1-9]\d{0,9}>/y;
const SECTION_TEXT = /HEADER\.FIELDS\.NOT|HEADER\.FIELDS|HEADER|TEXT|MIME/iy;

const ALL = ['FLAGS', 'INTERNALDATE', 'RFC822.SIZE', 'ENVELOPE'] as const;
const FAST = ['FLAGS', 'INTERNALDATE', 'RFC822.SIZE'] as const;
const FULL = ['FLAGS', 'INTERNALDATE', 'RFC822.SIZE', 'ENVELOPE', 'BODY'] as const;

const SIMPLE = [
  'UID',
  'FLAGS',
  'INTERNALDATE',
  'RFC822.SIZE',
  'ENVELOPE',
  'BODYSTRUCTURE',
  'RFC822',
  'RFC822.HEADER',
  'RFC822.TEXT',
  'MODSEQ',
  'EMAILID',
  'THREADID',
  'SAVEDATE',
] as const;

/** What was asked lately. */
const questions = new Map<string, Omit<FetchRequest, 'set'>>();

export function parseFetch(args: Lexer): FetchRequest {
  args.space();
  const set = args.sequenceSet();
  args.space();
  return { set, ...args.recall(questions, parseQuestion) };
}

function parseQuestion(args: Lexer): Omit<FetchRequest, 'set'> {
  const items = parseItems(args);
  return { items, ...(args.skip(' ') ? parseModifiers(args) : NO_MODIFIERS) };
}

type Modifiers = Pick<FetchRequest, 'changedSince' | 'vanished' | 'partial'>;

const NO_MODIFIERS: Modifiers = { changedSince: null, vanished: false, partial: null };

/** "(CHANGEDSINCE 12345 VANISHED)", "(PARTIAL -1:-50)". */
function parseModifiers(args: Lexer): Modifiers {
  let { changedSince, vanished, partial } = NO_MODIFIERS;
  args.list(() => {
    const name = args.keyword();
    if (name === 'VANISHED') {
      vanished = true;
    } else if (name === 'CHANGEDSINCE') {
      args.space();
      changedSince = args.number();
    } else if (name === 'PARTIAL') {
      args.space();
      partial = parsePartialRange(args);
    } else {
      throw new ImapBad('No such FETCH modifier');
    }
  });
  return { changedSince, vanished, partial };
}

/** "(UID FLAGS)". */
export function parseItemList(args: Lexer): FetchItem[] {
  const items = args.list(() => parseItem(args, itemName(args)));
  if (items.length === 0) throw new ImapBad('Name at least one data item');
  return items;
}

function parseItems(args: Lexer): FetchItem[] {
  if (args.peek('(')) return parseItemList(args);
  const name = itemName(args);
  const macro = name === 'ALL' ? ALL : name === 'FAST' ? FAST : name === 'FULL' ? FULL : null;
  return macro === null ? [parseItem(args, name)] : macro.map((item) => ({ item }));
}

function itemName(args: Lexer): string {
  const name = args.match(ITEM_NAME);
  if (name === null) throw args.bad('a data item');
  return name.toUpperCase();
}

function parseItem(args: Lexer, name: string): FetchItem {
  switch (name) {
    case 'BODY':
      return args.peek('[') ? parseBody(args, false) : { item: 'BODY' };
    case 'BODY.PEEK':
      return parseBody(args, true);
    case 'BINARY':
    case 'BINARY.PEEK':
      return { item: 'BINARY[]', peek: name === 'BINARY.PEEK', part: parseBinaryPart(args), partial: parsePartial(args) };
    case 'BINARY.SIZE':
      return { item: 'BINARY.SIZE[]', part: parseBinaryPart(args) };
    case 'PREVIEW':
      return { item: 'PREVIEW', lazy: args.skip(' (LAZY)') };
  }
  const simple = SIMPLE.find((known) => known === name);
  if (simple === undefined) throw new ImapBad('No such data item');
  return { item: simple };
}

function parseBody(args: Lexer, peek: boolean): FetchItem {
  args.expect('[');
  const section = parseSection(args);
  args.expect(']');
  return { item: 'BODY[]', peek, section, partial: parsePartial(args) };
}

/** What stands between the brackets of BODY[…]. */
export function parseSection(args: Lexer): Section {
  const part = parsePart(args);
  if (part.length > 0 && !args.skip('.')) return { part, text: '', fields: [] };
  const matched = args.match(SECTION_TEXT)?.toUpperCase();
  if (matched === undefined) {
    if (part.length === 0) return { part, text: '', fields: [] };
    throw args.bad('HEADER, TEXT or MIME');
  }
  const text = matched as Exclude<Section['text'], ''>;
  if (text === 'MIME' && part.length === 0) throw new ImapBad('MIME needs a part number');
  return { part, text, fields: text.startsWith('HEADER.FIELDS') ? parseFields(args) : [] };
}

function parseFields(args: Lexer): string[] {
  args.space();
  const fields = args.list(() => args.astring().toString('latin1'));
  if (fields.length === 0) throw new ImapBad('Name at least one header field');
  return fields;
}

function parseBinaryPart(args: Lexer): number[] {
  args.expect('[');
  const part = parsePart(args);
  args.expect(']');
  return part;
}

function parsePart(args: Lexer): number[] {
  return (args.match(PART) ?? '')
    .split('.')
    .filter((number) => number !== '')
    .map(Number);
}

function parsePartial(args: Lexer): Partial | null {
  const text = args.match(PARTIAL);
  if (text === null) {
    if (args.peek('<')) throw args.bad('<offset.length>');
    return null;
  }
  const [offset, length] = text.slice(1, -1).split('.').map(Number);
  return { offset, length };
}
