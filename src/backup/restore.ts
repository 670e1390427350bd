/** Makes a data directory of a backup: all of it or nothing. */
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeDirectory } from '../base/make-directory.js';
import { findFault, leapForward } from '../store/snapshot.js';
import { DATABASE_NAME, FORMAT, isArchiveName, MANIFEST_NAME, type Manifest } from './archive.js';
import { BackupRefusal } from './refusal.js';
import { SealError, unseal } from './seal.js';
import { readTar, TarError, type TarFile } from './tar.js';

/** Answers when the backup was made. @throws BackupRefusal, with nothing changed */
export async function restoreBackup(source: string, passphrase: string, dataDirectory: string): Promise<{ createdAt: number }> {
  await refuseUsed(dataDirectory);
  if ((await stat(source).catch(() => undefined))?.isFile() !== true) throw new BackupRefusal(({ moving }) => moving.noFile(source));
  const unfinished = `${dataDirectory}.restoring`;
  makeDirectory(dirname(dataDirectory));
  await rm(unfinished, { recursive: true, force: true });
  try {
    await mkdir(unfinished, { mode: 0o700 });
    await unpack(source, passphrase, unfinished);
    const manifest = await readManifest(unfinished);
    const fault = findFault(join(unfinished, DATABASE_NAME));
    if (fault !== null) throw new BackupRefusal(({ moving }) => moving.restore.notSound(source, fault));
    leapForward(join(unfinished, DATABASE_NAME));
    await rm(join(unfinished, MANIFEST_NAME));
    await rmdir(dataDirectory).catch(() => {});
    await rename(unfinished, dataDirectory);
    return manifest;
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    if (error instanceof SealError)
      throw new BackupRefusal((words) => words.moving.restore.about(source, error.say(words)), { cause: error });
    // The seal is whole: somebody else's program has sealed something else.
    if (error instanceof TarError)
      throw new BackupRefusal(({ moving: { restore } }) => restore.about(source, restore.notABackup), { cause: error });
    throw error;
  }
}

async function unpack(source: string, passphrase: string, directory: string): Promise<void> {
  for await (const file of readTar(unseal(createReadStream(source), passphrase))) {
    if (!isArchiveName(file.name)) throw new TarError(`it holds "${file.name}", which no backup does`);
    await write(join(directory, file.name), file);
  }
}

async function write(path: string, { body }: TarFile): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const chunk of body) await file.write(chunk);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function readManifest(directory: string): Promise<Manifest> {
  const text = await readFile(join(directory, MANIFEST_NAME), 'utf8').catch(() => '{}');
  const manifest = JSON.parse(text) as Partial<Manifest>;
  if (typeof manifest.format !== 'number' || typeof manifest.createdAt !== 'number')
    throw new SealError(({ moving }) => moving.restore.notABackup);
  if (manifest.format > FORMAT) throw new SealError(({ moving }) => moving.restore.tooNew);
  return manifest as Manifest;
}

/** An empty directory is as good as none. */
async function refuseUsed(dataDirectory: string): Promise<void> {
  const names = await readdir(dataDirectory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new BackupRefusal(({ moving }) => moving.restore.notUsable(dataDirectory, error.message));
  });
  if (names.length > 0) throw new BackupRefusal(({ moving }) => moving.restore.notEmpty(dataDirectory));
}
