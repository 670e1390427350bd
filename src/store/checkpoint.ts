/** Copies what stands in the write-ahead log into the database file. For a thread of its own. */
import { openSqlite, type SqliteFile } from './sqlite-file.js';

export interface CheckpointOrder {
  readonly file: SqliteFile;
  /** Whether, at the end, nobody may write until the last pages are copied: the log then begins anew. */
  readonly mayHoldWriter: boolean;
}

/** Copied in a few milliseconds. */
const FEW_PAGES = 100;
/** Each round copies what was written during the one before, so that they get shorter; the first does nearly all. */
const MAX_ROUNDS = 8;
/** While mail is moved in as fast as it goes it does not get to so few: then a tenth of the log will do, some milliseconds for each 1000 pages. */
const HELD_SHARE = 0.1;

/** @throws Error when the disk is full or fails; the log stays as it is, and nothing is lost */
export function checkpoint({ file, mayHoldWriter }: CheckpointOrder): void {
  const database = openSqlite(file, 'checkpoint');
  try {
    const look = database.prepare('PRAGMA wal_checkpoint(NOOP)');
    for (let round = 1; round <= MAX_ROUNDS; round++) {
      database.exec('PRAGMA wal_checkpoint(PASSIVE)');
      const { log, checkpointed } = look.get() as { log: number; checkpointed: number };
      const pending = log - checkpointed;
      if (pending > FEW_PAGES && (round < MAX_ROUNDS || pending > HELD_SHARE * log)) continue;
      if (mayHoldWriter && pending > 0) database.exec('PRAGMA wal_checkpoint(FULL)');
      return;
    }
  } finally {
    database.close();
  }
}
