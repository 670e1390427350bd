/** The data directory, its lock and its database. */
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { DATABASE_NAME } from '../backup/archive.js';
import type { Clock } from '../base/clock.js';
import type { Logger } from '../base/log.js';
import { makeDirectory } from '../base/make-directory.js';
import { Checkpointer } from '../store/checkpointer.js';
import { Database } from '../store/database.js';
import { takeInstanceLock } from '../store/instance-lock.js';
import { directoryRefusal, StartError } from './start-error.js';
import { updateLargeDatabase } from './update.js';

/** @param opened how to close what was opened, one after the other @throws StartError, or AbortError when an update is called off */
export async function openStore(
  dataDirectory: string,
  { clock, log, onLost }: { readonly clock: Clock; readonly log: Logger; readonly onLost?: (error: Error) => void },
  opened: (close: () => void | Promise<void>) => void,
  signal: AbortSignal,
): Promise<Database> {
  try {
    makeDirectory(dataDirectory, 0o700);
    if (!isWritable(dataDirectory)) throw new StartError(({ commandLine }) => commandLine.notWritable);
    const lock = takeInstanceLock(join(dataDirectory, 'lock.sqlite'));
    if (lock === null) throw new StartError(({ commandLine }) => commandLine.isRunning);
    opened(() => lock.release());
    const path = join(dataDirectory, DATABASE_NAME);
    await updateLargeDatabase(path, { clock, log }, signal);
    const database = new Database(path, onLost);
    opened(() => closeWhole(database));
    const checkpointer = new Checkpointer(path, { database, clock, log });
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
