/** A copy of the database as it is at one moment, and what must be done before such a copy becomes the database again. */
import { Database } from './database.js';
import { openSqlite, type SqliteFile } from './sqlite-file.js';

/** Everything that depends on a counter is moved on by this much: more than a person's gateway gives out between two backups. */
const LEAP = 1_048_576;

/**
 * Writes a copy without the deleted parts, with the same key where there is one. For a process of its own: it takes as long as the disk needs. Readers and the writer of
 * the database are not held up: the copy is one long read.
 */
export function writeSnapshot(file: SqliteFile, targetPath: string): void {
  const source = openSqlite(file, 'copying');
  try {
    source.prepare('VACUUM INTO ?').run(targetPath);
  } finally {
    source.close();
  }
}

/** The reason why a file is no sound database of ours, or null. */
export function findFault(file: SqliteFile): string | null {
  try {
    const database = openSqlite(file, 'copying');
    try {
      const [row] = database.prepare('PRAGMA quick_check(1)').all() as { quick_check: string }[];
      return row?.quick_check === 'ok' ? null : (row?.quick_check ?? 'it is empty');
    } finally {
      database.close();
    }
  } catch (error) {
    return (error as Error).message;
  }
}

/**
 * Makes a restored copy fit to go on: what was given out after the copy was made (UIDs, mod-sequences, EMAILIDs) and is remembered
 * by mail programs is never given out again. Brings it to the present schema, too.
 */
export function leapForward(file: SqliteFile): void {
  const database = new Database(file);
  try {
    database.durably(() => {
      database.run(
        'UPDATE mailboxes SET uid_next = uid_next + ?, highest_modseq = highest_modseq + ?, forgotten_to = highest_modseq + ?',
        LEAP,
        LEAP,
        LEAP,
      );
      database.run("UPDATE sqlite_sequence SET seq = max(seq + ?, unixepoch() * 1000) WHERE name = 'messages'", LEAP);
      database.run("UPDATE sqlite_sequence SET seq = seq + ? WHERE name <> 'messages'", LEAP);
    });
    // So that the file is whole by itself; the next to open it turns the write-ahead log on again.
    database.exec('PRAGMA journal_mode = DELETE');
  } finally {
    database.close();
  }
}
