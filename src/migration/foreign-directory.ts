/** The data directory of a PyBitmessage that is not running: copies of its files, for the originals are never written to. */
import { copyFile, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isDiskFull } from '../base/disk-fault.js';
import { MAX_KNOWN_NODES_BYTES } from './formats/known-nodes.js';
import { MigrationRefusal } from './refusal.js';
import { isThere, kindOf, readSource, refusing } from './source-file.js';

export interface ForeignDirectory {
  readonly keysDat: Buffer;
  readonly knownNodes: Buffer | null;
  /** A copy of messages.dat, or null when there is none. */
  readonly messagesPath: string | null;
  readonly remove: () => Promise<void>;
}

/** Far beyond anybody's number of identities; a mistaken path should not fill the memory. */
const MAX_KEYS_BYTES = 16_777_216;
/** A process number. */
const MAX_LOCK_BYTES = 4096;

/** @param scratch a private directory for the copy of the mail @throws MigrationRefusal in words for the person */
export async function openForeignDirectory(directory: string, scratch: string): Promise<ForeignDirectory> {
  await refuseWhileRunning(directory);
  const keysDat = await readKeys(directory);
  if (!(await isEmpty(join(directory, 'messages.dat-journal')))) throw new MigrationRefusal(({ moving }) => moving.pybitmessage.notClosed);
  const copy = await mkdtemp(join(scratch, 'import-'));
  const remove = (): Promise<void> => rm(copy, { recursive: true, force: true });
  try {
    const original = join(directory, 'messages.dat');
    const messagesPath = (await isEmpty(original)) ? null : join(copy, 'messages.dat');
    if (messagesPath !== null) await copyMessages(original, messagesPath);
    const knownNodes = await readKnownNodes(join(directory, 'knownnodes.dat'));
    // Again: it may have been started while the copy was made.
    await refuseWhileRunning(directory);
    return { keysDat, knownNodes, messagesPath, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** @throws MigrationRefusal */
export async function readKeysFile(path: string): Promise<Buffer> {
  if (!(await isThere(path))) throw new MigrationRefusal(({ moving }) => moving.noFile(path));
  const keys = await readSource(path, MAX_KEYS_BYTES);
  if (keys === null) throw new MigrationRefusal(({ moving }) => moving.notbit.tooLarge(path));
  return keys;
}

async function readKeys(directory: string): Promise<Buffer> {
  const isDirectory = (await isThere(directory)) && (await kindOf(directory)) === 'directory';
  if (!isDirectory) throw new MigrationRefusal(({ moving }) => moving.noDirectory(directory));
  const names = await refusing(directory, () => readdir(directory));
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
  if (!(await isThere(path))) return;
  const text = await readSource(path, MAX_LOCK_BYTES);
  const process = Number.parseInt(text?.toString('latin1') ?? '', 10);
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

/** Too long: as unreadable as nothing at all. */
async function readKnownNodes(path: string): Promise<Buffer | null> {
  if (!(await isThere(path))) return null;
  return (await readSource(path, MAX_KNOWN_NODES_BYTES)) ?? Buffer.alloc(0);
}

/** A full disk here is not a fault of the file there. @throws MigrationRefusal */
async function copyMessages(from: string, to: string): Promise<void> {
  if ((await kindOf(from)) === 'directory') throw new MigrationRefusal(({ moving }) => moving.isDirectory(from));
  await copyFile(from, to).catch((error) => (isDiskFull(error) ? Promise.reject(error) : refusing(from, () => Promise.reject(error))));
}

/** Nothing, or a file of no bytes. @throws MigrationRefusal */
async function isEmpty(path: string): Promise<boolean> {
  if (!(await isThere(path))) return true;
  return (await refusing(path, () => stat(path))).size === 0;
}
