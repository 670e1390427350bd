/** Some columns of many messages: what SORT and THREAD go by, in a fraction of the time that whole descriptions take. */
import type { Database } from '../database.js';
import { MESSAGES, select } from './message-blocks.js';
import type { MessageColumn, MessageColumns } from './types.js';

export const ARRANGING_SCHEMA = `
-- By the message: threads, and orders by subject or date, read nothing of the long rows that all this stands in.
CREATE INDEX messages_arranging ON messages (id, sent_at, subject, message_id_header, reference_ids);
`;

const SQL: Readonly<Record<MessageColumn, string>> = {
  sentAt: 'sent_at',
  subject: 'subject',
  messageIdHeader: 'message_id_header',
  references: 'reference_ids',
  // The database reads the one address out of the structure, which is many times as long.
  from: "structure -> '$.envelope.from[0]'",
  to: "structure -> '$.envelope.to[0]'",
  cc: "structure -> '$.envelope.cc[0]'",
};
const JSON_COLUMNS: ReadonlySet<MessageColumn> = new Set(['from', 'to', 'cc']);

/** In the order of the ids. */
export function readMessageColumns<C extends MessageColumn>(
  database: Database,
  messageIds: readonly number[],
  wanted: readonly C[],
): Pick<MessageColumns, C> {
  const inner = wanted.map((column) => `${SQL[column]} AS "${column}"`);
  const outer = wanted.map(
    (column) => `json_group_array(${JSON_COLUMNS.has(column) ? `json("${column}")` : `"${column}"`}) AS "${column}"`,
  );
  const source = wanted.some((column) => JSON_COLUMNS.has(column)) ? MESSAGES : { ...MESSAGES, index: 'messages_arranging' };
  const { rows, values } = select(source, inner.join(', '), messageIds);
  const row = database.get<Record<C, string>>(`SELECT ${outer.join(', ')} FROM (${rows})`, ...values)!;
  const columns = {} as Record<C, unknown[]>;
  for (const column of wanted) {
    columns[column] = JSON.parse(row[column]) as unknown[];
    if (columns[column].length !== messageIds.length) throw new Error('some messages are not there');
  }
  return columns as Pick<MessageColumns, C>;
}
