/** Writes a mail from its parts. Wraps the composer of `nodemailer`; nothing in a part can become structure or header. */
import { randomBytes } from 'node:crypto';
import MimeNode from 'nodemailer/lib/mime-node';
import type { Mailbox, MailFile } from './read-mail.js';
import { oneLine, safeFileName } from './safe-text.js';

export interface MailHeader {
  readonly from: Mailbox;
  readonly to: readonly Mailbox[];
  readonly replyTo?: Mailbox;
  readonly subject: string;
  /** Seconds since 1970. */
  readonly date: number;
  /** With angle brackets. */
  readonly messageId: string;
  readonly inReplyTo?: string;
  /** Message-IDs with angle brackets, blanks between. */
  readonly references?: string;
  /** Further fields, in ASCII. */
  readonly fields?: readonly (readonly [name: string, value: string])[];
}

export interface MailDraft extends MailHeader {
  /** Lines ended by LF. */
  readonly text: string;
  /** Another form of the text. */
  readonly html?: HtmlForm;
  readonly files: readonly MailFile[];
}

export interface HtmlForm {
  /** Sanitised; names the images as "cid:" and their id. */
  readonly html: string;
  readonly images: readonly RelatedImage[];
}

export interface RelatedImage extends MailFile {
  /** Without angle brackets. */
  readonly contentId: string;
}

export interface ReportDraft extends MailHeader {
  readonly text: string;
  /** The fields of message/delivery-status, a group per recipient after the one of the message (RFC 3464 §2.1). */
  readonly status: readonly (readonly (readonly [name: string, value: string])[])[];
  /** The mail that the report is about. */
  readonly original: Buffer;
  /** RFC 3461 RET=FULL; else only its header goes back. */
  readonly full: boolean;
}

export async function composeMail(draft: MailDraft): Promise<Buffer> {
  const bodyType = draft.html === undefined ? TEXT_PLAIN : 'multipart/alternative';
  const root = new MimeNode(draft.files.length === 0 ? bodyType : 'multipart/mixed', OPTIONS);
  setHeader(root, draft);
  setBody(draft.files.length === 0 ? root : root.createChild(bodyType), draft);
  for (const file of draft.files) addFile(root, file);
  return root.build();
}

/** A delivery status notification, RFC 3464. */
export async function composeReport(draft: ReportDraft): Promise<Buffer> {
  const root = new MimeNode('multipart/report; report-type=delivery-status', OPTIONS);
  setHeader(root, draft);
  setText(root.createChild(TEXT_PLAIN), draft.text);
  const status = draft.status.map((group) => `${group.map(([name, value]) => `${name}: ${oneLine(value)}\r\n`).join('')}`).join('\r\n');
  root.createChild('message/delivery-status').setHeader('content-transfer-encoding', '7bit').setContent(Buffer.from(status));
  const end = draft.original.indexOf('\r\n\r\n');
  const original = draft.full || end === -1 ? draft.original : draft.original.subarray(0, end + 2);
  root
    .createChild(draft.full ? 'message/rfc822' : 'text/rfc822-headers')
    .setHeader('content-transfer-encoding', original.some((byte) => byte > 127) ? '8bit' : '7bit')
    .setContent(original);
  return root.build();
}

/** A random boundary, so that no text can hold it; content never names a file or a URL. */
const OPTIONS = { disableFileAccess: true, disableUrlAccess: true, keepBcc: false, boundaryPrefix: 'postern', newline: 'win' } as const;
// format=fixed: the lines are the sender's, and the recipient's program must not join them.
const TEXT_PLAIN = 'text/plain; charset=utf-8; format=fixed';

function setHeader(node: MimeNode, header: MailHeader): void {
  node.baseBoundary = randomBytes(12).toString('hex');
  node.setHeader([
    { key: 'from', value: mailbox(header.from) },
    { key: 'to', value: header.to.map(mailbox) },
    ...(header.replyTo ? [{ key: 'reply-to', value: mailbox(header.replyTo) }] : []),
    { key: 'subject', value: oneLine(header.subject) },
    { key: 'date', value: new Date(header.date * 1000).toUTCString().replace('GMT', '+0000') },
    { key: 'message-id', value: header.messageId },
    ...(header.inReplyTo ? [{ key: 'in-reply-to', value: header.inReplyTo }] : []),
    ...(header.references ? [{ key: 'references', value: header.references }] : []),
    ...(header.fields ?? []).map(([key, value]) => ({ key, value: { prepared: true, foldLines: true, value: oneLine(value) } })),
  ]);
}

function setText(node: MimeNode, text: string): MimeNode {
  // The library takes quoted-printable or base64 for what is not ASCII or longer than a line; both keep every line whole.
  return node.setContent(Buffer.from(text.replace(/\r\n?|\n/g, '\r\n')));
}

/** RFC 2046 §5.1.4: the richest form last. RFC 2387: what the HTML shows lies beside it. */
function setBody(node: MimeNode, { text, html }: Pick<MailDraft, 'text' | 'html'>): void {
  if (html === undefined) {
    setText(node, text);
    return;
  }
  setText(node.createChild(TEXT_PLAIN), text);
  const related = html.images.length === 0 ? node : node.createChild('multipart/related; type="text/html"');
  const page = `<!DOCTYPE html>\n<html><head><meta charset="utf-8"></head><body>${html.html}</body></html>\n`;
  setText(related.createChild('text/html; charset=utf-8'), page);
  for (const image of html.images) addFile(related, image).setHeader('content-id', `<${image.contentId}>`);
}

function addFile(root: MimeNode, file: MailFile): MimeNode {
  const name = safeFileName(file.name);
  // HTML and SVG can run scripts where they are shown inside the mail.
  const disposition = file.disposition === 'inline' && !/html|svg|xml/.test(file.type) ? 'inline' : 'attachment';
  return root
    .createChild(safeType(file.type), { filename: name })
    .setHeader('content-disposition', disposition)
    .setHeader('content-transfer-encoding', 'base64')
    .setContent(Buffer.from(file.content));
}

/** A multipart or message type would make its content part of our structure. */
function safeType(type: string): string {
  const isType = /^[a-z0-9][a-z0-9!#$&^.+-]{0,60}\/[a-z0-9][a-z0-9!#$&^.+-]{0,60}$/.test(type);
  return isType && !/^(multipart|message)\//.test(type) ? type : 'application/octet-stream';
}

function mailbox({ name, address }: Mailbox): { name: string; address: string } {
  return { name: oneLine(name), address: oneLine(address) };
}
