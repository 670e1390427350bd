/** Files that a person names to be read: regular ones, in whatever state they are; a pipe or a device is nothing to wait for. */
import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { MigrationRefusal } from './refusal.js';

/** What a stream of Node.js reads at a time. */
const PIECE_BYTES = 65_536;
/** Names no signal: from what a system call of a file says, `ERR_…` of Node.js apart. */
const SYSTEM_ERROR = /^E[A-Z0-9]+$/;

/** @throws MigrationRefusal for what is neither, too */
export async function kindOf(path: string): Promise<'file' | 'directory'> {
  const found = await refusing(path, () => stat(path));
  if (found.isDirectory()) return 'directory';
  if (!found.isFile()) throw new MigrationRefusal(({ moving }) => moving.noRegularFile(path));
  return 'file';
}

/** Piece by piece to its end, whatever its size is said to be: files of /proc say that they are empty. @throws MigrationRefusal */
export async function* sourcePieces(path: string): AsyncGenerator<Buffer> {
  const file = await openFile(path);
  try {
    for (;;) {
      const { buffer, bytesRead } = await refusing(path, () => file.read(Buffer.allocUnsafe(PIECE_BYTES)));
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

/** All of it, or null when it is longer than it may be. @throws MigrationRefusal */
export async function readSource(path: string, maxBytes: number): Promise<Buffer | null> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of sourcePieces(path)) {
    length += piece.length;
    if (length > maxBytes) return null;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** Whether there is anything of that name. @throws MigrationRefusal */
export async function isThere(path: string): Promise<boolean> {
  const isMissing = (error: NodeJS.ErrnoException): boolean => ['ENOENT', 'ENOTDIR'].includes(error.code ?? '');
  return refusing(path, () =>
    stat(path).then(
      () => true,
      (error) => (isMissing(error) ? false : Promise.reject(error)),
    ),
  );
}

/** What the system says of somebody's file is theirs to mend. @throws MigrationRefusal */
export async function refusing<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (!SYSTEM_ERROR.test(code)) throw error;
    throw new MigrationRefusal(({ moving }) => (code === 'ENOENT' ? moving.notThere(path) : moving.notReadable(path, message)), {
      cause: error,
    });
  }
}

/** Without waiting: to open a pipe takes until somebody writes into it. */
async function openFile(path: string): Promise<FileHandle> {
  const file = await refusing(path, () => open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)));
  const found = await file.stat();
  if (found.isFile()) return file;
  await file.close();
  throw new MigrationRefusal(({ moving }) => (found.isDirectory() ? moving.isDirectory(path) : moving.noRegularFile(path)));
}
