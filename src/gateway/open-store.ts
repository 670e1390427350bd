/** The data directory, its lock and its database. */
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import type { Keystore } from '../access/keystore.js';
import { DATABASE_NAME } from '../backup/archive.js';
import type { Clock } from '../base/clock.js';
import type { Logger } from '../base/log.js';
import { makeDirectory } from '../base/make-directory.js';
import { KEY_NAMES, TEXT_INDEX_NAME, tidyAfterRewriting } from '../sealing/mail-file.js';
import { Checkpointer } from '../store/checkpointer.js';
import { Database } from '../store/database.js';
import { LOCK_NAME, takeInstanceLock } from '../store/instance-lock.js';
import type { SqliteFile } from '../store/sqlite-file.js';
import { directoryRefusal, StartError } from './start-error.js';
import type { StoreFiles } from './text-index.js';
import { updateLargeDatabase } from './update.js';

/** Told how to close what was opened, one after the other. */
export type Opened = (close: () => void | Promise<void>) => void;

export interface StoreRooms {
  readonly clock: Clock;
  readonly log: Logger;
  readonly onLost?: (error: Error) => void;
}

/** From here on nobody else has the directory. @throws StartError */
export function enterDirectory(dataDirectory: string, opened: Opened): void {
  try {
    makeDirectory(dataDirectory, 0o700);
    if (!isWritable(dataDirectory)) throw new StartError(({ commandLine }) => commandLine.notWritable);
    const lock = takeInstanceLock(join(dataDirectory, LOCK_NAME));
    if (lock === null) throw new StartError(({ commandLine }) => commandLine.isRunning);
    opened(() => lock.release());
    tidyAfterRewriting(dataDirectory);
  } catch (error) {
    throw directoryRefusal(dataDirectory, error as Error);
  }
}

/** @param keystore unlocked, of a directory whose mail is encrypted; null: it is not */
export function filesOf(dataDirectory: string, keystore: Keystore | null): StoreFiles {
  const [mail, index] = [join(dataDirectory, DATABASE_NAME), join(dataDirectory, TEXT_INDEX_NAME)];
  if (keystore === null) return { mail, index };
  return {
    mail: { path: mail, key: keystore.derive(KEY_NAMES.database) },
    index: { path: index, key: keystore.derive(KEY_NAMES.textIndex) },
  };
}

/** @throws StartError, or AbortError when an update is called off */
export async function openDatabase(
  dataDirectory: string,
  file: SqliteFile,
  rooms: StoreRooms,
  opened: Opened,
  signal: AbortSignal,
): Promise<Database> {
  const { clock, log, onLost } = rooms;
  try {
    await updateLargeDatabase(file, { clock, log }, signal);
    const database = new Database(file, onLost);
    opened(() => closeWhole(database));
    const checkpointer = new Checkpointer(file, { database, clock, log });
    checkpointer.start();
    opened(() => checkpointer.stop());
    return database;
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw error;
    throw directoryRefusal(dataDirectory, error as Error);
  }
}

/** SQLite takes the write-ahead log over when the last one closes: not as long as a statement, of a thread perhaps, waits for the garbage collector. */
function closeWhole(database: Database): void {
  try {
    database.emptyLog();
  } finally {
    database.close();
  }
}

function isWritable(directory: string): boolean {
  try {
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
