/** Pure: what of a mail travels, and how. Nothing but subject, text, files and the hashes of what is answered. */
import { type Attachment, encodeContent } from '../bitmessage/wire/content.js';
import type { MailFile } from '../mime/read-mail.js';
import { cutBytes, oneLine, safeFileName } from '../mime/safe-text.js';
import { formFile, isFormFile, type OutgoingForm } from './html-form.js';

export interface Content {
  /** 2 everybody can read; 3 carries files and threads, and shows subject and text to programs that know no more of it. */
  readonly encoding: 2 | 3;
  readonly content: Uint8Array;
}

/** PyBitmessage cuts a subject there. */
export const MAX_SUBJECT_BYTES = 500;
/**
 * What an object of 262,144 bytes leaves for subject and text once header, keys, ack, signature and padding are in it
 * (PROTOCOL 7.7).
 */
export const MAX_CONTENT_BYTES = 261_500;
/** As many as a reader takes: wire/content. */
export const MAX_FILES = 64;

/** @param parents inventory hashes of the messages that the mail answers; without files they travel only to who is known to read encoding 3 */
export function toBitmessage(mail: OutgoingForm, parents: readonly Uint8Array[], readsExtended = false): Content {
  const form = mail.html === null || mail.files.length >= MAX_FILES ? [] : [formFile(mail.html)];
  const whole = withFiles(mail, form, parents, readsExtended);
  // The text says what the form says: where there is no room for both, it goes alone.
  return form.length === 0 || whole.content.length <= MAX_CONTENT_BYTES ? whole : withFiles(mail, [], parents, readsExtended);
}

function withFiles(mail: OutgoingForm, form: readonly MailFile[], parents: readonly Uint8Array[], readsExtended: boolean): Content {
  const subject = toSubject(mail.subject);
  const body = toBody(mail.text);
  const files = [...mail.files.map(toAttachment), ...form.map(({ content, ...file }) => ({ ...file, data: content }))];
  if (files.length === 0 && !(readsExtended && parents.length > 0))
    return { encoding: 2, content: encodeContent(2, { subject, body, files, parents: [] }) };
  return { encoding: 3, content: encodeContent(3, { subject, body: body + attachmentNote(mail.files), files, parents }) };
}

/** Inline HTML is the form of the text: an attached page is not. */
function toAttachment(file: MailFile): Attachment {
  const { name, type, disposition, content } = file;
  return { name: safeFileName(name), type, disposition: isFormFile(file) ? 'attachment' : disposition, data: content };
}

/** One line without controls, at most 500 bytes. */
export function toSubject(text: string): string {
  return cutBytes(oneLine(text), MAX_SUBJECT_BYTES).trimEnd();
}

/** Lines ended by LF, no NUL, no blank lines at the end; all else as it was written. */
export function toBody(text: string): string {
  return text.replace(/\r\n?/g, '\n').replaceAll('\0', '').trimEnd();
}

/** What a program that does not know `files` shows of them; one that does takes it away again, see `withoutNote`. */
export function attachmentNote(files: readonly Pick<MailFile, 'name' | 'content'>[]): string {
  if (files.length === 0) return '';
  const names = files.map(({ name, content }) => `${safeFileName(name)} (${toSize(content.length)})`);
  return `\n\n[Attached: ${names.join(', ')}]`;
}

export function withoutNote(body: string, files: readonly Pick<MailFile, 'name' | 'content'>[]): string {
  const note = attachmentNote(files);
  return note !== '' && body.endsWith(note) ? body.slice(0, -note.length) : body;
}

function toSize(bytes: number): string {
  return bytes < 1000 ? `${bytes} bytes` : `${Math.round(bytes / 1000)} kB`;
}
