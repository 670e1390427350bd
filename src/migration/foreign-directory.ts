/** The data directory of a PyBitmessage that is not running: copies of its files, for the originals are never written to. */
import { copyFile, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MigrationRefusal } from './refusal.js';

export interface ForeignDirectory {
  readonly keysDat: Buffer;
  readonly knownNodes: Buffer | null;
  /** A copy of messages.dat, or null when there is none. */
  readonly messagesPath: string | null;
  readonly remove: () => Promise<void>;
}

/** Far beyond anybody's number of identities; a mistaken path should not fill the memory. */
const MAX_KEYS_BYTES = 16_777_216;

/** @param scratch a private directory for the copy of the mail @throws MigrationRefusal in words for the person */
export async function openForeignDirectory(directory: string, scratch: string): Promise<ForeignDirectory> {
  await refuseWhileRunning(directory);
  const keysDat = await readKeys(directory);
  const journal = await sizeOf(join(directory, 'messages.dat-journal'));
  if (journal > 0) throw new MigrationRefusal(({ moving }) => moving.pybitmessage.notClosed);
  const copy = await mkdtemp(join(scratch, 'import-'));
  const remove = (): Promise<void> => rm(copy, { recursive: true, force: true });
  try {
    const hasMessages = (await sizeOf(join(directory, 'messages.dat'))) > 0;
    if (hasMessages) await copyFile(join(directory, 'messages.dat'), join(copy, 'messages.dat'));
    const knownNodes = await readFile(join(directory, 'knownnodes.dat')).catch(nullIfMissing);
    // Again: it may have been started while the copy was made.
    await refuseWhileRunning(directory);
    return { keysDat, knownNodes, messagesPath: hasMessages ? join(copy, 'messages.dat') : null, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** @throws MigrationRefusal */
export async function readKeysFile(path: string): Promise<Buffer> {
  if ((await sizeOf(path)) > MAX_KEYS_BYTES) throw new MigrationRefusal(({ moving }) => moving.notbit.tooLarge(path));
  const keys = await readFile(path).catch(nullIfMissing);
  if (keys === null) throw new MigrationRefusal(({ moving }) => moving.noFile(path));
  return keys;
}

async function readKeys(directory: string): Promise<Buffer> {
  const names = await readdir(directory).catch(nullIfMissing);
  if (names === null) throw new MigrationRefusal(({ moving }) => moving.noDirectory(directory));
  if (names.includes('keys.dat')) return readKeysFile(join(directory, 'keys.dat'));
  const copy = names
    .filter((name) => /^keys\.dat\.\d+\.bak$/.test(name))
    .sort()
    .at(-1);
  throw new MigrationRefusal(({ moving: { pybitmessage } }) =>
    copy === undefined ? pybitmessage.noKeys(directory) : pybitmessage.crashCopy(directory, copy),
  );
}

/** PyBitmessage holds a lock on singleton.lock while it runs, and writes its process number into it. */
async function refuseWhileRunning(directory: string): Promise<void> {
  const path = join(directory, 'singleton.lock');
  const text = await readFile(path, 'latin1').catch(nullIfMissing);
  if (text === null) return;
  const process = Number.parseInt(text, 10);
  if ((await isLocked(path)) || (process > 0 && (await isPybitmessage(process)))) {
    throw new MigrationRefusal(({ moving: { pybitmessage } }) =>
      process > 0 ? pybitmessage.runningAs(directory, process) : pybitmessage.running(directory),
    );
  }
}

/** Linux lists who holds which lock. */
async function isLocked(path: string): Promise<boolean> {
  const locks = await readFile('/proc/locks', 'latin1').catch(() => '');
  const { ino } = await stat(path);
  return locks.split('\n').some((line) => /\bWRITE\b/.test(line) && line.includes(`:${ino} `));
}

/** A number that the system has given to another program since is not PyBitmessage's; where that cannot be told, it counts. */
async function isPybitmessage(process: number): Promise<boolean> {
  if (!isAlive(process)) return false;
  const command = await readFile(`/proc/${process}/cmdline`, 'latin1').catch(() => null);
  return command === null || /bitmessage/i.test(command);
}

function isAlive(process: number): boolean {
  try {
    globalThis.process.kill(process, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(nullIfMissing))?.size ?? 0;
}

function nullIfMissing(error: unknown): null {
  if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
  if (['EACCES', 'EPERM', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) {
    const { path = '', message } = error as NodeJS.ErrnoException;
    throw new MigrationRefusal(({ moving }) => moving.notReadable(path, message));
  }
  throw error;
}
