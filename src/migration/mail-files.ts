/** The mail files that other programs keep: mbox, eml and Maildir, read one mail at a time, and written. */
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { flagsOfMaildirName, maildirInfo } from './formats/mail-flags.js';
import { MAX_MAIL_BYTES, readMbox, toMbox } from './formats/mbox.js';
import { MigrationRefusal } from './refusal.js';

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

/** @param refused told of each mail that is too long @throws MigrationRefusal */
export function readMailFiles(format: MailFormat, path: string, refused: () => void): AsyncGenerator<FileMail> {
  return { mbox: mboxMails, eml: emlMails, maildir: maildirMails }[format](path, refused);
}

async function* mboxMails(path: string, refused: () => void): AsyncGenerator<FileMail> {
  await kindOf(path, 'file');
  for await (const { pieces, receivedAt } of readMbox(createReadStream(path), refused))
    yield { pieces, flags: null, receivedAt, subfolder: [] };
}

/** A file, or all files of a directory whose names end so. */
async function* emlMails(path: string, refused: () => void): AsyncGenerator<FileMail> {
  const isDirectory = (await kindOf(path, 'any')) === 'directory';
  const names = isDirectory ? (await readdir(path)).filter((name) => /\.eml$/i.test(name)).sort() : [''];
  for (const name of names) {
    const mail = await readOne(join(path, name), refused);
    if (mail !== undefined) yield { pieces: [mail], flags: [], receivedAt: null, subfolder: [] };
  }
}

/** The mails of a Maildir, and of the Maildirs in it (Maildir++: ".Folder.Subfolder"). */
async function* maildirMails(path: string, refused: () => void): AsyncGenerator<FileMail> {
  await kindOf(path, 'directory');
  const folders = (await readdir(path, { withFileTypes: true })).filter((entry) => entry.isDirectory() && /^\.[^.]/.test(entry.name));
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
      const mail = await readOne(file, refused);
      if (mail === undefined) continue;
      // Delivery sets the time of the file, and moving it from "new" to "cur" keeps it.
      const receivedAt = Math.floor((await stat(file)).mtimeMs / 1000);
      yield { pieces: [mail], flags: part === 'cur' ? flagsOfMaildirName(name) : [], receivedAt, subfolder };
    }
  }
}

/** A file that must not be there yet. @throws MigrationRefusal */
export async function writeMbox(path: string): Promise<MailWriter> {
  await mkdir(dirname(path), { recursive: true, mode: OWNER_ONLY_DIRECTORY });
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
  await mkdir(root, { recursive: true, mode: OWNER_ONLY_DIRECTORY });
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

async function readOne(path: string, refused: () => void): Promise<Buffer | undefined> {
  if ((await stat(path)).size > MAX_MAIL_BYTES) {
    refused();
    return undefined;
  }
  return readFile(path);
}

async function hasMaildir(path: string): Promise<boolean> {
  return (await stat(join(path, 'cur')).catch(() => undefined))?.isDirectory() ?? false;
}

async function kindOf(path: string, wanted: 'file' | 'directory' | 'any'): Promise<'file' | 'directory'> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new MigrationRefusal(({ moving }) => (error.code === 'ENOENT' ? moving.notThere(path) : moving.notReadable(path, error.message)));
  });
  const kind = found.isDirectory() ? 'directory' : 'file';
  if (wanted !== 'any' && kind !== wanted)
    throw new MigrationRefusal(({ moving }) => (kind === 'directory' ? moving.isDirectory(path) : moving.isFile(path)));
  return kind;
}

function refuseExisting(path: string): (error: NodeJS.ErrnoException) => never {
  return (error) => {
    if (error.code === 'EEXIST') throw new MigrationRefusal(({ orders }) => orders.isThere(path));
    throw new MigrationRefusal(({ orders }) => orders.notWritable(path, error.message));
  };
}
