/** Opens the full-text index of a data directory and has a thread keep it up. */
import type { Clock } from '../base/clock.js';
import type { Logger } from '../base/log.js';
import type { Database } from '../store/database.js';
import type { TextFinder } from '../store/mail/message-types.js';
import { TextBacklog } from '../store/mail/text-backlog.js';
import { ThreadedTextFinder } from '../store/mail/text-finder.js';
import { TextIndex } from '../store/mail/text-index.js';
import { TextIndexer } from '../store/mail/text-indexer.js';
import type { Mailboxes } from '../store/mail/types.js';
import type { SqliteFile } from '../store/sqlite-file.js';

/** The database, and the index of its words. */
export interface StoreFiles {
  readonly mail: SqliteFile;
  readonly index: SqliteFile;
}

export interface TextIndexRooms {
  readonly database: Database;
  readonly mailboxes: Mailboxes;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Until `stop`. Without an index, where none can be opened (a full disk), searches read every message. */
export function openTextIndex(files: StoreFiles, rooms: TextIndexRooms): { readonly finder: TextFinder | null; stop(): Promise<void> } {
  const backlog = new TextBacklog(rooms.database);
  let index: TextIndex;
  try {
    index = TextIndex.openOrMake(files.index, backlog.lastMessageId);
  } catch (error) {
    rooms.log.warn('searching without a full-text index, which cannot be opened', error as Error);
    return { finder: null, stop: async () => {} };
  }
  const indexer = new TextIndexer(files, new URL('./text-index-worker.js', import.meta.url), { ...rooms, index, backlog });
  indexer.start();
  const finder = new ThreadedTextFinder(files, index);
  return {
    finder,
    stop: async () => {
      await Promise.all([indexer.stop(), finder.stop()]);
      index.closeWhole();
    },
  };
}
