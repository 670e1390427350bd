/** Opens the full-text index of a data directory and has a thread keep it up. */
import { join } from 'node:path';
import { DATABASE_NAME } from '../backup/archive.js';
import type { Clock } from '../base/clock.js';
import type { Logger } from '../base/log.js';
import type { Database } from '../store/database.js';
import type { TextFinder } from '../store/mail/message-types.js';
import { TextBacklog } from '../store/mail/text-backlog.js';
import { ThreadedTextFinder } from '../store/mail/text-finder.js';
import { TextIndex } from '../store/mail/text-index.js';
import { TextIndexer } from '../store/mail/text-indexer.js';
import type { Mailboxes } from '../store/mail/types.js';

/** Is in no backup, and may be deleted while nothing runs: it is made anew. */
const TEXT_INDEX_NAME = 'text-index.sqlite';

export interface TextIndexRooms {
  readonly database: Database;
  readonly mailboxes: Mailboxes;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Until `stop`. Without an index, where none can be opened (a full disk), searches read every message. */
export function openTextIndex(dataDirectory: string, rooms: TextIndexRooms): { readonly finder: TextFinder | null; stop(): Promise<void> } {
  const paths = { mail: join(dataDirectory, DATABASE_NAME), index: join(dataDirectory, TEXT_INDEX_NAME) };
  const backlog = new TextBacklog(rooms.database);
  let index: TextIndex;
  try {
    index = TextIndex.openOrMake(paths.index, backlog.lastMessageId);
  } catch (error) {
    rooms.log.warn('searching without a full-text index, which cannot be opened', error as Error);
    return { finder: null, stop: async () => {} };
  }
  const indexer = new TextIndexer(paths, new URL('./text-index-worker.js', import.meta.url), { ...rooms, index, backlog });
  indexer.start();
  const finder = new ThreadedTextFinder(paths, index);
  return {
    finder,
    stop: async () => {
      await Promise.all([indexer.stop(), finder.stop()]);
      index.closeWhole();
    },
  };
}
