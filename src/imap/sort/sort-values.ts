/** What SORT compares of a message, RFC 5256 §3 and RFC 5957: read out of its row and its header. */
import { decodeWords } from '../../mime/decode-words.js';
import { collate } from '../../mime/searchable-text.js';
import type { MessageColumn, MessageColumns, Messages, StoredAddress } from '../../store/mail/message-types.js';
import type { EntryColumn, EntryColumns, Mailboxes } from '../../store/mail/types.js';
import { baseSubject } from './base-subject.js';

export const SORT_KEYS = ['ARRIVAL', 'CC', 'DATE', 'FROM', 'SIZE', 'SUBJECT', 'TO', 'DISPLAYFROM', 'DISPLAYTO'] as const;

export interface SortCriterion {
  readonly key: (typeof SORT_KEYS)[number];
  readonly reverse: boolean;
}

export interface SortContext {
  readonly mailboxes: Mailboxes;
  readonly messages: Messages;
  readonly mailboxId: number;
  /** Lets others have their turn if it is time. */
  breathe(): Promise<void>;
}

/** Of each message that is (still) there, a value for each criterion. */
export interface SortRow {
  readonly uid: number;
  readonly values: readonly (string | number)[];
}

const NUMBERS: ReadonlySet<SortCriterion['key']> = new Set(['ARRIVAL', 'DATE', 'SIZE']);

export function isNumber(key: SortCriterion['key']): boolean {
  return NUMBERS.has(key);
}

/** In one step: for a few hundred messages. @param uids ascending */
export function readSortRows(criteria: readonly SortCriterion[], uids: readonly number[], context: SortContext): SortRow[] {
  const keys = criteria.map(({ key }) => key);
  const entryColumns = new Set(keys.flatMap((key) => ENTRY_COLUMNS[key] ?? []));
  const messageColumns = new Set(keys.flatMap((key) => MESSAGE_COLUMNS[key] ?? []));
  const entries = context.mailboxes.columns(context.mailboxId, uids, [...entryColumns, 'messageId']);
  const messages = messageColumns.size === 0 ? {} : context.messages.columns(entries.messageId, [...messageColumns]);
  return entries.uid.map((uid, index) => ({ uid, values: keys.map((key) => sortValue(key, index, entries, messages)) }));
}

const ENTRY_COLUMNS: Readonly<Partial<Record<SortCriterion['key'], EntryColumn>>> = {
  ARRIVAL: 'internalDate',
  DATE: 'internalDate',
  SIZE: 'size',
};
const MESSAGE_COLUMNS: Readonly<Partial<Record<SortCriterion['key'], MessageColumn>>> = {
  DATE: 'sentAt',
  SUBJECT: 'subject',
  FROM: 'from',
  TO: 'to',
  CC: 'cc',
  DISPLAYFROM: 'from',
  DISPLAYTO: 'to',
};

function sortValue(
  key: SortCriterion['key'],
  index: number,
  entries: EntryColumns,
  messages: Partial<Pick<MessageColumns, MessageColumn>>,
): string | number {
  switch (key) {
    case 'ARRIVAL':
      return entries.internalDate[index];
    case 'SIZE':
      return entries.size[index];
    case 'DATE':
      return messages.sentAt?.[index] ?? entries.internalDate[index];
    case 'SUBJECT':
      return collate(baseSubject(messages.subject?.[index] ?? '').text);
    case 'FROM':
      return collate(decodeWords(messages.from?.[index]?.mailbox ?? ''));
    case 'TO':
      return collate(decodeWords(messages.to?.[index]?.mailbox ?? ''));
    case 'CC':
      return collate(decodeWords(messages.cc?.[index]?.mailbox ?? ''));
    case 'DISPLAYFROM':
      return displayName(messages.from?.[index]);
    case 'DISPLAYTO':
      return displayName(messages.to?.[index]);
  }
}

/** RFC 5957 §3: the name, or else the address. */
function displayName(address: StoredAddress | null | undefined): string {
  if (address === null || address === undefined) return '';
  if (address.name !== null) return collate(decodeWords(address.name));
  return collate(address.host === null ? (address.mailbox ?? '') : `${address.mailbox}@${address.host}`);
}

/** Below 0: the one comes first. What all criteria find equal stays in the order of the folder. */
export function compareRows(criteria: readonly SortCriterion[], one: SortRow, other: SortRow): number {
  for (const [index, { reverse }] of criteria.entries()) {
    const order = compareValues(one.values[index], other.values[index]);
    if (order !== 0) return reverse ? -order : order;
  }
  return one.uid - other.uid;
}

export function compareValues(one: string | number, other: string | number): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  // i;unicode-casemap compares octets of UTF-8 (RFC 5051), which is not the order of UTF-16 beyond the BMP.
  return one === other ? 0 : Buffer.compare(Buffer.from(`${one}`), Buffer.from(`${other}`));
}
