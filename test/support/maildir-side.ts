/** A tree of Maildirs (folder/cur, folder/new, folder/tmp), read and changed as programs like mutt do it. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { MailSide, SideMail, SideState } from './mail-side.js';

const SYSTEM_LETTERS: Readonly<Record<string, string>> = {
  D: '\\Draft',
  F: '\\Flagged',
  P: '$Forwarded',
  R: '\\Answered',
  S: '\\Seen',
  T: '\\Deleted',
};

export interface MaildirSpelling {
  /** How the program writes the name of a folder on the disk. */
  readonly encode: (path: string) => string;
  readonly decode: (name: string) => string;
  /** It fails over a directory that holds folders and is none itself. */
  readonly parentsAreFolders: boolean;
  /** Letters of its own for keywords, of which it tells the server nothing. */
  readonly letters: Readonly<Record<string, string>>;
}

export class MaildirSide implements MailSide {
  readonly name = 'near';
  readonly #letters: Readonly<Record<string, string>>;
  #written = 0;

  constructor(
    private readonly root: string,
    private readonly spelling: MaildirSpelling,
  ) {
    this.#letters = { ...SYSTEM_LETTERS, ...spelling.letters };
  }

  async read(): Promise<SideState> {
    return new Map(this.#paths('').map((path) => [path, this.#mails(path)]));
  }

  async createFolder(path: string): Promise<void> {
    const levels = path.split('/');
    for (let depth = this.spelling.parentsAreFolders ? 1 : levels.length; depth <= levels.length; depth++) {
      for (const part of ['cur', 'new', 'tmp']) mkdirSync(this.#at(levels.slice(0, depth).join('/'), part), { recursive: true });
    }
  }

  async renameFolder(from: string, to: string): Promise<void> {
    mkdirSync(dirname(this.#at(to)), { recursive: true });
    renameSync(this.#at(from), this.#at(to));
  }

  /** Folders below it stay. */
  async removeFolder(path: string): Promise<void> {
    const directory = this.#at(path);
    const isParent = this.#paths('').some((other) => other.startsWith(`${path}/`));
    if (!isParent) return rmSync(directory, { recursive: true });
    for (const part of ['cur', 'new', 'tmp']) rmSync(join(directory, part), { recursive: true });
    for (const entry of readdirSync(directory, { withFileTypes: true })) if (entry.isFile()) rmSync(join(directory, entry.name));
  }

  async add(folder: string, text: string, flags: readonly string[]): Promise<void> {
    const name = this.#newName();
    writeFileSync(this.#at(folder, 'tmp', name), text);
    const isNew = flags.length === 0;
    renameSync(this.#at(folder, 'tmp', name), this.#at(folder, isNew ? 'new' : 'cur', isNew ? name : name + this.#info(flags)));
  }

  async setFlags({ key, folder }: SideMail, flags: readonly string[]): Promise<void> {
    renameSync(key, this.#at(folder, 'cur', basename(key).split(':')[0] + this.#info(flags)));
  }

  /**
   * Under another name: what a program keeps of its own in a file's name (",U=7") holds in one folder only. The new mail
   * has what the server will be told of it.
   */
  async move({ key, flags }: SideMail, folder: string): Promise<void> {
    const told = flags.filter((flag) => !Object.values(this.spelling.letters).includes(flag));
    renameSync(key, this.#at(folder, 'cur', this.#newName() + this.#info(told)));
  }

  async remove({ key }: SideMail): Promise<void> {
    rmSync(key);
  }

  async leave(): Promise<void> {}

  #mails(path: string): SideMail[] {
    return ['cur', 'new'].flatMap((part) =>
      readdirSync(this.#at(path, part)).map((file) => ({
        key: this.#at(path, part, file),
        folder: path,
        text: readFileSync(this.#at(path, part, file), 'utf8').replaceAll('\r\n', '\n'),
        flags: [...(file.split(':2,')[1] ?? '')].map((letter) => this.#letters[letter] ?? letter),
      })),
    );
  }

  #info(flags: readonly string[]): string {
    const letters = Object.keys(this.#letters).filter((letter) => flags.includes(this.#letters[letter]));
    return `:2,${letters.sort().join('')}`;
  }

  #newName(): string {
    return `1700000000.${process.pid}_${++this.#written}_${Math.floor(performance.now())}.here`;
  }

  #paths(below: string): string[] {
    return readdirSync(this.#at(below), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !['cur', 'new', 'tmp'].includes(entry.name))
      .map((entry) => (below === '' ? '' : `${below}/`) + this.spelling.decode(entry.name))
      .flatMap((path) => [...(existsSync(this.#at(path, 'cur')) ? [path] : []), ...this.#paths(path)]);
  }

  #at(path: string, ...parts: string[]): string {
    return join(this.root, ...path.split('/').map(this.spelling.encode), ...parts);
  }
}
