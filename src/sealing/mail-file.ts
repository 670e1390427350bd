/** The files of a data directory whose mail may be encrypted, and what a run that was killed has left of them. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SLOT_FILE_NAME } from '../access/slot-file.js';
import { DATABASE_NAME } from '../backup/archive.js';
import { formOf } from '../store/file-form.js';
import { leftover, overwriteAndRemove, removeRewritten } from './leftover.js';
import { SealingRefusal } from './refusal.js';

/** The names of the keys that are made of the master key (HKDF): one for each file. */
export const KEY_NAMES = { database: 'database', textIndex: 'text index' } as const;

/** Is in no backup, and may be deleted while nothing runs: it is made anew. */
export const TEXT_INDEX_NAME = 'text-index.sqlite';

/** Whether the database of this directory is encrypted. A new directory's is not; one that nothing opens is damaged. */
export function isMailSealed(dataDirectory: string): boolean {
  return formOf(join(dataDirectory, DATABASE_NAME)) === 'sealed' && existsSync(join(dataDirectory, SLOT_FILE_NAME));
}

/**
 * Ends what a run that was killed has begun: the database that has the name counts, whole as it is. To be called by whoever has the
 * directory for itself.
 *
 * @throws SealingRefusal when encrypted mail was here and is gone: a new database would take its place
 */
export function tidyAfterRewriting(dataDirectory: string): void {
  const path = join(dataDirectory, DATABASE_NAME);
  removeRewritten(path);
  if (existsSync(leftover(path))) overwriteAndRemove(leftover(path), path);
  if (formOf(path) === 'none' && existsSync(join(dataDirectory, SLOT_FILE_NAME)))
    throw new SealingRefusal(({ keys }) => keys.mail.isGone(DATABASE_NAME, SLOT_FILE_NAME));
}
