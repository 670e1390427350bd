/** What is in a backup: the files of a data directory that cannot be made again, under the names that they have there. */
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SLOT_FILE_NAME } from '../access/slot-file.js';
import { formOf } from '../store/file-form.js';
import type { TarFile } from './tar.js';

export const DATABASE_NAME = 'postern.sqlite';
/** A copy that is being made, in the data directory, which is for its owner alone. */
export const SNAPSHOT_NAME = 'backup-snapshot.sqlite';
const CERTIFICATES = 'certificates';
export const MANIFEST_NAME = 'backup.json';
/** Read again by every later version of the program. */
export const FORMAT = 1;

export interface Manifest {
  readonly format: number;
  /** UnixSeconds */
  readonly createdAt: number;
}

/** First the manifest, then the database: a restore knows early whether it can go on. */
export async function* archiveFiles(dataDirectory: string, snapshotPath: string, createdAt: number): AsyncGenerator<TarFile> {
  const manifest = Buffer.from(`${JSON.stringify({ format: FORMAT, createdAt } satisfies Manifest)}\n`);
  yield { name: MANIFEST_NAME, size: manifest.length, body: once(manifest) };
  yield await fileAt(DATABASE_NAME, snapshotPath);
  const isSealed = formOf(snapshotPath) === 'sealed';
  for (const name of ['login.json', 'config.toml', ...(isSealed ? [SLOT_FILE_NAME] : [])]) {
    const path = join(dataDirectory, name);
    if (await isThere(path)) yield await fileAt(name, path);
  }
  const directory = join(dataDirectory, CERTIFICATES);
  const names = (await isThere(directory)) ? await readdir(directory) : [];
  for (const name of names.sort()) yield await fileAt(`${CERTIFICATES}/${name}`, join(directory, name));
}

/** Whether a restore may write this: nothing outside of the directory, and nothing that a backup does not hold. */
export function isArchiveName(name: string): boolean {
  return (
    [MANIFEST_NAME, DATABASE_NAME, 'login.json', SLOT_FILE_NAME, 'config.toml'].includes(name) ||
    /^certificates\/[A-Za-z0-9][\w.-]{0,60}$/.test(name)
  );
}

async function fileAt(name: string, path: string): Promise<TarFile> {
  return { name, size: (await stat(path)).size, body: createReadStream(path) };
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

async function* once(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes;
}
