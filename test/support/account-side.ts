/** The folders of an account on a server, read and changed by a client of their own; it is connected only while it is in use. */
import type { ImapFlow } from 'imapflow';
import type { MailSide, SideMail, SideState } from './mail-side.js';

export class AccountSide implements MailSide {
  #client: ImapFlow | null = null;

  /** @param isLeftOut folders that the program leaves alone */
  constructor(
    readonly name: string,
    private readonly connect: () => Promise<ImapFlow>,
    private readonly isLeftOut: (path: string) => boolean = () => false,
  ) {}

  async read(): Promise<SideState> {
    const client = await this.#connected();
    const state = new Map<string, SideMail[]>();
    for (const { path, flags } of await client.list()) {
      if (!flags.has('\\Noselect') && !flags.has('\\NonExistent') && !this.isLeftOut(path)) state.set(path, await this.#mails(path));
    }
    return state;
  }

  async createFolder(path: string): Promise<void> {
    await this.#ask((client) => client.mailboxCreate(path));
  }

  async renameFolder(from: string, to: string): Promise<void> {
    await this.#ask((client) => client.mailboxRename(from, to));
  }

  async removeFolder(path: string): Promise<void> {
    await this.#ask((client) => client.mailboxDelete(path));
  }

  async add(folder: string, text: string, flags: readonly string[]): Promise<void> {
    await this.#ask((client) => client.append(folder, text.replaceAll('\n', '\r\n'), [...flags]));
  }

  async setFlags({ folder, key }: SideMail, flags: readonly string[]): Promise<void> {
    await this.#within(folder, (client) => client.messageFlagsSet(key, [...flags], { uid: true }));
  }

  async move({ folder, key }: SideMail, to: string): Promise<void> {
    await this.#within(folder, (client) => client.messageMove(key, to, { uid: true }));
  }

  async remove({ folder, key }: SideMail): Promise<void> {
    await this.#within(folder, (client) => client.messageDelete(key, { uid: true }));
  }

  /** Also because a folder that is selected and removed by somebody else takes the connection along. */
  async leave(): Promise<void> {
    await this.#client?.logout();
    this.#client = null;
  }

  async #connected(): Promise<ImapFlow> {
    this.#client ??= await this.connect();
    return this.#client;
  }

  /** @throws Error with the words of the server, which ImapFlow keeps aside */
  async #ask(act: (client: ImapFlow) => Promise<unknown>): Promise<void> {
    const client = await this.#connected();
    try {
      if ((await act(client)) === false) throw new Error('the server refused a change');
    } catch (error) {
      throw new Error(String((error as { responseText?: string }).responseText ?? error), { cause: error });
    }
  }

  async #within(folder: string, act: (client: ImapFlow) => Promise<unknown>): Promise<void> {
    const lock = await (await this.#connected()).getMailboxLock(folder);
    try {
      await this.#ask(act);
    } finally {
      lock.release();
    }
  }

  async #mails(folder: string): Promise<SideMail[]> {
    const mails: SideMail[] = [];
    await this.#within(folder, async (client) => {
      for await (const { uid, flags, source } of client.fetch('1:*', { uid: true, flags: true, source: true }, { uid: true })) {
        const text = source!.toString('utf8').replaceAll('\r\n', '\n');
        mails.push({ key: String(uid), folder, text, flags: [...flags!].filter((flag) => flag !== '\\Recent') });
      }
    });
    return mails;
  }
}
