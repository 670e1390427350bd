/** BODYSTRUCTURE and PREVIEW as FETCH answers them, and where the parts lie, in a table of their own: what a client asks beside a listing of a folder. */
import type { Database } from '../database.js';
import { readBytesIfAny } from './message-blocks.js';
import type { Describe } from './message-types.js';

export const SUMMARIES_SCHEMA = `
-- Made when a message is stored; one that has none here is looked at each time.
CREATE TABLE summaries (
  message_id     INTEGER PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
  body_structure BLOB, -- NULL: not every client is answered the same, or it is very long
  preview        TEXT NOT NULL
) STRICT;
`;

export const BINARY_SIZES_SCHEMA = `
ALTER TABLE summaries ADD COLUMN binary_sizes TEXT; -- NULL: stored before they were kept, or very many parts
`;

export const PART_INDEX_SCHEMA = `
ALTER TABLE summaries RENAME COLUMN binary_sizes TO part_index;
UPDATE summaries SET part_index = NULL WHERE part_index IS NOT NULL; -- it said less
`;

/** Real ones have some hundred bytes; those of a mail with a thousand parts are made each time. */
const MAX_STRUCTURE_BYTES = 16_384;
/** Likewise: a part takes some thirty bytes. */
const MAX_INDEX_BYTES = 16_384;

export function insertSummary(
  database: Database,
  messageId: number,
  { bodyStructure, preview, partIndex }: Pick<ReturnType<Describe>, 'bodyStructure' | 'preview' | 'partIndex'>,
): void {
  database.run(
    'INSERT INTO summaries (message_id, body_structure, preview, part_index) VALUES (?, ?, ?, ?)',
    messageId,
    bodyStructure !== null && bodyStructure.length <= MAX_STRUCTURE_BYTES ? bodyStructure : null,
    preview.toString(),
    partIndex.length <= MAX_INDEX_BYTES ? partIndex : null,
  );
}

/** In the order of the ids; null where there is none. */
export function readBodyStructures(database: Database, messageIds: readonly number[]): (Buffer | null)[] {
  return readColumn(database, 'body_structure', messageIds);
}

/** In the order of the ids; null where there is none. */
export function readPreviews(database: Database, messageIds: readonly number[]): (Buffer | null)[] {
  return readColumn(database, 'CAST(preview AS BLOB)', messageIds);
}

/** In the order of the ids; null where there is none. */
export function readPartIndexes(database: Database, messageIds: readonly number[]): (string | null)[] {
  return readColumn(database, 'CAST(part_index AS BLOB)', messageIds).map((index) => index?.toString('latin1') ?? null);
}

function readColumn(database: Database, column: string, messageIds: readonly number[]): (Buffer | null)[] {
  return readBytesIfAny(database, { table: 'summaries', id: 'message_id', bytes: column, length: `length(${column})` }, messageIds);
}
