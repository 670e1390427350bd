/** What of a mail goes to each of its recipients, by what their programs read, or why it cannot go. */
import type { BitmessageNode } from '../bitmessage/node.js';
import type { ReadMail } from '../mime/read-mail.js';
import { SmtpRefusal } from '../smtp/submission.js';
import type { Links } from '../store/links/links.js';
import type { Readings, Reads } from '../store/readings.js';
import { CONTROL_ADDRESS } from './address.js';
import { type OutgoingForm, toOutgoingForm } from './html-form.js';
import { type Content, MAX_CONTENT_BYTES, MAX_FILES, toBitmessage } from './to-bitmessage.js';
import { toPlain, unshownFile } from './to-plain.js';

export interface ContentsRooms {
  readonly node: Pick<BitmessageNode, 'identities'>;
  readonly links: Pick<Links, 'conversations'>;
  readonly readings: Pick<Readings, 'of'>;
}

/** The same value for all who get the same. @throws SmtpRefusal */
export type ContentFor = (kind: 'message' | 'broadcast', to: string) => Content;

/** @throws SmtpRefusal when nobody could read the mail */
export function contentsOf(mail: ReadMail, rooms: ContentsRooms): ContentFor {
  checkFormat(mail);
  const form = toOutgoingForm(mail);
  const made = new Map<string, Content>();
  return (kind, to) => {
    const reads = kind === 'broadcast' ? undefined : readsOf(to, rooms);
    if (reads === 'plain') checkShown(form, to);
    const parents = parentsOf(mail, to, rooms);
    const key = [reads ?? '', ...parents.map((hash) => Buffer.from(hash).toString('hex'))].join(' ');
    const content = made.get(key) ?? (reads === 'plain' ? toPlain(form) : toBitmessage(form, parents, reads === 'extended'));
    checkSize(content, form.files.length);
    made.set(key, content);
    return content;
  };
}

/** Our own addresses are read here; a chan is read by all kinds of programs. */
function readsOf(to: string, { node, readings }: ContentsRooms): Reads | undefined {
  const own = node.identities().find(({ address }) => address === to);
  if (own !== undefined) return own.chan ? undefined : 'extended';
  return readings.of(to);
}

/** The message that this mail answers, as the network knows it; told to nobody who has not had it, in a group or alone. */
function parentsOf({ answers }: ReadMail, to: string, { links }: ContentsRooms): Uint8Array[] {
  const nearest = answers.slice(0, 1).map((messageId) => links.conversations.objectHashOf(messageId, to));
  return nearest.filter((hash) => hash !== undefined);
}

/** TNEF hides text and files in a form that no Bitmessage program reads, and names who wrote it. */
function checkFormat({ files }: ReadMail): void {
  if (!files.some(({ type }) => /^application\/(vnd\.)?ms-tnef$/.test(type))) return;
  throw new SmtpRefusal(554, '5.6.1', ({ sending }) => sending.outlook);
}

function checkShown({ files }: OutgoingForm, to: string): void {
  const unshown = unshownFile(files);
  if (unshown === null) return;
  throw new SmtpRefusal(554, '5.6.1', ({ sending }) => sending.readsPlain(to, unshown.name, CONTROL_ADDRESS));
}

function checkSize({ content }: Content, files: number): void {
  if (files > MAX_FILES) throw new SmtpRefusal(552, '5.3.4', ({ sending }) => sending.tooManyFiles(files, MAX_FILES));
  if (content.length <= MAX_CONTENT_BYTES) return;
  throw new SmtpRefusal(552, '5.3.4', ({ sending }) => sending.contentTooLarge(content.length, MAX_CONTENT_BYTES));
}
