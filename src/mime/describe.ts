/** What the mail store keeps of a message beside its bytes, read once when it is stored. Pure, never throws. */
import type { Address } from './address-list.js';
import { parseDate } from './date.js';
import { decodeWords } from './decode-words.js';
import { formatBodyStructure } from './format-body-structure.js';
import { formatEnvelope } from './format-envelope.js';
import { firstValue, parseHeader } from './header.js';
import { listedFields } from './listed-fields.js';
import { formatPartIndex } from './part-index.js';
import { isMessage, type Part, parsePartTree } from './part-tree.js';
import { formatPreview, previewOf } from './preview.js';

/** Longer ones are not shown by any client; keeps the rows that a search reads small. */
const MAX_TEXT_LENGTH = 10_000;
/** Message-IDs are shorter than a line. */
const MAX_ID_LENGTH = 998;
/** Long discussions name some dozens; bounds what one header makes of itself. */
const MAX_REFERENCES = 200;

export interface DescribedMessage {
  /** The part tree: `readStructure` gives it back. */
  readonly structure: string;
  /** Unicode, as are the addresses: "Name <local@host>, …". */
  readonly subject: string;
  readonly from: string;
  readonly to: string;
  readonly cc: string;
  readonly bcc: string;
  /** With its angle brackets, or ''. */
  readonly messageIdHeader: string;
  /** Date in seconds since 1970, and the day that stands there in days since 1970; null without a Date that can be read. */
  readonly sentAt: number | null;
  readonly sentDay: number | null;
  /** Where the text begins. */
  readonly headerBytes: number;
  /** ENVELOPE as IMAP says it: what a client that lists a folder asks of every message. */
  readonly envelope: Buffer;
  /** BODYSTRUCTURE as IMAP says it; null when clients that read UTF-8 are answered something else. */
  readonly bodyStructure: Buffer | null;
  /** PREVIEW as IMAP says it. */
  readonly preview: Buffer;
  /** Where the parts lie: `findInPartIndex` reads it. */
  readonly partIndex: string;
  /** Of a long header, what mail programs list folders by; null: the header itself is as good. */
  readonly listedFields: Buffer | null;
  /** RFC 5256: the Message-IDs in References, or else the first one in In-Reply-To; oldest first. */
  readonly references: readonly string[];
}

export function describeMessage(raw: Buffer): DescribedMessage {
  const tree = parsePartTree(raw);
  const fields = parseHeader(raw, tree.headerStart, tree.headerEnd);
  const { date, subject, from, to, cc, bcc, messageId, inReplyTo } = tree.envelope!;
  const sent = date === null ? null : parseDate(date);
  return {
    structure: writeStructure(tree),
    subject: decodeWords(subject ?? '').slice(0, MAX_TEXT_LENGTH),
    from: addressText(from),
    to: addressText(to),
    cc: addressText(cc),
    bcc: addressText(bcc),
    messageIdHeader: messageIds(messageId ?? '').at(0) ?? '',
    sentAt: sent?.at ?? null,
    sentDay: sent?.day ?? null,
    headerBytes: tree.headerEnd,
    envelope: Buffer.from(formatEnvelope(tree.envelope!), 'latin1'),
    bodyStructure: holdsGlobal(tree) ? null : Buffer.from(formatBodyStructure(tree, true, false), 'latin1'),
    preview: formatPreview(previewOf(raw, tree)),
    partIndex: formatPartIndex(raw, tree),
    listedFields: listedFields(raw.subarray(0, tree.headerEnd)),
    references: referencesOf(firstValue(fields, 'references'), inReplyTo),
  };
}

/** The same again: buffers come out of a thread as plain bytes. */
export function outOfThread(description: DescribedMessage): DescribedMessage {
  return {
    ...description,
    envelope: Buffer.from(description.envelope),
    preview: Buffer.from(description.preview),
    bodyStructure: description.bodyStructure && Buffer.from(description.bodyStructure),
    listedFields: description.listedFields && Buffer.from(description.listedFields),
  };
}

/** message/global: see `formatBodyStructure`. */
function holdsGlobal(part: Part): boolean {
  return (isMessage(part) && part.subtype.toLowerCase() === 'global') || part.children.some(holdsGlobal);
}

function referencesOf(references: string | null, inReplyTo: string | null): string[] {
  const ids = messageIds(references ?? '');
  // The newest count: a thread hangs together by them.
  return ids.length > 0 ? ids.slice(-MAX_REFERENCES) : messageIds(inReplyTo ?? '').slice(0, 1);
}

/** The part tree as it stands in the store. */
export function writeStructure(tree: Part): string {
  return JSON.stringify(tree);
}

/** @param structure from `MessageDescription` */
export function readStructure(structure: string): Part {
  return JSON.parse(structure) as Part;
}

/** The Message-IDs in a field, each with its angle brackets. */
export function messageIds(value: string): string[] {
  return (value.match(/<[^<>]{1,1000}>/g) ?? []).map((id) => id.replace(/\s/g, '')).filter((id) => id.length <= MAX_ID_LENGTH);
}

/** "Name <local@host>, …" in Unicode. */
function addressText(addresses: readonly Address[]): string {
  const texts = addresses.filter(({ mailbox, host }) => mailbox !== null && host !== null).map(oneAddress);
  return texts.join(', ').slice(0, MAX_TEXT_LENGTH);
}

function oneAddress({ name, mailbox, host }: Address): string {
  const address = decodeWords(`${mailbox}@${host}`);
  return name === null ? address : `${decodeWords(name)} <${address}>`;
}
