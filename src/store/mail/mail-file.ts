/** The file with the mail as a thread reads it, beside the main thread, which alone writes there. */
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';

/** Readers wait only while the write-ahead log begins anew. */
const LOCK_PATIENCE_MS = 5000;

export function readMailFile<T>(path: string, read: (mail: DatabaseSyncInstance) => T): T {
  const mail = new DatabaseSync(path, { readOnly: true, timeout: LOCK_PATIENCE_MS });
  try {
    return read(mail);
  } finally {
    closeSmall(mail);
  }
}

/**
 * Closes a database, with next to nothing left of it: SQLite keeps a closed one as long as one of its statements is not collected as
 * garbage, and a thread that opens it every moment had 2 MB of pages of each.
 */
export function closeSmall(database: DatabaseSyncInstance): void {
  database.exec('PRAGMA shrink_memory');
  database.close();
}
