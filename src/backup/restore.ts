/** Makes a data directory of a backup: all of it or nothing. */
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SLOT_FILE_NAME } from '../access/slot-file.js';
import { isDiskFull } from '../base/disk-fault.js';
import { makeDirectory } from '../base/make-directory.js';
import { formOf } from '../store/file-form.js';
import { findFault, leapForward } from '../store/snapshot.js';
import { DATABASE_NAME, FORMAT, isArchiveName, MANIFEST_NAME, type Manifest } from './archive.js';
import { BackupRefusal } from './refusal.js';
import { SealError, unseal } from './seal.js';
import { readTar, TarError, type TarFile } from './tar.js';

/** Answers when the backup was made, and whether the mail in it is encrypted by itself. @throws BackupRefusal, with nothing changed */
export async function restoreBackup(
  source: string,
  passphrase: string,
  dataDirectory: string,
): Promise<{ createdAt: number; isSealed: boolean }> {
  await refuseUsed(dataDirectory);
  if ((await stat(source).catch(() => undefined))?.isFile() !== true) throw new BackupRefusal(({ moving }) => moving.noFile(source));
  const unfinished = `${dataDirectory}.restoring`;
  makeDirectory(dirname(dataDirectory));
  await rm(unfinished, { recursive: true, force: true });
  try {
    await mkdir(unfinished, { mode: 0o700 });
    await unpack(source, passphrase, unfinished);
    const manifest = await readManifest(unfinished);
    const isSealed = formOf(join(unfinished, DATABASE_NAME)) === 'sealed' && existsSync(join(unfinished, SLOT_FILE_NAME));
    // What is encrypted is looked into when it is unlocked; the manifest says that this is still to be done.
    if (!isSealed) await look(unfinished, source);
    await rmdir(dataDirectory).catch(() => {});
    await rename(unfinished, dataDirectory);
    return { createdAt: manifest.createdAt, isSealed };
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    if (error instanceof SealError)
      throw new BackupRefusal((words) => words.moving.restore.about(source, error.say(words)), { cause: error });
    // The seal is whole: somebody else's program has sealed something else.
    if (error instanceof TarError)
      throw new BackupRefusal(({ moving: { restore } }) => restore.about(source, restore.notABackup), { cause: error });
    if (isDiskFull(error))
      throw new BackupRefusal(({ moving, orders }) => moving.restore.notUsable(dataDirectory, orders.diskFull), { cause: error });
    throw error;
  }
}

/** @throws BackupRefusal */
async function look(directory: string, source: string): Promise<void> {
  const fault = findFault(join(directory, DATABASE_NAME));
  if (fault !== null) throw new BackupRefusal(({ moving }) => moving.restore.notSound(source, fault));
  makeFit(source, join(directory, DATABASE_NAME));
  await rm(join(directory, MANIFEST_NAME));
}

async function unpack(source: string, passphrase: string, directory: string): Promise<void> {
  const names = new Set<string>();
  for await (const file of readTar(unseal(createReadStream(source), passphrase))) {
    if (!isArchiveName(file.name)) throw new TarError(`it holds "${file.name}", which no backup does`);
    if (names.has(file.name)) throw new TarError(`it holds "${file.name}" twice`);
    names.add(file.name);
    await write(join(directory, file.name), file);
  }
}

/** Of a later version, or of another program, it is sound and yet not ours. @throws BackupRefusal */
function makeFit(source: string, databasePath: string): void {
  try {
    leapForward(databasePath);
  } catch (error) {
    if (isDiskFull(error)) throw error;
    throw new BackupRefusal(({ moving }) => moving.restore.notSound(source, (error as Error).message), { cause: error });
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
  const manifest = parseManifest(await readFile(join(directory, MANIFEST_NAME), 'utf8').catch(() => ''));
  if (typeof manifest.format !== 'number' || typeof manifest.createdAt !== 'number')
    throw new SealError(({ moving }) => moving.restore.notABackup);
  if (manifest.format > FORMAT) throw new SealError(({ moving }) => moving.restore.tooNew);
  return manifest as Manifest;
}

/** Of another program's archive it may be anything. */
function parseManifest(text: string): Partial<Manifest> {
  try {
    return { ...(JSON.parse(text) as Partial<Manifest>) };
  } catch {
    return {};
  }
}

/** An empty directory is as good as none. */
async function refuseUsed(dataDirectory: string): Promise<void> {
  const names = await readdir(dataDirectory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new BackupRefusal(({ moving }) => moving.restore.notUsable(dataDirectory, error.message));
  });
  if (names.length > 0) throw new BackupRefusal(({ moving }) => moving.restore.notEmpty(dataDirectory));
}
