/** ENVELOPEs as FETCH answers them, close together in a table of their own: a listing of a folder reads nothing else. */
import type { Database } from '../database.js';
import { readBytesIfAny } from './message-blocks.js';

export const ENVELOPES_SCHEMA = `
-- Made of the header when a message is stored; one that has none here is made of its structure each time.
CREATE TABLE envelopes (
  message_id INTEGER PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
  envelope   BLOB NOT NULL
) STRICT;
`;

/** Real ones have some hundred bytes; a list of a thousand recipients has to be read out of the structure each time. */
export const MAX_ENVELOPE_BYTES = 65_536;

export function insertEnvelope(database: Database, messageId: number, envelope: Buffer): void {
  if (envelope.length > MAX_ENVELOPE_BYTES) return;
  database.run('INSERT INTO envelopes (message_id, envelope) VALUES (?, ?)', messageId, envelope);
}

/** In the order of the ids; null where there is none. */
export function readEnvelopes(database: Database, messageIds: readonly number[]): (Buffer | null)[] {
  const source = { table: 'envelopes', id: 'message_id', bytes: 'envelope', length: 'length(envelope)' };
  return readBytesIfAny(database, source, messageIds);
}
