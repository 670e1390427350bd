/**
 * The parts of a message with the offsets of their bytes, RFC 2045/2046. Takes any bytes, never throws, and is bounded: junk
 * ends as a text or an octet stream, never as an error.
 */
import { type Envelope, parseEnvelope } from './envelope.js';
import { firstValue, type HeaderField, headerEnd, parseHeader } from './header.js';
import { type Parameter, parameter, parseWordWithParameters } from './parameters.js';
import { FieldReader } from './structured-field.js';

export interface Disposition {
  readonly kind: string;
  readonly parameters: readonly Parameter[];
}

/** Offsets count from the first byte of the whole message; text is latin1, a character for each byte, as the sender wrote it. */
export interface Part {
  readonly headerStart: number;
  /** After the empty line: where the body starts, too. */
  readonly headerEnd: number;
  readonly bodyEnd: number;
  /** Line feeds in the body; only counted where BODYSTRUCTURE tells them: of texts and messages. */
  readonly lines: number;
  readonly type: string;
  readonly subtype: string;
  readonly parameters: readonly Parameter[];
  /** Content-Transfer-Encoding. */
  readonly encoding: string;
  readonly id: string | null;
  readonly description: string | null;
  readonly md5: string | null;
  readonly disposition: Disposition | null;
  readonly languages: readonly string[];
  readonly location: string | null;
  /** The parts of a multipart; for message/rfc822 and message/global exactly one: the message inside. */
  readonly children: readonly Part[];
  /** Of the whole message, and of a message inside. */
  readonly envelope: Envelope | null;
}

/** Deeper than any mail a person sent; bounds the recursion, and how often the text is searched: once for each open boundary. */
export const MAX_DEPTH = 50;
/**
 * The largest digests have some hundreds. Bounds the tree of a message that consists of nothing but boundaries, which is made when it
 * comes in, read and said each time (10,000: 0.2 s and 0.1 s); what follows belongs to no part.
 */
export const MAX_PARTS = 1_000;

export function parsePartTree(raw: Buffer): Part {
  return new Parser(raw).part(0, 0, 'text/plain', true).part;
}

export function isMultipart(part: Pick<Part, 'type'>): boolean {
  return part.type.toLowerCase() === 'multipart';
}

export function isText(part: Pick<Part, 'type'>): boolean {
  return part.type.toLowerCase() === 'text';
}

/** A part that is a message of its own. */
export function isMessage(part: Pick<Part, 'type' | 'subtype'>): boolean {
  return part.type.toLowerCase() === 'message' && /^(rfc822|global)$/i.test(part.subtype);
}

/** What the numbers of the parts inside a part count: those of a multipart, or of the message that it is. */
export function insideOf(part: Part): Part | null {
  return isMultipart(part) ? part : messageOf(part);
}

/** The message that lies in a part, or null. */
export function messageOf(part: Part): Part | null {
  return isMessage(part) ? (part.children[0] ?? null) : null;
}

/** A multipart that is not closed yet. */
interface OpenBoundary {
  /** The line break before it and "--" included. */
  readonly pattern: Buffer;
  /** Where the next one was found; each is looked for from there on, so that all searches together read the text once. */
  next: number;
}

interface Delimiter {
  /** The first byte of its line. */
  readonly line: number;
  /** After its line. */
  readonly end: number;
  /** Which of the open boundaries it is. */
  readonly level: number;
  /** "--boundary--". */
  readonly closes: boolean;
}

interface ParsedPart {
  readonly part: Part;
  /** What ended it; null: the end of the message. */
  readonly delimiter: Delimiter | null;
}

const LF = 0x0a;
const CR = 0x0d;
const DASH = 0x2d;

class Parser {
  readonly #open: OpenBoundary[] = [];
  #parts = 0;

  constructor(private readonly raw: Buffer) {}

  /** @param defaultType of a part without Content-Type, RFC 2046 §5.1.5 */
  part(start: number, depth: number, defaultType: string, isMessageStart: boolean): ParsedPart {
    this.#parts++;
    const next = this.#nextDelimiter(start);
    // A header without an empty line is ended by the next delimiter.
    const bodyStart = headerEnd(this.raw, start, next?.line ?? this.raw.length);
    const fields = parseHeader(this.raw, start, bodyStart);
    const content = contentFields(fields, defaultType);
    let children: Part[] = [];
    let delimiter = next;
    if (depth < MAX_DEPTH && this.#parts < MAX_PARTS) {
      if (isMultipart(content)) ({ children, delimiter } = this.#multipart(content, bodyStart, depth));
      else if (isMessage(content)) {
        const inner = this.part(bodyStart, depth + 1, 'text/plain', true);
        children = [inner.part];
        delimiter = inner.delimiter;
      }
    }
    // A header that is cut off keeps its last line break; it must not reach beyond the part around it.
    const bodyEnd = Math.max(this.#textEnd(bodyStart, delimiter), children.at(-1)?.bodyEnd ?? 0);
    const part: Part = {
      headerStart: start,
      headerEnd: bodyStart,
      bodyEnd,
      lines: isText(content) || isMessage(content) ? countLines(this.raw, bodyStart, bodyEnd) : 0,
      ...content,
      children,
      envelope: isMessageStart ? parseEnvelope(fields) : null,
    };
    return { part, delimiter };
  }

  #multipart(content: ContentFields, bodyStart: number, depth: number): { children: Part[]; delimiter: Delimiter | null } {
    const boundary = parameter(content.parameters, 'boundary') ?? '';
    const children: Part[] = [];
    if (boundary === '') return { children, delimiter: this.#nextDelimiter(bodyStart) };
    const level = this.#open.push({ pattern: Buffer.from(`\n--${boundary}`, 'latin1'), next: -1 }) - 1;
    const defaultType = content.subtype.toLowerCase() === 'digest' ? 'message/rfc822' : 'text/plain';
    let delimiter = this.#nextDelimiter(bodyStart);
    while (delimiter?.level === level && !delimiter.closes && this.#opensPart(delimiter)) {
      const child = this.part(delimiter.end, depth + 1, defaultType, false);
      children.push(child.part);
      delimiter = child.delimiter;
    }
    this.#open.pop();
    // What follows the last delimiter is an epilogue, up to the next delimiter of a multipart around this one.
    if (delimiter?.level === level) delimiter = this.#nextDelimiter(delimiter.end);
    return { children, delimiter };
  }

  /** A delimiter that ends the message without a line break opens nothing. */
  #opensPart(delimiter: Delimiter): boolean {
    return this.#parts < MAX_PARTS && (delimiter.end < this.raw.length || this.raw[delimiter.end - 1] === LF);
  }

  /**
   * The next delimiter of any open boundary at or after `from`, the beginning of a line. At the same place the longest boundary
   * wins ("--ab" is not "a" while "ab" is open too), among equals the innermost. What follows the boundary in its line is not
   * looked at: RFC 2046 §5.1.1.
   */
  #nextDelimiter(from: number): Delimiter | null {
    let level = -1;
    for (let i = this.#open.length - 1; i >= 0; i--) {
      const open = this.#open[i];
      // The line break before `from` belongs to the pattern.
      if (open.next < from - 1) {
        const found = this.raw.indexOf(open.pattern, from - 1);
        open.next = found < 0 ? Number.POSITIVE_INFINITY : found;
      }
      if (open.next === Number.POSITIVE_INFINITY) continue;
      const best = this.#open[level];
      if (level < 0 || open.next < best.next || (open.next === best.next && open.pattern.length > best.pattern.length)) level = i;
    }
    if (level < 0) return null;
    const { next, pattern } = this.#open[level];
    const after = next + pattern.length;
    const newline = this.raw.indexOf(LF, after);
    return {
      line: next + 1,
      end: newline < 0 ? this.raw.length : newline + 1,
      level,
      closes: this.raw[after] === DASH && this.raw[after + 1] === DASH,
    };
  }

  /** The line break before a delimiter belongs to the delimiter. */
  #textEnd(start: number, delimiter: Delimiter | null): number {
    if (delimiter === null) return this.raw.length;
    let end = delimiter.line - 1;
    if (end > start && this.raw[end - 1] === CR) end--;
    return Math.max(start, end);
  }
}

type ContentFields = Pick<
  Part,
  'type' | 'subtype' | 'parameters' | 'encoding' | 'id' | 'description' | 'md5' | 'disposition' | 'languages' | 'location'
>;

function contentFields(fields: readonly HeaderField[], defaultType: string): ContentFields {
  const { type, subtype, parameters } = contentType(firstValue(fields, 'content-type'), defaultType);
  const disposition = firstValue(fields, 'content-disposition');
  return {
    type,
    subtype,
    parameters,
    encoding: firstWord(firstValue(fields, 'content-transfer-encoding')) || '7bit',
    id: firstValue(fields, 'content-id'),
    description: firstValue(fields, 'content-description'),
    md5: firstValue(fields, 'content-md5'),
    disposition: disposition === null ? null : toDisposition(disposition),
    languages: languages(firstValue(fields, 'content-language')),
    location: firstValue(fields, 'content-location'),
  };
}

/** RFC 2045 §5.2: what is missing or cannot be read is plain text. */
function contentType(value: string | null, defaultType: string): Pick<Part, 'type' | 'subtype' | 'parameters'> {
  const { word, parameters } = parseWordWithParameters(value ?? defaultType);
  const [type, subtype = ''] = word.split('/');
  if (type !== '' && subtype !== '') return { type, subtype, parameters };
  // "text" alone is what some programs write for text/plain; of other types nothing can be said.
  const isTextual = type === '' || /^text$/i.test(type);
  return isTextual ? { type: 'text', subtype: 'plain', parameters } : { type: 'application', subtype: 'octet-stream', parameters };
}

function toDisposition(value: string): Disposition | null {
  const { word, parameters } = parseWordWithParameters(value);
  return word === '' && parameters.length === 0 ? null : { kind: word || 'attachment', parameters };
}

function firstWord(value: string | null): string {
  const reader = new FieldReader(value ?? '');
  reader.skipSpace();
  return reader.peek() === '"' ? reader.quotedString() : reader.match(/[^\s;()"]+/y);
}

function languages(value: string | null): string[] {
  return (value ?? '')
    .split(',')
    .slice(0, 100) // more tags than there are reasons to list; bounds the answer
    .map((tag) => firstWord(tag))
    .filter((tag) => tag !== '');
}

function countLines(raw: Buffer, start: number, end: number): number {
  let lines = 0;
  for (let newline = raw.indexOf(LF, start); newline >= 0 && newline < end; newline = raw.indexOf(LF, newline + 1)) lines++;
  return lines;
}
