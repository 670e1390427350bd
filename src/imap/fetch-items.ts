/** The data items of FETCH: what a client can ask of a message, RFC 9051 §6.4.5 with the extensions, and the answers. */
import { readStructure } from '../mime/describe.js';
import { formatBodyStructure } from '../mime/format-body-structure.js';
import { formatEnvelope } from '../mime/format-envelope.js';
import { findDecodedLength } from '../mime/part-index.js';
import type { Part } from '../mime/part-tree.js';
import { formatPreview, previewOf } from '../mime/preview.js';
import { decodeTransfer, isIdentityEncoding } from '../mime/transfer-encoding.js';
import type { Entry } from '../store/mail/types.js';
import { cutRange, findPart, indexedRange, sectionRange } from './fetch-section.js';
import { ImapNo } from './folder-rules.js';
import { asksListedFields, headerFields } from './header-fields.js';
import type { Content } from './read-ahead.js';
import { formatDateTime } from './wire/date-time.js';
import { astring } from './wire/encoder.js';

/** Which bytes of a message BODY[…] names. */
export interface Section {
  /** Part numbers, outermost first; empty: the whole message. */
  readonly part: readonly number[];
  /** '' is the part itself; HEADER, HEADER.FIELDS and TEXT are those of a message, MIME is the header of a part. */
  readonly text: '' | 'HEADER' | 'HEADER.FIELDS' | 'HEADER.FIELDS.NOT' | 'TEXT' | 'MIME';
  /** The names of HEADER.FIELDS and HEADER.FIELDS.NOT as the client wrote them; else empty. */
  readonly fields: readonly string[];
}

/** "<offset.length>", octets. */
export interface Partial {
  readonly offset: number;
  readonly length: number;
}

export type FetchItem =
  | {
      readonly item:
        | 'UID'
        | 'FLAGS'
        | 'INTERNALDATE'
        | 'RFC822.SIZE'
        | 'ENVELOPE'
        | 'BODY'
        | 'BODYSTRUCTURE'
        | 'RFC822'
        | 'RFC822.HEADER'
        | 'RFC822.TEXT'
        | 'MODSEQ' // RFC 7162
        | 'EMAILID' // RFC 8474
        | 'THREADID' // RFC 8474
        | 'SAVEDATE'; // RFC 8514
    }
  | { readonly item: 'BODY[]'; readonly peek: boolean; readonly section: Section; readonly partial: Partial | null }
  | { readonly item: 'BINARY[]'; readonly peek: boolean; readonly part: readonly number[]; readonly partial: Partial | null }
  | { readonly item: 'BINARY.SIZE[]'; readonly part: readonly number[] }
  /** RFC 8970; lazy: only if it costs nothing. */
  | { readonly item: 'PREVIEW'; readonly lazy: boolean };

/** Whether fetching this sets \Seen. */
export function marksSeen(item: FetchItem): boolean {
  switch (item.item) {
    case 'BODY[]':
    case 'BINARY[]':
      return !item.peek;
    case 'RFC822':
    case 'RFC822.TEXT':
      return true;
    default:
      return false;
  }
}

/** A message whose items are fetched: what it is made of is read from the store when the first item needs it. */
export class FetchedMessage {
  #raw: Buffer | null = null;
  #header: Buffer | null = null;
  #tree: Part | null = null;

  constructor(
    readonly entry: Entry,
    readonly isRecent: boolean,
    private readonly content: Content,
    /** Whether the client reads UTF-8. */
    readonly utf8 = false,
  ) {}

  get raw(): Buffer {
    return (this.#raw ??= joined(this.pieces));
  }

  /** The whole message, as it lies in the store. */
  get pieces(): readonly Buffer[] {
    return this.#raw === null ? this.content.pieces(this.entry.messageId) : [this.#raw];
  }

  /** The header of the message; does not read its text. */
  get header(): Buffer {
    return (this.#header ??= this.content.header(this.entry.messageId));
  }

  /** The header, or as much of it as these fields need. */
  headerFor(section: Section): Buffer {
    return asksListedFields(section) ? (this.#header ?? this.content.listedFields(this.entry.messageId)) : this.header;
  }

  get tree(): Part {
    return (this.#tree ??= readStructure(this.content.structure(this.entry.messageId)));
  }

  get envelope(): Buffer {
    return this.content.envelope(this.entry.messageId) ?? Buffer.from(formatEnvelope(this.tree.envelope!), 'latin1');
  }

  /** Extended. */
  get bodyStructure(): Piece {
    return this.content.bodyStructure(this.entry.messageId) ?? asPieces(formatBodyStructure(this.tree, true, this.utf8))[0];
  }

  /** Null: it is to be made of the text. */
  get preview(): Buffer | null {
    return this.content.preview(this.entry.messageId);
  }

  /** Of the part with this number, its encoding undone; null: it is to be counted. @throws ImapNo */
  keptBinarySize(numbers: readonly number[]): number | null {
    const index = this.content.partIndex(this.entry.messageId);
    if (index === null) return null;
    return findDecodedLength(index, numbers) ?? refuseEncoding();
  }

  /** What a section names, read without the rest of the message; null when there is no such part, undefined: the tree must tell. */
  indexedSection(section: Section, partial: Partial | null): Buffer | null | undefined {
    const { messageId } = this.entry;
    const index = this.content.partIndex(messageId);
    if (index === null) return undefined;
    const range = indexedRange(index, section);
    return range === null ? null : (this.content.range({ messageId, ...cutRange(range, partial) }) ?? undefined);
  }

  get objectIds(): { emailId: string; threadId: string } {
    return this.content.objectIds(this.entry.messageId);
  }
}

const WHOLE_TEXT: Section = { part: [], text: 'TEXT', fields: [] };

/** What goes over the wire one after the other; a string is ASCII. Long texts are not copied into one. */
export type Piece = string | Buffer;

/** Name and value of an item as FETCH answers them. @throws ImapNo for a part whose encoding cannot be undone */
export function formatItem(item: FetchItem, message: FetchedMessage): Piece[] {
  const { entry } = message;
  switch (item.item) {
    case 'UID':
      return [`UID ${entry.uid}`];
    case 'FLAGS':
      return [`FLAGS (${[...entry.flags, ...(message.isRecent ? ['\\Recent'] : [])].join(' ')})`];
    case 'INTERNALDATE':
      return [`INTERNALDATE "${formatDateTime(entry.internalDate)}"`];
    case 'SAVEDATE':
      return [`SAVEDATE "${formatDateTime(entry.savedAt)}"`];
    case 'RFC822.SIZE':
      return [`RFC822.SIZE ${entry.size}`];
    case 'MODSEQ':
      return [`MODSEQ (${entry.modseq})`];
    case 'EMAILID':
      return asPieces(`EMAILID (${message.objectIds.emailId})`);
    case 'THREADID':
      return asPieces(`THREADID (${message.objectIds.threadId})`);
    case 'ENVELOPE':
      return ['ENVELOPE ', message.envelope];
    case 'BODY':
      return asPieces(`BODY ${formatBodyStructure(message.tree, false, message.utf8)}`);
    case 'BODYSTRUCTURE':
      return ['BODYSTRUCTURE ', message.bodyStructure];
    case 'RFC822':
      return withLiterals(item, message.pieces);
    case 'RFC822.HEADER':
      return withLiteral(item, message.header);
    case 'RFC822.TEXT':
      return withLiteral(item, sectionBytes(WHOLE_TEXT, message)!);
    case 'PREVIEW':
      return ['PREVIEW ', message.preview ?? formatPreview(previewOf(message.raw, message.tree))];
    case 'BODY[]': {
      if (isWhole(item.section) && item.partial === null) return withLiterals(item, message.pieces);
      const bytes = sectionBytes(item.section, message, item.partial);
      return bytes === null ? asPieces(`${nameOf(item)} NIL`) : withLiteral(item, bytes);
    }
    case 'BINARY[]': {
      const bytes = binary(item.part, message);
      return bytes === null ? asPieces(`${nameOf(item)} NIL`) : withLiteral(item, cut(bytes, item.partial), true);
    }
    case 'BINARY.SIZE[]':
      return [namePiece(item), ` ${binarySize(item.part, message)}`];
  }
}

/** What stands before the value of an item. */
export function nameOf(item: FetchItem): string {
  switch (item.item) {
    case 'BODY[]':
      return `BODY[${formatSection(item.section)}]${origin(item.partial)}`;
    case 'BINARY[]':
      return `BINARY[${item.part.join('.')}]${origin(item.partial)}`;
    case 'BINARY.SIZE[]':
      return `BINARY.SIZE[${item.part.join('.')}]`;
    default:
      return item.item;
  }
}

/** What BODY[section]<partial> names; null when there is no such part. */
export function sectionBytes(section: Section, message: FetchedMessage, partial: Partial | null = null): Buffer | null {
  const isFields = section.text === 'HEADER.FIELDS' || section.text === 'HEADER.FIELDS.NOT';
  if (!isFields) return storedBytes(section, message, partial);
  const header = section.part.length === 0 ? message.headerFor(section) : storedBytes(section, message, null);
  return header && cut(headerFields(header, section), partial);
}

/** Likewise, of what stands there in one piece: of HEADER.FIELDS the header. */
function storedBytes(section: Section, message: FetchedMessage, partial: Partial | null): Buffer | null {
  if (isWhole(section)) return cut(message.raw, partial);
  if (section.part.length === 0 && section.text === 'HEADER') return cut(message.header, partial);
  const indexed = message.indexedSection(section, partial);
  if (indexed !== undefined) return indexed;
  const range = sectionRange(message.tree, section);
  return range && cut(message.raw.subarray(range.start, range.end), partial);
}

function isWhole({ part, text }: Section): boolean {
  return part.length === 0 && text === '';
}

/** RFC 3516: the part with its transfer encoding undone; the whole message as it is. */
function binary(numbers: readonly number[], message: FetchedMessage): Buffer | null {
  if (numbers.length === 0) return message.raw;
  const part = findPart(message.tree, numbers);
  if (part === null) return null;
  return decodeTransfer(message.raw.subarray(part.headerEnd, part.bodyEnd), part.encoding) ?? refuseEncoding();
}

/** @throws ImapNo */
export function refuseEncoding(): never {
  throw new ImapNo('UNKNOWN-CTE', 'The transfer encoding of that part is not known');
}

/** As it is kept; or else, where no encoding has to be undone, as the structure says it. */
function binarySize(numbers: readonly number[], message: FetchedMessage): number {
  if (numbers.length === 0) return message.entry.size;
  const kept = message.keptBinarySize(numbers);
  if (kept !== null) return kept;
  const part = findPart(message.tree, numbers);
  if (part !== null && isIdentityEncoding(part.encoding)) return part.bodyEnd - part.headerEnd;
  return binary(numbers, message)?.length ?? 0;
}

function cut(bytes: Buffer, partial: Partial | null): Buffer {
  return partial === null ? bytes : bytes.subarray(partial.offset, partial.offset + partial.length);
}

/** Asked for of many messages, made once. */
const namePieces = new WeakMap<FetchItem, Piece>();

function namePiece(item: FetchItem): Piece {
  let piece = namePieces.get(item);
  if (piece === undefined) namePieces.set(item, (piece = asPieces(nameOf(item))[0]));
  return piece;
}

function origin(partial: Partial | null): string {
  return partial === null ? '' : `<${partial.offset}>`;
}

function formatSection({ part, text, fields }: Section): string {
  const names = fields.length === 0 ? '' : ` (${fields.map((field) => astring(field).toString('latin1')).join(' ')})`;
  return [...part, ...(text === '' ? [] : [text])].join('.') + names;
}

function withLiterals(item: FetchItem, pieces: readonly Buffer[]): Piece[] {
  return [
    ...asLiteral(
      item,
      '',
      pieces.reduce((sum, { length }) => sum + length, 0),
    ),
    ...pieces,
  ];
}

/** @param mayHoldNul BINARY, whose literals may (RFC 3516 §4.2) */
function withLiteral(item: FetchItem, bytes: Buffer, mayHoldNul = false): Piece[] {
  return [...asLiteral(item, mayHoldNul && bytes.includes(0) ? '~' : '', bytes.length), bytes];
}

/** What stands before the bytes of a literal. */
function asLiteral(item: FetchItem, mark: '' | '~', length: number): Piece[] {
  const opening = ` ${mark}{${length}}\r\n`;
  const name = namePiece(item);
  return typeof name === 'string' ? [name + opening] : [name, opening];
}

function joined(pieces: readonly Buffer[]): Buffer {
  return pieces.length === 1 ? pieces[0] : Buffer.concat(pieces);
}

/** Characters are bytes: what senders wrote need not be ASCII. */
export function asPieces(latin1: string): Piece[] {
  return [ASCII.test(latin1) ? latin1 : Buffer.from(latin1, 'latin1')];
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
const ASCII = /^[\x00-\x7f]*$/;
