/** What a restore of encrypted mail leaves for the moment when its key is there. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { MANIFEST_NAME } from '../backup/archive.js';
import { findFault, leapForward } from '../store/snapshot.js';
import type { SqliteFile } from '../store/sqlite-file.js';

/** The manifest is still there: what was restored was not looked into. Done twice, it does no harm. @throws Error when the copy is not sound */
export function finishRestoring(dataDirectory: string, file: SqliteFile): void {
  const manifest = join(dataDirectory, MANIFEST_NAME);
  if (!existsSync(manifest)) return;
  const fault = findFault(file);
  if (fault !== null) throw new Error(`the database that was restored is not sound: ${fault}`);
  leapForward(file);
  rmSync(manifest);
}
