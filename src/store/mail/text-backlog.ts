/** What the full-text index, which is a file of its own, has still to learn and to forget of the mail. */
import type { Database } from '../database.js';

/** Of the time when the index was a table here: FTS5 shall not join its parts by itself. */
export const OWN_MERGES_SCHEMA = `
INSERT INTO message_text (message_text, rank) VALUES ('automerge', 0), ('crisismerge', 64);
`;

/**
 * The index used to be a table here. `messages.text_index`, which said what it knew, has no meaning any more; taking the column away
 * would write every message anew.
 */
export const OWN_INDEX_FILE_SCHEMA = `
DROP INDEX messages_text_index;
DROP TABLE message_text;
CREATE TABLE text_removals (message_id INTEGER PRIMARY KEY) STRICT;
`;

/** Belongs into the transaction that deletes the message. */
export function noteRemoval(database: Database, messageId: number): void {
  database.run('INSERT INTO text_removals (message_id) VALUES (?)', messageId);
}

export class TextBacklog {
  constructor(private readonly database: Database) {}

  /** The highest number that a message ever had. */
  get lastMessageId(): number {
    return this.database.get<{ seq: number }>("SELECT seq FROM sqlite_sequence WHERE name = 'messages'")!.seq;
  }

  /** Messages that are no more, at most so many. */
  removed(count: number): number[] {
    return this.database.all<{ message_id: number }>('SELECT message_id FROM text_removals LIMIT ?', count).map((row) => row.message_id);
  }

  /** The index has forgotten these. */
  forgotten(messageIds: readonly number[]): void {
    if (messageIds.length === 0) return;
    // A batch: after a power failure they are forgotten once more.
    this.database.batch(() => {
      for (const id of messageIds) this.database.run('DELETE FROM text_removals WHERE message_id = ?', id);
    });
  }
}
