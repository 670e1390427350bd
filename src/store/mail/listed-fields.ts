/** Of long headers the fields that mail programs list folders by, close together in a table of their own: most of such a header is of no use to them. */
import type { Database } from '../database.js';
import { areNeighbours, readBlock, readHeaders } from './message-blocks.js';

export const LISTED_FIELDS_SCHEMA = `
-- Made when a message is stored; of one that has none here the header is read.
CREATE TABLE listed_fields (
  message_id INTEGER PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
  fields     BLOB NOT NULL
) STRICT;
`;

/** Real ones have a KB; a list of a thousand recipients can as well be read out of the header. */
const MAX_FIELDS_BYTES = 16_384;

export function insertListedFields(database: Database, messageId: number, fields: Buffer | null): void {
  if (fields === null || fields.length > MAX_FIELDS_BYTES) return;
  database.run('INSERT INTO listed_fields (message_id, fields) VALUES (?, ?)', messageId, fields);
}

/** In the order of the ids; the header where there are none, and null where that lies in pieces. */
export function readListedFields(database: Database, messageIds: readonly number[]): (Buffer | null)[] {
  return readAlike(database, messageIds) ?? readEither(database, messageIds);
}

/** As `readListedFields`, of one message alone. */
export function readFieldsOfOne(database: Database, messageId: number): Buffer | null {
  const { bytes } = database.get<{ bytes: Uint8Array | null }>(
    `SELECT coalesce((SELECT fields FROM listed_fields WHERE message_id = ?1),
       (SELECT header FROM bodies WHERE message_id = ?1)) AS bytes`,
    messageId,
  )!;
  return bytes === null ? null : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Where all of these messages have them, or none has: twice as fast. Null: it is not so, or not known. */
function readAlike(database: Database, messageIds: readonly number[]): (Buffer | null)[] | null {
  if (!areNeighbours(messageIds)) return null;
  const found = readBlock(
    database,
    'SELECT fields AS bytes, length(fields) AS length FROM listed_fields WHERE message_id BETWEEN ? AND ? ORDER BY message_id',
    messageIds[0],
    messageIds[messageIds.length - 1],
  );
  if (found.length === 0) return readHeaders(database, messageIds);
  return found.length === messageIds.length ? found : null;
}

function readEither(database: Database, messageIds: readonly number[]): (Buffer | null)[] {
  return readBlock(
    database,
    `SELECT bytes, length(bytes) AS length FROM (
       SELECT coalesce(fields, (SELECT header FROM bodies WHERE message_id = ids.value)) AS bytes
       FROM json_each(?) AS ids LEFT JOIN listed_fields ON listed_fields.message_id = ids.value ORDER BY ids.key)`,
    JSON.stringify(messageIds),
  );
}
