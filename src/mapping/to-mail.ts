/** Pure: a received message as the parts of a mail. */
import { createHash } from 'node:crypto';
import type { ReceivedMessage } from '../bitmessage/node.js';
import { DecodeError } from '../bitmessage/wire/bytes.js';
import { decodeContent, type MessageContent } from '../bitmessage/wire/content.js';
import type { MailDraft } from '../mime/compose-mail.js';
import { htmlToText } from '../mime/html-to-text.js';
import type { Mailbox } from '../mime/read-mail.js';
import { cleanBody, cutBytes, oneLine } from '../mime/safe-text.js';
import type { Words } from '../words/words.js';
import { MAIL_DOMAIN, toBroadcastAddress, toMailAddress, toUnsubscribeAddress } from './address.js';
import { extractImages } from './data-images.js';
import { isFormFile, isHtml, readForm, receivedForm } from './html-form.js';
import { originalSender, showQuotes } from './quoting.js';
import { withoutNote } from './to-bitmessage.js';

/** What the message says, or what is said in its place. */
export type ReadContent =
  | { readonly readable: true; readonly content: MessageContent }
  | { readonly readable: false; readonly notice: { readonly subject: string; readonly text: string } };

export interface MailContext {
  /** The name that this gateway's owner knows an address by, or ''. */
  readonly label: (address: string) => string;
  /** Whether the sender is one of our own identities, or known to us in some other way. */
  readonly trust: 'own' | 'known' | 'unknown' | 'chan';
  readonly parent: { readonly messageId: string; readonly references: string } | null;
}

export function readContent({ encoding, content }: Pick<ReceivedMessage, 'encoding' | 'content'>, words: Words): ReadContent {
  const { unreadable } = words.mails;
  const refuse = (why: string): ReadContent => ({ readable: false, notice: { subject: unreadable.subject, text: unreadable.text(why) } });
  try {
    const decoded = decodeContent(encoding, content);
    if (decoded.kind === 'message') return { readable: true, content: decoded.content };
    return refuse(unreadable.unknownEncoding(String(encoding)));
  } catch (error) {
    if (error instanceof DecodeError) return refuse(unreadable.damaged(error.message));
    throw error;
  }
}

/** Stable: the same signed message has it on every delivery, in every gateway. */
export function messageIdOf(message: Pick<ReceivedMessage, 'signatureHash'>): string {
  return `<${Buffer.from(message.signatureHash).toString('hex')}@${MAIL_DOMAIN}>`;
}

/** Finds copies of one message that were signed anew: a resend, or a chan member who posts somebody else's message again. */
export function digestOf({ from, to, encoding, content }: Pick<ReceivedMessage, 'from' | 'to' | 'encoding' | 'content'>): Uint8Array {
  return createHash('sha256').update(`${from}\n${to}\n${encoding}\n`).update(content).digest();
}

export function toMail(message: ReceivedMessage, read: ReadContent, context: MailContext): MailDraft {
  const body = read.readable ? toMailBody(read.content) : toNotice(message, read.notice.text);
  return {
    from: person(message.from, context),
    to: [
      message.kind === 'broadcast'
        ? { name: context.label(message.to), address: toBroadcastAddress(message.to) }
        : person(message.to, context),
    ],
    ...(message.chan
      ? { replyTo: person(message.to, context) }
      : message.kind === 'broadcast'
        ? { replyTo: person(message.from, context) }
        : {}),
    subject: read.readable ? oneLine(read.content.subject) : read.notice.subject,
    date: message.receivedAt,
    messageId: messageIdOf(message),
    ...(context.parent ? { inReplyTo: context.parent.messageId, references: context.parent.references } : {}),
    fields: [...listFields(message, context), ...senderFields(message, read), ...factFields(message, context)],
    ...body,
  };
}

type MailBody = Pick<MailDraft, 'text' | 'html' | 'files'>;

function toMailBody({ body, files }: MessageContent): MailBody {
  const attached = files.map(({ name, type, disposition, data }) => ({ name, type, disposition, content: data }));
  const text = cleanBody(
    withoutNote(
      body,
      attached.filter((file) => !isFormFile(file)),
    ),
  );
  const beside = receivedForm(attached);
  if (beside !== null) return { text: showQuotes(text), html: beside.form, files: beside.files };
  if (isHtml(text)) {
    const { form, files: rest } = readForm(text, attached);
    const words = htmlToText(text);
    if (words !== '' || form.images.length > 0) return { text: words, html: form, files: rest };
  }
  const { text: shown, images } = extractImages(text);
  return { text: showQuotes(shown), files: [...attached, ...images] };
}

/** Nothing is lost silently: the raw bytes come along for whoever can read them. */
function toNotice(message: ReceivedMessage, text: string): MailBody {
  return {
    text,
    files: [
      { name: `encoding-${message.encoding}.bin`, type: 'application/octet-stream', disposition: 'attachment', content: message.content },
    ],
  };
}

/** RFC 2919 and RFC 2369, so that a mail program's list buttons and filters work. */
function listFields(message: ReceivedMessage, context: MailContext): [string, string][] {
  if (!message.chan && message.kind !== 'broadcast') return [];
  const kind = message.chan ? 'chan' : 'broadcast';
  const name = toPhrase(oneLine(context.label(message.to)));
  const listId = `${name}<${message.to}.${kind}.${MAIL_DOMAIN}>`;
  return [
    ['List-Id', listId],
    ['List-Post', message.chan ? `<mailto:${toMailAddress(message.to)}>` : 'NO'],
    ['List-Unsubscribe', `<mailto:${toUnsubscribeAddress(message.to)}>`],
  ];
}

/** A name before an angle bracket: a quoted string, or an encoded word, of which one has room for 45 bytes (RFC 2047 §2). */
function toPhrase(name: string): string {
  if (name === '') return '';
  if (/^[\x20-\x7e]*$/.test(name)) return `"${name.replace(/["\\]/g, '')}" `;
  return `=?UTF-8?B?${Buffer.from(cutBytes(name, 45)).toString('base64')}?= `;
}

/** The writer of a list post. Not in From: nobody's signature but the list's stands for it. */
function senderFields(message: ReceivedMessage, read: ReadContent): [string, string][] {
  const original = message.kind === 'broadcast' && read.readable ? originalSender(read.content.body) : null;
  return original === null ? [] : [['X-Bitmessage-Original-From', toMailAddress(original)]];
}

function factFields(message: ReceivedMessage, { trust }: MailContext): [string, string][] {
  return [
    // RFC 8601, with an experimental method: the node hands over nothing whose signature is not good.
    ['Authentication-Results', `${MAIL_DOMAIN}; x-bitmessage-signature=pass (${trust}) header.from=${toMailAddress(message.from)}`],
    ['X-Bitmessage-Encoding', String(message.encoding)],
    ['X-Bitmessage-Expires', new Date(message.expiresAt * 1000).toUTCString().replace('GMT', '+0000')],
  ];
}

/** A label that looks like an address could pass for somebody else: the address alone is shown then. */
function person(address: string, { label }: MailContext): Mailbox {
  const name = oneLine(label(address));
  return { name: /@|BM-/i.test(name) ? '' : name, address: toMailAddress(address) };
}
