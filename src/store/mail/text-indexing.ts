/** One turn of indexing: takes removed messages out of the full-text index and new ones in. For a thread of its own. */

import { isDamage } from '../../base/disk-fault.js';
import type { Connection, SqliteFile } from '../sqlite-file.js';
import { readMailFile } from './mail-file.js';
import type { FoldedText } from './message-types.js';
import { TextIndex } from './text-index.js';

export interface IndexingOrder {
  /** The file with the mail. */
  readonly mail: SqliteFile;
  readonly index: SqliteFile;
  readonly removed: readonly number[];
}

/** Errors lose what they are on the way out of a thread. */
export type IndexingResult = 'done' | 'index damaged';

/** Whoever stops the program waits for a turn; a thousand mails are indexed in one. */
const TURN_MS = 250;
/** Numbers read at a time. */
const MESSAGES_AT_ONCE = 100;

/** @throws Error as SQLite says it, when the disk is full, for instance */
export function takeIndexingTurn(order: IndexingOrder, foldedText: FoldedText): IndexingResult {
  return readMailFile(order.mail, (mail) => {
    const index = new TextIndex(order.index);
    try {
      indexSome(mail, index, order.removed, foldedText);
      return 'done';
    } catch (error) {
      if (isDamage(error)) return 'index damaged';
      throw error;
    } finally {
      index.close();
    }
  });
}

function indexSome(mail: Connection, index: TextIndex, removed: readonly number[], foldedText: FoldedText): void {
  const endsAt = performance.now() + TURN_MS;
  // Before the messages are read: once none is left, all up to this one are known.
  const { seq } = mail.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'messages'").get() as { seq: number };
  const next = mail.prepare('SELECT id, structure FROM messages WHERE id > ? ORDER BY id LIMIT ?');
  const body = mail.prepare('SELECT header, text FROM bodies WHERE message_id = ?');
  index.change(() => {
    for (const id of removed) index.forget(id);
    let { reach } = index;
    do {
      const messages = next.all(reach, MESSAGES_AT_ONCE) as { id: number; structure: string }[];
      for (const { id, structure } of messages) {
        const found = body.get(id) as { header: Uint8Array; text: Uint8Array } | undefined;
        // Not found: a large one, of which nobody knows how much is text; or deleted since its number was read, which is told in the next turn.
        if (found === undefined) index.leaveOut(id);
        else index.add(id, foldedText(Buffer.concat([found.header, found.text]), structure));
        reach = id;
        if (performance.now() >= endsAt) break;
      }
      if (messages.length === 0) reach = Math.max(reach, seq);
    } while (reach < seq && performance.now() < endsAt);
    index.reach = reach;
  });
}
