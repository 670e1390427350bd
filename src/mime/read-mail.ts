/** Reads a mail that somebody wrote in a mail program: what it says, and nothing of how it was made. Wraps `mailparser`. */

import { type AddressObject, type Attachment, type EmailAddress, type ParsedMail, simpleParser } from 'mailparser';
import addressparser from 'nodemailer/lib/addressparser';
import { unflow } from './flowed.js';
import { htmlToText } from './html-to-text.js';

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
}

export interface ReadMail {
  readonly from: readonly Mailbox[];
  readonly subject: string;
  /** The text, lines ended by LF; made from the HTML when there is no other. */
  readonly text: string;
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
const MAX_HTML_CHARACTERS = 1_000_000;

/** Addresses keep their case. Damaged MIME is read as far as it goes. */
export async function readMail(raw: Buffer): Promise<ReadMail> {
  const { source, flowed } = hideFlowed(raw);
  const mail = await simpleParser(source, {
    skipHtmlToText: true,
    skipTextToHtml: true,
    skipTextLinks: true,
    skipImageLinks: true,
  });
  const plain = showFlowed(mail.text ?? '').replace(/\r\n?/g, '\n');
  const html = (mail.html || '').slice(0, MAX_HTML_CHARACTERS);
  const text = plain.trim() === '' && html !== '' ? htmlToText(html) : flowed ? unflow(plain) : plain;
  return {
    from: flatten(mail.from),
    subject: mail.subject ?? '',
    text,
    files: mail.attachments.map(readFile),
    messageId: mail.messageId ?? null,
    answers: readAnswers(mail),
    hasDate: mail.headers.has('date'),
    field: (name) => readHeaderField(raw, name),
  };
}

/** One field of a mail's header, unfolded, without parsing the rest; null when there is none. */
export function readHeaderField(raw: Buffer, name: string): string | null {
  const end = raw.indexOf('\r\n\r\n');
  const header = raw.toString('utf8', 0, end === -1 ? raw.length : end).replace(/\r?\n[ \t]+/g, ' ');
  const prefix = `${name.toLowerCase()}:`;
  const line = header.split(/\r?\n/).find((candidate) => candidate.toLowerCase().startsWith(prefix));
  return line === undefined ? null : line.slice(prefix.length).trim();
}

/** The addresses of a From, To or Cc field, those of groups too. */
export function readMailboxes(field: string): Mailbox[] {
  return addressparser(field, { flatten: true }).filter(({ address }) => address !== '');
}

function readFile(attachment: Attachment, index: number): MailFile {
  const type = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/.test(attachment.contentType)
    ? attachment.contentType.toLowerCase()
    : 'application/octet-stream';
  return {
    name: attachment.filename ?? `${type === 'message/rfc822' ? 'message' : 'part'}-${index + 1}${EXTENSIONS[type] ?? ''}`,
    type,
    disposition: attachment.related || attachment.contentDisposition === 'inline' ? 'inline' : 'attachment',
    content: attachment.content as Buffer,
  };
}

/** Parts that programs send without a name. */
const EXTENSIONS: Record<string, string> = {
  'message/rfc822': '.eml',
  'text/html': '.html',
  'text/calendar': '.ics',
  'image/png': '.png',
  'image/jpeg': '.jpg',
  'image/gif': '.gif',
};

function readAnswers(mail: ParsedMail): string[] {
  const references = typeof mail.references === 'string' ? [mail.references] : (mail.references ?? []);
  const inReplyTo = mail.inReplyTo?.match(/<[^<>\s]+>/g) ?? [];
  return [...new Set([...inReplyTo, ...[...references].reverse()])];
}

function flatten(list: AddressObject | AddressObject[] | undefined): Mailbox[] {
  const entries: EmailAddress[] = [list ?? []].flat().flatMap((object) => object.value);
  return entries
    .flatMap((entry) => entry.group ?? [entry])
    .map((entry) => ({ name: entry.name ?? '', address: entry.address ?? '' }))
    .filter((entry) => entry.address !== '');
}

// The library joins flowed lines before it takes their quote marks away, and so sets ">" in the middle of them (RFC 3676 §4.5
// says otherwise). It must not see the word, and we join them ourselves.
const FLOWED = /^(content-type:(?:[^\r\n]|\r\n[ \t])*?format="?)flowed/gim;

function hideFlowed(raw: Buffer): { source: Buffer; flowed: boolean } {
  const text = raw.toString('latin1');
  const hidden = text.replace(FLOWED, '$1f1owed');
  return { source: hidden === text ? raw : Buffer.from(hidden, 'latin1'), flowed: hidden !== text };
}

function showFlowed(text: string): string {
  return text.replace(/(format="?)f1owed/gi, '$1flowed');
}
