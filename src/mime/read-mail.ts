/** Pure: reads a mail that somebody wrote in a mail program: what it says, and nothing of how it was made. */
import { type Address, MISSING_DOMAIN, MISSING_MAILBOX, parseAddressList } from './address-list.js';
import { decodeExtendedValue, decodeWords } from './decode-words.js';
import { messageIds } from './describe.js';
import { unflow } from './flowed.js';
import { firstValue, headerEnd, parseHeader } from './header.js';
import { htmlToText } from './html-to-text.js';
import { partText } from './message-text.js';
import { parameter } from './parameters.js';
import { isMessage, isMultipart, isText, type Part, parsePartTree } from './part-tree.js';
import { decodeTransfer } from './transfer-encoding.js';

export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

export interface MailFile {
  readonly name: string;
  /** MIME type, lower case, without parameters. */
  readonly type: string;
  readonly disposition: 'inline' | 'attachment';
  readonly content: Uint8Array;
  /** By which HTML names it, without angle brackets. */
  readonly contentId?: string;
}

export interface ReadMail {
  readonly from: readonly Mailbox[];
  readonly subject: string;
  /** The text, lines ended by LF; made from the HTML when there is no other. */
  readonly text: string;
  /** The whole text as HTML, as the program wrote it; null where there is none, or one of a piece only. */
  readonly html: string | null;
  readonly files: readonly MailFile[];
  /** With angle brackets, or null. */
  readonly messageId: string | null;
  /** What the mail answers, the nearest first. */
  readonly answers: readonly string[];
  readonly hasDate: boolean;
  /** Any other field of the header, unfolded, or null. */
  readonly field: (name: string) => string | null;
}

/** Longer HTML is cut before it is read: reading is linear, but a megabyte of tags says nothing that a Bitmessage can hold. */
export const MAX_HTML_CHARACTERS = 1_000_000;

/** Addresses keep their case. Damaged MIME is read as far as it goes. */
export function readMail(raw: Buffer): ReadMail {
  const tree = parsePartTree(raw);
  const fields = parseHeader(raw, tree.headerStart, tree.headerEnd);
  const field = (name: string): string | null => firstValue(fields, name.toLowerCase());
  const content = new ContentReader(raw);
  content.read(tree, { isText: true, isRelated: false });
  const nearestFirst = [...messageIds(field('in-reply-to') ?? ''), ...messageIds(field('references') ?? '').reverse()];
  return {
    from: readMailboxes(field('from') ?? ''),
    subject: decodeWords(field('subject') ?? ''),
    text: content.texts.join('\n'),
    html: content.page(),
    files: content.files,
    messageId: messageIds(field('message-id') ?? '').at(0) ?? null,
    answers: [...new Set(nearestFirst)],
    hasDate: field('date') !== null,
    field,
  };
}

/** One field of a mail's header, unfolded, without parsing the rest; null when there is none. */
export function readHeaderField(raw: Buffer, name: string): string | null {
  return firstValue(parseHeader(raw, 0, headerEnd(raw, 0, raw.length)), name.toLowerCase());
}

/** The addresses of a From, To or Cc field, those of groups too. */
export function readMailboxes(field: string): Mailbox[] {
  return parseAddressList(field).flatMap(readMailbox);
}

function readMailbox({ name, mailbox, host }: Address): Mailbox[] {
  if (mailbox === null || mailbox === MISSING_MAILBOX) return [];
  // The first of a group names the group, and has no host.
  if (host === null) return [];
  return [{ name: decodeWords(name ?? ''), address: decodeWords(host === MISSING_DOMAIN ? mailbox : `${mailbox}@${host}`) }];
}

/** What is around a part. */
interface Place {
  /** False: of this alternative another form is read; only files count. */
  readonly isText: boolean;
  /** Belongs to the text beside it, as the images of an HTML mail do. */
  readonly isRelated: boolean;
}

class ContentReader {
  readonly texts: string[] = [];
  /** Of each HTML body, whether its text was chosen or not. */
  readonly pages: string[] = [];
  readonly files: MailFile[] = [];

  constructor(private readonly raw: Buffer) {}

  /** Apple Mail cuts its HTML in pieces around each picture. Null when a text of the mail has no HTML beside it, as the footer of a mailing list has none. */
  page(): string | null {
    const { length } = this.pages;
    return length > 0 && (this.texts.length === 1 || this.texts.length === length) ? this.pages.join('\n') : null;
  }

  read(part: Part, place: Place): void {
    if (isMultipart(part)) this.#readMultipart(part, place);
    else if (!isBody(part)) this.files.push(this.#file(part, place));
    else {
      if (isHtml(part)) this.pages.push(partText(this.raw, part));
      if (place.isText) this.texts.push(this.#text(part));
    }
  }

  #readMultipart(part: Part, place: Place): void {
    const kind = part.subtype.toLowerCase();
    const chosen = kind === 'alternative' ? this.#choose(part.children) : null;
    // RFC 1847: the second part signs the first as it was written. Nobody gets that to see, so nobody could verify it; but it names its maker.
    const children = kind === 'signed' ? part.children.slice(0, 1) : part.children;
    children.forEach((child, index) => {
      this.read(child, {
        isText: place.isText && (chosen === null || chosen === child),
        isRelated: place.isRelated || (kind === 'related' && index > 0),
      });
    });
  }

  /** The plain text, unless it is empty and the HTML is not; RFC 2046 §5.1.4 puts the richest form last. */
  #choose(alternatives: readonly Part[]): Part | null {
    const says = (part: Part): boolean => bodies(part).some((body) => this.#text(body).trim() !== '');
    const isPlain = (part: Part): boolean => bodies(part).every((body) => body.subtype.toLowerCase() === 'plain');
    return alternatives.find((part) => isPlain(part) && says(part)) ?? alternatives.findLast(says) ?? alternatives.at(0) ?? null;
  }

  #text(part: Part): string {
    const text = partText(this.raw, part).replace(/\r\n?/g, '\n');
    if (isHtml(part)) return htmlToText(text.slice(0, MAX_HTML_CHARACTERS));
    if (parameter(part.parameters, 'format')?.toLowerCase() !== 'flowed') return text;
    return unflow(text, parameter(part.parameters, 'delsp')?.toLowerCase() === 'yes');
  }

  #file(part: Part, { isRelated }: Place): MailFile {
    const type = safeType(part);
    const body = this.raw.subarray(part.headerEnd, part.bodyEnd);
    const isInline = isRelated || part.disposition?.kind.toLowerCase() === 'inline';
    return {
      name: fileName(part) ?? `${isMessage(part) ? 'message' : 'part'}-${this.files.length + 1}${EXTENSIONS[type] ?? ''}`,
      type,
      disposition: isInline ? 'inline' : 'attachment',
      content: decodeTransfer(body, part.encoding) ?? body,
      ...(part.id === null ? {} : { contentId: part.id.replace(/^\s*<|>\s*$/g, '') }),
    };
  }
}

function isHtml(part: Part): boolean {
  return isText(part) && part.subtype.toLowerCase() === 'html';
}

/** Text that is to be read in the mail itself. A file name makes a file of it: Apple Mail sends text files as "inline". */
function isBody(part: Part): boolean {
  if (!isText(part) || !/^(plain|html)$/i.test(part.subtype)) return false;
  return part.disposition?.kind.toLowerCase() !== 'attachment' && fileName(part) === null;
}

function bodies(part: Part): Part[] {
  if (isMultipart(part)) return part.children.flatMap(bodies);
  return isBody(part) ? [part] : [];
}

function fileName(part: Part): string | null {
  const places = [[part.disposition?.parameters ?? [], 'filename'] as const, [part.parameters, 'name'] as const];
  for (const [parameters, name] of places) {
    const extended = parameter(parameters, `${name}*`);
    if (extended !== null) return decodeExtendedValue(extended);
    const plain = parameter(parameters, name);
    if (plain !== null) return decodeWords(plain);
  }
  return null;
}

function safeType(part: Part): string {
  const type = `${part.type}/${part.subtype}`.toLowerCase();
  return /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/.test(type) ? type : 'application/octet-stream';
}

/** Parts that programs send without a name. */
const EXTENSIONS: Record<string, string> = {
  'message/rfc822': '.eml',
  'text/plain': '.txt',
  'text/html': '.html',
  'text/calendar': '.ics',
  'image/png': '.png',
  'image/jpeg': '.jpg',
  'image/gif': '.gif',
};
