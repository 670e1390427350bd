/** One question to the full-text index, put by a search. With a million messages it takes up to seconds: for a thread of its own. */

import type { Connection } from '../sqlite-file.js';
import { readMailFile } from './mail-file.js';
import type { FoundTexts } from './message-types.js';
import { type FoundIds, TextIndex } from './text-index.js';

export interface FindOrder {
  /** The file with the mail. */
  readonly mail: string;
  readonly index: string;
  readonly mailboxId: number;
  readonly foldedText: string;
}

/** Null: the text is too short for the index. Errors lose what they are on the way out of a thread. */
export type FindResult = FoundTexts | null | 'index damaged';

/** The messages of a folder that may hold the text. @throws Error as SQLite says it */
export function findInFolder({ mail, index, mailboxId, foldedText }: FindOrder): FindResult {
  return readMailFile(mail, (database) => {
    const ids = findIds(database, index, foldedText);
    if (ids === null || ids === 'index damaged') return ids;
    return { sure: uidsOf(database, mailboxId, ids.sure), possible: uidsOf(database, mailboxId, ids.possible) };
  });
}

function uidsOf(mail: Connection, mailboxId: number, messageIds: readonly number[]): Uint32Array {
  const { uids } = mail
    .prepare(
      `SELECT json_group_array(uid) AS uids
       FROM json_each(?) AS ids CROSS JOIN entries ON entries.message_id = ids.value AND entries.mailbox_id = ?`,
    )
    .get(JSON.stringify(messageIds), mailboxId) as { uids: string };
  return Uint32Array.from(JSON.parse(uids) as number[]).sort();
}

function findIds(mail: Connection, path: string, foldedText: string): FoundIds | null | 'index damaged' {
  const { first, last } = mail.prepare('SELECT min(id) AS first, max(id) AS last FROM messages').get() as Record<string, number | null>;
  const index = new TextIndex(path);
  try {
    const ids = index.find(foldedText, first ?? 1, last ?? 0);
    return index.isDamaged ? 'index damaged' : ids;
  } finally {
    index.close();
  }
}
