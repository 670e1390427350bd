/** What people do between two runs of a program that keeps a copy of the mailbox, at random, on one side and then on the other. */
import type { MailSide, SideMail, SideState } from './mail-side.js';
import type { Generator } from './random.js';

export interface Player {
  readonly side: MailSide;
  /** Those that the program takes from this side to the other. */
  readonly flags: readonly string[];
  /** Whether empty folders are also renamed and removed; no program dares to take away others. */
  readonly removesFolders: boolean;
}

/** Their mails come and go by the gateway's own hand. */
const UNTOUCHED = ['Outbox'];
/** They are there as long as the gateway. */
const STANDARD = ['INBOX', 'Sent', 'Drafts', 'Junk', 'Trash', 'Archive', 'Outbox'];
const LEVELS = ['Grüße', 'Ärger & Co', '日本語', 'Projekte', '2026', 'a b', '😀', '~heim', 'x.y', "l'été"];
const TEXTS = ['hello', 'Schöne Grüße aus Köln', '日本語のメール', '-- \nA.', 'From the first word', '.', `long ${'line '.repeat(300)}`];

/** The changes of one round. Both sides may do anything to the same mails; with one and the same folder they do not quarrel. */
export class RoundOfChanges {
  /** What happened, for the report of a failure. */
  readonly story: string[] = [];
  /** Mails came, went or changed here: neither renamed nor removed on the other side. */
  readonly #used = new Set<string>();
  /** Gone on one side, and left alone on the other. */
  readonly #gone = new Set<string>();

  constructor(private readonly numbers: Generator) {}

  async change(player: Player): Promise<void> {
    const { below, pick } = this.numbers;
    const state = await player.side.read();
    const folders = [...state.keys()].filter((path) => !UNTOUCHED.includes(path) && !this.#isGone(path));
    const mails = folders.flatMap((path) => state.get(path)!);
    const removable = player.removesFolders ? folders.filter((path) => this.#isRemovable(path, state)) : [];
    const kind = below(removable.length > 0 ? 20 : 17);
    if (kind < 7 || mails.length === 0) return this.#add(player, pick(folders));
    if (kind < 15) return this.#changeMail(player, pick(mails), kind, folders);
    const path = this.#newPath(state);
    if (kind < 17) return this.#do(player.side, `creates ${path}`, () => player.side.createFolder(path));
    await this.#changeFolder(player.side, pick(removable), path, kind);
  }

  async #add({ side, flags }: Player, folder: string): Promise<void> {
    this.#used.add(folder);
    await this.#do(side, `adds to ${folder}`, () => side.add(folder, this.#writeMail(), this.#someOf(flags)));
  }

  async #changeMail({ side, flags }: Player, mail: SideMail, kind: number, folders: readonly string[]): Promise<void> {
    this.#used.add(mail.folder);
    const wanted = this.#someOf(flags);
    if (kind < 11) {
      const others = mail.flags.filter((flag) => !flags.includes(flag));
      await this.#do(side, `sets ${wanted.join(' ')} in ${mail.folder}`, () => side.setFlags(mail, [...others, ...wanted]));
    } else if (kind < 13) {
      await this.#do(side, `removes from ${mail.folder}`, () => side.remove(mail));
    } else {
      const to = this.numbers.pick(folders.filter((path) => path !== mail.folder));
      this.#used.add(to);
      await this.#do(side, `moves from ${mail.folder} to ${to}`, () => side.move(mail, to));
    }
  }

  async #changeFolder(side: MailSide, folder: string, newPath: string, kind: number): Promise<void> {
    this.#gone.add(folder);
    if (kind < 19) return this.#do(side, `removes the folder ${folder}`, () => side.removeFolder(folder));
    // Not into itself, nor onto a name that only holds folders.
    const to = `${isWithin(newPath, folder) ? newPath.replaceAll('/', ' ') : newPath} ${this.numbers.u32()}`;
    await this.#do(side, `renames ${folder} to ${to}`, () => side.renameFolder(folder, to));
  }

  async #do(side: MailSide, what: string, act: () => Promise<void>): Promise<void> {
    this.story.push(`${side.name} ${what}`);
    await act();
  }

  #isGone(path: string): boolean {
    return [...this.#gone].some((gone) => isWithin(path, gone));
  }

  #isRemovable(folder: string, state: SideState): boolean {
    const within = [...state].filter(([path]) => isWithin(path, folder));
    return !STANDARD.includes(folder) && within.every(([path, mails]) => mails.length === 0 && !this.#used.has(path));
  }

  #newPath(state: SideState): string {
    const { below, pick, u32 } = this.numbers;
    const path = Array.from({ length: 1 + below(3) }, () => pick(LEVELS)).join('/');
    return state.has(path) || this.#isGone(path) ? `new ${path} ${u32()}` : path;
  }

  #writeMail(): string {
    const { below, pick, u64 } = this.numbers;
    const id = below(8) === 0 ? '' : `Message-ID: <${u64()}@rounds.example>\n`;
    const lines = Array.from({ length: 1 + below(5) }, () => pick(TEXTS));
    return `From: a@b.example\nTo: c@d.example\nSubject: ${pick(['plain', 'Grüße', ''])}\n${id}\n${lines.join('\n')}\n`;
  }

  #someOf(flags: readonly string[]): string[] {
    return flags.filter(() => this.numbers.below(3) === 0);
  }
}

function isWithin(path: string, folder: string): boolean {
  return `${path}/`.startsWith(`${folder}/`);
}
