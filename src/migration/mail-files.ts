/** The mail files that other programs keep: mbox, eml and Maildir, read one mail at a time, and written. */
import { mkdir, open, readdir, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeDirectory } from '../base/make-directory.js';
import { flagsOfMaildirName, maildirInfo } from './formats/mail-flags.js';
import { MAX_MAIL_BYTES, readMbox, toMbox } from './formats/mbox.js';
import { MigrationRefusal } from './refusal.js';
import { kindOf, readSource, refusing, sourcePieces } from './source-file.js';

export type MailFormat = 'mbox' | 'eml' | 'maildir';

export interface FileMail {
  /** As they stand in the file; those of a large one have their memory to themselves. */
  readonly pieces: readonly Buffer[];
  /** Null: they are in the header. */
  readonly flags: readonly string[] | null;
  /** When it came, as far as the file tells; null when its Date must do. */
  readonly receivedAt: number | null;
  /** Levels below the folder that the mails go into. */
  readonly subfolder: readonly string[];
}

export interface WritableMail {
  readonly raw: Buffer;
  readonly flags: readonly string[];
  readonly internalDate: number;
  /** For the "From " line. */
  readonly sender: string;
}

/** Where the mails of one folder are written, one after the other. */
export interface MailWriter {
  write(mail: WritableMail): Promise<void>;
  close(): Promise<void>;
}

const OWNER_ONLY = 0o600;
const OWNER_ONLY_DIRECTORY = 0o700;

/** @param refused told of each mail that is too long, or that cannot be read among others @throws MigrationRefusal */
export function readMailFiles(format: MailFormat, path: string, refused: () => void): AsyncGenerator<FileMail> {
  return { mbox: mboxMails, eml: emlMails, maildir: maildirMails }[format](path, refused);
}

async function* mboxMails(path: string, refused: () => void): AsyncGenerator<FileMail> {
  for await (const { pieces, receivedAt } of readMbox(sourcePieces(path), refused))
    yield { pieces, flags: null, receivedAt, subfolder: [] };
}

/** A file, or all files of a directory whose names end so. */
async function* emlMails(path: string, refused: () => void): AsyncGenerator<FileMail> {
  if ((await kindOf(path)) === 'file') {
    const mail = await readSource(path, MAX_MAIL_BYTES);
    if (mail === null) refused();
    else yield { pieces: [mail], flags: [], receivedAt: null, subfolder: [] };
    return;
  }
  for (const name of (await refusing(path, () => readdir(path))).filter((name) => /\.eml$/i.test(name)).sort()) {
    const mail = await readOneOfMany(join(path, name));
    if (mail === null) refused();
    else yield { pieces: [mail], flags: [], receivedAt: null, subfolder: [] };
  }
}

/** The mails of a Maildir, and of the Maildirs in it (Maildir++: ".Folder.Subfolder"). */
async function* maildirMails(path: string, refused: () => void): AsyncGenerator<FileMail> {
  if ((await kindOf(path)) === 'file') throw new MigrationRefusal(({ moving }) => moving.isFile(path));
  const entries = await refusing(path, () => readdir(path, { withFileTypes: true }));
  const folders = entries.filter((entry) => entry.isDirectory() && /^\.[^.]/.test(entry.name));
  const isMaildir = await hasMaildir(path);
  if (!isMaildir && folders.length === 0) throw new MigrationRefusal(({ moving }) => moving.maildir.isNone(path));
  if (isMaildir) yield* oneMaildir(path, [], refused);
  for (const { name } of folders) {
    if (await hasMaildir(join(path, name))) yield* oneMaildir(join(path, name), name.slice(1).split('.'), refused);
  }
}

async function* oneMaildir(path: string, subfolder: readonly string[], refused: () => void): AsyncGenerator<FileMail> {
  for (const part of ['cur', 'new']) {
    const names = await readdir(join(path, part)).catch(() => []);
    for (const name of names.filter((candidate) => !candidate.startsWith('.')).sort()) {
      const file = join(path, part, name);
      // Delivery sets the time of the file, and moving it from "new" to "cur" keeps it.
      const modifiedMs = (await stat(file).catch(() => undefined))?.mtimeMs;
      const mail = modifiedMs === undefined ? null : await readOneOfMany(file);
      if (mail === null || modifiedMs === undefined) {
        refused();
        continue;
      }
      const receivedAt = Math.floor(modifiedMs / 1000);
      yield { pieces: [mail], flags: part === 'cur' ? flagsOfMaildirName(name) : [], receivedAt, subfolder };
    }
  }
}

/** A file that must not be there yet. @throws MigrationRefusal */
export async function writeMbox(path: string): Promise<MailWriter> {
  makeDirectory(dirname(path), OWNER_ONLY_DIRECTORY);
  const file = await open(path, 'wx', OWNER_ONLY).catch(refuseExisting(path));
  return {
    write: async ({ raw, flags, internalDate, sender }) => {
      const lower = flags.map((flag) => flag.toLowerCase());
      const letters = (meanings: Record<string, string>): string =>
        Object.keys(meanings)
          .filter((letter) => lower.includes(meanings[letter]))
          .join('');
      const status = `Status: ${letters({ R: '\\seen' })}O\r\nX-Status: ${letters({ A: '\\answered', F: '\\flagged', T: '\\draft' })}\r\n`;
      await file.write(toMbox(Buffer.concat([Buffer.from(status), raw]), sender, internalDate));
    },
    close: async () => {
      await file.sync();
      await file.close();
    },
  };
}

/** @param folder levels below the Maildir itself; it must not be there yet @throws MigrationRefusal */
export async function writeMaildir(root: string, folder: readonly string[]): Promise<MailWriter> {
  const name = folder.map((level) => level.replaceAll('.', '_').replaceAll('/', '_')).join('.');
  const path = name === '' ? root : join(root, `.${name}`);
  makeDirectory(root, OWNER_ONLY_DIRECTORY);
  if (await hasMaildir(path)) throw new MigrationRefusal(({ orders }) => orders.isThere(path));
  for (const part of ['cur', 'new', 'tmp']) await mkdir(join(path, part), { recursive: true, mode: OWNER_ONLY_DIRECTORY });
  let count = 0;
  return {
    write: async ({ raw, flags, internalDate }) => {
      const file = `${internalDate}.P${process.pid}Q${++count}.postern`;
      const temporary = join(path, 'tmp', file);
      const handle = await open(temporary, 'wx', OWNER_ONLY);
      try {
        await handle.writeFile(raw.toString('latin1').replace(/\r\n/g, '\n'), 'latin1');
        await handle.utimes(internalDate, internalDate);
      } finally {
        await handle.close();
      }
      await rename(temporary, join(path, 'cur', `${file}${maildirInfo(flags)}`));
    },
    close: async () => {},
  };
}

/** A text for its owner alone, in a file that must not be there yet. @throws MigrationRefusal */
export async function writeNewFile(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', OWNER_ONLY).catch(refuseExisting(path));
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Null: too long, or not to be read. One of thousands, which another program may have moved meanwhile, must not end it all. */
async function readOneOfMany(path: string): Promise<Buffer | null> {
  return readSource(path, MAX_MAIL_BYTES).catch((error) => {
    if (error instanceof MigrationRefusal) return null;
    throw error;
  });
}

async function hasMaildir(path: string): Promise<boolean> {
  return (await stat(join(path, 'cur')).catch(() => undefined))?.isDirectory() ?? false;
}

function refuseExisting(path: string): (error: NodeJS.ErrnoException) => never {
  return (error) => {
    if (error.code === 'EEXIST') throw new MigrationRefusal(({ orders }) => orders.isThere(path));
    throw new MigrationRefusal(({ orders }) => orders.notWritable(path, error.message));
  };
}
