/** What an import has to know of a mail out of a file; of a large one it is found out in a thread. Pure. */
import { createHash } from 'node:crypto';
import { parseDate } from '../mime/date.js';
import { type DescribedMessage, describeMessage } from '../mime/describe.js';
import { readHeaderField, readMailboxes } from '../mime/read-mail.js';
import { flagsOfMboxMail } from './formats/mail-flags.js';

export interface MailJob {
  /** The bytes of the file, one behind the other. */
  readonly pieces: readonly Uint8Array[];
  /** The folder that the mail goes into. */
  readonly path: string;
}

export interface PreparedMail {
  /** Lines end with CRLF. */
  readonly raw: Uint8Array;
  /** By which it is known when it comes once more. */
  readonly key: Uint8Array;
  /** As an mbox has them in the header; null: Thunderbird has deleted it and only not yet taken it out of the file. */
  readonly mboxFlags: readonly string[] | null;
  /** When the last server took it, else when its sender wrote it; null: it does not say. */
  readonly datedAt: number | null;
  /** Who it is from and to. */
  readonly addresses: readonly string[];
}

/** With what the store keeps of it. */
export type DescribedMail = PreparedMail & { readonly description: DescribedMessage };

/** One of them is the owner's: of a mail to more people it may be none. */
const MAX_ADDRESSES = 1000;

export function prepareMail({ pieces, path }: MailJob): PreparedMail & { readonly raw: Buffer } {
  const raw = toCrlf(pieces.length === 1 ? asBuffer(pieces[0]) : Buffer.concat(pieces));
  const fields = ['from', 'to', 'cc'].flatMap((field) => readMailboxes(readHeaderField(raw, field) ?? ''));
  return {
    raw,
    key: createHash('sha256').update(path).update('\0').update(raw).digest(),
    mboxFlags: flagsOfMboxMail(raw),
    datedAt: dateOf(raw),
    addresses: fields.slice(0, MAX_ADDRESSES).map(({ address }) => address),
  };
}

export function describeMail(job: MailJob): DescribedMail {
  const mail = prepareMail(job);
  return { ...mail, description: describeMessage(mail.raw) };
}

/** IMAP wants CRLF, whatever the file has. */
function toCrlf(raw: Buffer): Buffer {
  return Buffer.from(raw.toString('latin1').replace(/\r?\n/g, '\r\n'), 'latin1');
}

function dateOf(raw: Buffer): number | null {
  const received = readHeaderField(raw, 'received')?.split(';').at(-1);
  const texts = [readHeaderField(raw, 'delivery-date'), received, readHeaderField(raw, 'date')];
  for (const text of texts) {
    const date = text ? parseDate(text) : null;
    if (date !== null) return date.at;
  }
  return null;
}

function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
