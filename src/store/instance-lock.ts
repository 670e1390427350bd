/** One daemon to a data directory: a lock that the operating system lets go of, however the process ends. */
import { openSqlite } from './sqlite-file.js';

export interface InstanceLock {
  release(): void;
}

/** In every data directory. */
export const LOCK_NAME = 'lock.sqlite';

/** SQLite's result code when another process holds the lock. */
const SQLITE_BUSY = 5;

/** Takes the lock of this file (made when missing); null when another process holds it. A file with a process number would outlive a kill -9. */
export function takeInstanceLock(path: string): InstanceLock | null {
  const database = openSqlite(path, 'lock');
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY || /database is locked/.test((error as Error).message)) return null;
    throw error;
  }
  return { release: () => database.close() };
}
