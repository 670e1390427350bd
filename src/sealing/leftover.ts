/** A file that is replaced by another, with nothing of it left behind: it keeps a second name until it is overwritten. */
import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** Written at a time. */
const CHUNK_BYTES = 1_048_576;
/** Of file systems that know no second names. */
const NO_LINKS: readonly unknown[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EISDIR', 'EINVAL'];

/** Where a file is written anew. */
export function rewritten(path: string): string {
  return `${path}.new`;
}

/** The second name of a file that is being replaced. */
export function leftover(path: string): string {
  return `${path}.old`;
}

/** Gives `rewritten(path)` the name of `path`. At every moment a whole file has it, the old one or the new one. */
export function replaceByRewritten(path: string): void {
  sync(rewritten(path), 'r+');
  const old = openSync(path, 'r+');
  try {
    const { size } = statSync(path);
    link(path, leftover(path));
    renameSync(rewritten(path), path);
    syncDirectory(dirname(path));
    overwrite(old, size);
  } finally {
    closeSync(old);
  }
  rmSync(leftover(path), { force: true });
}

/** What was begun, and is of no use. */
export function removeRewritten(path: string): void {
  for (const ending of ['', '-journal', '-wal', '-shm']) rmSync(`${rewritten(path)}${ending}`, { force: true });
}

/** @param kept another name: should it be one of the same file, it is not overwritten */
export function overwriteAndRemove(path: string, kept?: string): void {
  const { ino, dev, size } = statSync(path);
  const other = kept === undefined ? undefined : statSync(kept, { throwIfNoEntry: false });
  if (other?.ino !== ino || other.dev !== dev) {
    const file = openSync(path, 'r+');
    try {
      overwrite(file, size);
    } finally {
      closeSync(file);
    }
  }
  rmSync(path);
}

function overwrite(file: number, size: number): void {
  const nothing = Buffer.alloc(CHUNK_BYTES);
  for (let at = 0; at < size; at += CHUNK_BYTES) writeSync(file, nothing, 0, Math.min(CHUNK_BYTES, size - at), at);
  fsyncSync(file);
}

/** Without a second name, a kill before all is overwritten leaves the rest of it to the free blocks of the disk. */
function link(path: string, second: string): void {
  rmSync(second, { force: true });
  try {
    linkSync(path, second);
  } catch (error) {
    if (!NO_LINKS.includes((error as NodeJS.ErrnoException).code)) throw error;
  }
}

/** Windows cannot open a directory, and does not need it. */
function syncDirectory(path: string): void {
  if (process.platform !== 'win32') sync(path, 'r');
}

function sync(path: string, flags: 'r' | 'r+'): void {
  const file = openSync(path, flags);
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
