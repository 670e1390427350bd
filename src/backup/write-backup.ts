/** Writes a backup: a snapshot of the database and the files beside it, packed, sealed, and on the disk before it gets its name. */
import { link, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeSnapshot } from '../store/snapshot.js';
import { archiveFiles, DATABASE_NAME, SNAPSHOT_NAME } from './archive.js';
import { seal } from './seal.js';
import { writeTar } from './tar.js';

export interface BackupOrder {
  readonly dataDirectory: string;
  /** Of the database; null: it is not encrypted, and neither is its copy. */
  readonly key: Uint8Array | null;
  /** Must not be there yet. */
  readonly target: string;
  readonly passphrase: string;
  /** UnixSeconds */
  readonly createdAt: number;
  /** For tests: age's scrypt work factor. */
  readonly workFactor?: number;
}

/** Where the copies lie that are not finished. */
function temporaryFiles({ dataDirectory, target }: Pick<BackupOrder, 'dataDirectory' | 'target'>): {
  snapshot: string;
  unfinished: string;
} {
  return { snapshot: snapshotPath(dataDirectory), unfinished: `${target}.part` };
}

function snapshotPath(dataDirectory: string): string {
  return join(dataDirectory, SNAPSHOT_NAME);
}

/** For a process of its own. Answers the size of the file, bytes. */
export async function writeBackup(order: BackupOrder): Promise<number> {
  const { dataDirectory, key, target, passphrase, createdAt, workFactor } = order;
  const { snapshot, unfinished } = temporaryFiles(order);
  await removeTemporary(order);
  try {
    const path = join(dataDirectory, DATABASE_NAME);
    writeSnapshot(key === null ? path : { path, key }, snapshot);
    const archive = writeTar(archiveFiles(dataDirectory, snapshot, createdAt), createdAt);
    const file = await open(unfinished, 'wx', 0o600);
    let size = 0;
    try {
      for await (const chunk of seal(archive, passphrase, workFactor)) {
        await file.write(chunk);
        size += chunk.length;
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await place(unfinished, target);
    return size;
  } finally {
    await removeTemporary(order);
  }
}

export async function removeTemporary(order: Pick<BackupOrder, 'dataDirectory' | 'target'>): Promise<void> {
  await removeSnapshot(order.dataDirectory);
  await rm(temporaryFiles(order).unfinished, { force: true });
}

export async function removeSnapshot(dataDirectory: string): Promise<void> {
  const snapshot = snapshotPath(dataDirectory);
  for (const path of [snapshot, `${snapshot}-journal`]) await rm(path, { force: true });
}

/** A link fails where a file is already; some file systems know no links. */
async function place(unfinished: string, target: string): Promise<void> {
  try {
    await link(unfinished, target);
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    await rename(unfinished, target);
  }
  if (process.platform === 'win32') return;
  const directory = await open(dirname(target), 'r');
  await directory.sync().finally(() => directory.close());
}
