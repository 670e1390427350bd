/** The file with the mail as a thread reads it, beside the main thread, which alone writes there. */
import { type Connection, openSqlite, type SqliteFile } from '../sqlite-file.js';

export function readMailFile<T>(file: SqliteFile, read: (mail: Connection) => T): T {
  const mail = openSqlite(file, 'reading');
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
export function closeSmall(database: Connection): void {
  database.exec('PRAGMA shrink_memory');
  database.close();
}
