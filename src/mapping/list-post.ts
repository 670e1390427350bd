/** Pure: what a mailing list makes of a message to it, word for word as PyBitmessage does (PROTOCOL 4.11). */
import type { UnixSeconds } from '../base/clock.js';
import { encodeContent, type MessageContent } from '../bitmessage/wire/content.js';
import { isFormFile } from './html-form.js';
import { toSubject } from './to-bitmessage.js';

export interface ListedMessage {
  readonly content: MessageContent;
  readonly encoding: number;
  readonly from: string;
  readonly at: UnixSeconds;
}

/** In the encoding of the message. The HTML form does not say who wrote it, and stays behind. Attachments come along; what it answers does not: subscribers may never have seen that. */
export function toListPost({ content, encoding, from, at }: ListedMessage, listName: string): Uint8Array {
  const subject = toSubject(toListSubject(content.subject, listName));
  const body = `${toStamp(at)}   Message ostensibly from ${from}:\n\n${content.body}`;
  return encodeContent(encoding, { subject, body, files: content.files.filter((file) => !isFormFile(file)), parents: [] });
}

/** "Re:" and "RE:", in exactly these forms, go; "[name]" stands in front unless it is somewhere in the subject. */
export function toListSubject(subject: string, listName: string): string {
  let bare = subject.trim();
  if (/^R[eE]:/.test(bare)) bare = bare.slice(3).trim();
  return bare.includes(`[${listName}]`) ? bare : `[${listName}] ${bare}`;
}

/** "Tue, 2024-01-30 13:05:00 UTC" */
function toStamp(at: UnixSeconds): string {
  const date = new Date(at * 1000);
  return `${date.toUTCString().slice(0, 5)}${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
