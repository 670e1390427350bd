/** SORT, RFC 5256 and RFC 5957: puts messages into the order of their headers. */
import type { Address } from '../../mime/address-list.js';
import { decodeWords } from '../../mime/decode-words.js';
import { readStructure } from '../../mime/describe.js';
import { fold } from '../../mime/searchable-text.js';
import type { Entry, Mailboxes, MessageDescription, Messages } from '../../store/mail/types.js';
import { baseSubject } from './base-subject.js';
import { sortInSlices } from './in-slices.js';

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

/** Rows read at a time. */
const ROWS_PER_SLICE = 200;

/** These UIDs in the wanted order; messages that are gone are left out. @param uids ascending: what all criteria find equal stays so */
export async function sort(criteria: readonly SortCriterion[], uids: readonly number[], context: SortContext): Promise<number[]> {
  const rows: SortRow[] = [];
  const needsHeader = criteria.some(({ key }) => key !== 'ARRIVAL' && key !== 'SIZE');
  for (let start = 0; start < uids.length; start += ROWS_PER_SLICE) {
    for (const entry of context.mailboxes.entries(context.mailboxId, uids.slice(start, start + ROWS_PER_SLICE))) {
      const description = needsHeader ? context.messages.describe(entry.messageId) : null;
      rows.push({ uid: entry.uid, values: criteria.map(({ key }) => sortValue(key, entry, description!)) });
    }
    await context.breathe();
  }
  const sorted = await sortInSlices(rows, comparison(criteria), () => context.breathe());
  return sorted.map((row) => row.uid);
}

interface SortRow {
  readonly uid: number;
  readonly values: readonly (string | number)[];
}

function comparison(criteria: readonly SortCriterion[]): (a: SortRow, b: SortRow) => number {
  return (a, b) => {
    for (let i = 0; i < criteria.length; i++) {
      const [left, right] = [a.values[i], b.values[i]];
      if (left === right) continue;
      return left < right === criteria[i].reverse ? 1 : -1;
    }
    return a.uid - b.uid;
  };
}

function sortValue(key: SortCriterion['key'], entry: Entry, description: MessageDescription): string | number {
  switch (key) {
    case 'ARRIVAL':
      return entry.internalDate;
    case 'SIZE':
      return entry.size;
    case 'DATE':
      return description.sentAt ?? entry.internalDate;
    case 'SUBJECT':
      return fold(baseSubject(description.subject).text);
    case 'CC':
    case 'FROM':
    case 'TO':
      return fold(decodeWords(firstAddress(description, key)?.mailbox ?? ''));
    case 'DISPLAYFROM':
      return displayName(firstAddress(description, 'FROM'));
    case 'DISPLAYTO':
      return displayName(firstAddress(description, 'TO'));
  }
}

function firstAddress(description: MessageDescription, field: 'FROM' | 'TO' | 'CC'): Address | undefined {
  const envelope = readStructure(description.structure).envelope!;
  return { FROM: envelope.from, TO: envelope.to, CC: envelope.cc }[field][0];
}

/** RFC 5957 §3: the name, or else the address. */
function displayName(address: Address | undefined): string {
  if (address === undefined) return '';
  if (address.name !== null) return fold(decodeWords(address.name));
  return fold(address.host === null ? (address.mailbox ?? '') : `${address.mailbox}@${address.host}`);
}
