/** Some columns of many messages: what SORT and THREAD go by, in a fraction of the time that whole descriptions take. */
import type { Database } from '../database.js';
import { MESSAGES, select } from './message-blocks.js';
import type { MessageColumn, MessageColumns } from './message-types.js';

export const ARRANGING_SCHEMA = `
-- By the message: threads, and orders by subject or date, read nothing of the long rows that all this stands in.
CREATE INDEX messages_arranging ON messages (id, sent_at, subject, message_id_header, reference_ids);
`;

/** The database reads the one address out of the structure, which is many times as long. What it cannot read has none: storing a mail must not fail for that. */
const firstOf = (field: string): string => `CASE WHEN json_valid(structure) THEN structure -> '$.envelope.${field}[0]' END`;
const FIRST_ADDRESSES = { from: firstOf('from'), to: firstOf('to'), cc: firstOf('cc') } as const;

export const FIRST_ADDRESSES_SCHEMA = `
-- By the message, as messages_arranging: orders by address.
CREATE INDEX messages_first_addresses ON messages (id, ${Object.values(FIRST_ADDRESSES).join(', ')});
`;

const SQL: Readonly<Record<MessageColumn, string>> = {
  sentAt: 'sent_at',
  subject: 'subject',
  messageIdHeader: 'message_id_header',
  references: 'reference_ids',
  ...FIRST_ADDRESSES,
};

/** In the order of the ids. */
export function readMessageColumns<C extends MessageColumn>(
  database: Database,
  messageIds: readonly number[],
  wanted: readonly C[],
): Pick<MessageColumns, C> {
  const columns = {} as Record<C, unknown[]>;
  const isAddress = (column: C): boolean => column in FIRST_ADDRESSES;
  for (const [index, some] of [
    ['messages_arranging', wanted.filter((column) => !isAddress(column))],
    ['messages_first_addresses', wanted.filter(isAddress)],
  ] as const) {
    if (some.length === 0) continue;
    const inner = some.map((column) => `${SQL[column]} AS "${column}"`);
    const outer = some.map((column) => `json_group_array(${isAddress(column) ? `json("${column}")` : `"${column}"`}) AS "${column}"`);
    const { rows, values } = select({ ...MESSAGES, index }, inner.join(', '), messageIds);
    const row = database.get<Record<C, string>>(`SELECT ${outer.join(', ')} FROM (${rows})`, ...values)!;
    for (const column of some) columns[column] = JSON.parse(row[column]) as unknown[];
  }
  for (const column of wanted) if (columns[column].length !== messageIds.length) throw new Error('some messages are not there');
  return columns as Pick<MessageColumns, C>;
}
