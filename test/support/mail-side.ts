/** One side of a copied mailbox, as the person at it sees and changes it: a Maildir on the disk, or an account on a server. */
import { createHash } from 'node:crypto';

export interface SideMail {
  /** Names the mail on this side, until it changes there. */
  readonly key: string;
  readonly folder: string;
  /** With LF at the ends of lines, as on the disk. */
  readonly text: string;
  /** System flags and keywords, without \Recent. */
  readonly flags: readonly string[];
}

export type SideState = ReadonlyMap<string, readonly SideMail[]>;

/** Folders go by their names in Unicode, with "/" between levels. */
export interface MailSide {
  readonly name: string;
  /** All folders that hold mail, each with its mails. */
  read(): Promise<SideState>;
  createFolder(path: string): Promise<void>;
  renameFolder(from: string, to: string): Promise<void>;
  removeFolder(path: string): Promise<void>;
  add(folder: string, text: string, flags: readonly string[]): Promise<void>;
  setFlags(mail: SideMail, flags: readonly string[]): Promise<void>;
  move(mail: SideMail, folder: string): Promise<void>;
  remove(mail: SideMail): Promise<void>;
  /** Nothing of this side stays open: a program is about to run. */
  leave(): Promise<void>;
}

/** A folder's mails as one comparable line each: Message-ID, digest, flags of those that the program carries. */
export function describeState(state: SideState, carried: (flag: string) => boolean): Record<string, string[]> {
  const folders = [...state].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(folders.map(([path, mails]) => [path, mails.map((mail) => describeMail(mail, carried)).sort()]));
}

function describeMail({ text, flags }: SideMail, carried: (flag: string) => boolean): string {
  const headEnd = text.indexOf('\n\n') + 1;
  // What programs change in what they copy: mbsync marks it, offlineimap folds long lines of the header elsewhere.
  const head = text
    .slice(0, headEnd)
    .replace(/^X-TUID: .*\n/m, '')
    .replace(/\s*\n[ \t]+/g, ' ');
  const id = /^Message-ID: (\S+)$/im.exec(head)?.[1] ?? 'no Message-ID';
  const digest = createHash('sha256').update(head).update(text.slice(headEnd)).digest('hex').slice(0, 16);
  return [id, digest, ...flags.filter(carried).sort()].join(' ');
}
