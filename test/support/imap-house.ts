/** An IMAP server over a real store, with the plainest house rules: a folder is a folder. */
import { dirname, join } from 'node:path';
import type { Login, Logins } from '../../src/access/login.js';
import { deriveScramKeys, scramClientKey } from '../../src/access/sasl.js';
import { ManualClock } from '../../src/base/clock.js';
import { createLogger, type Logger } from '../../src/base/log.js';
import type { OnDisk } from '../../src/base/on-disk.js';
import type { AppendDecision, AppendRequest, FolderRules } from '../../src/imap/folder-rules.js';
import { ImapNo } from '../../src/imap/folder-rules.js';
import { ImapServer, type ImapServerOptions } from '../../src/imap/server.js';
import { readHeaderField } from '../../src/mime/read-mail.js';
import { Database } from '../../src/store/database.js';
import { SqliteMailboxes } from '../../src/store/mail/mailboxes.js';
import type { Describe, Metadata } from '../../src/store/mail/message-types.js';
import { SqliteMessages } from '../../src/store/mail/messages.js';
import { SqliteMetadata } from '../../src/store/mail/metadata.js';
import { TextBacklog } from '../../src/store/mail/text-backlog.js';
import { ThreadedTextFinder } from '../../src/store/mail/text-finder.js';
import { TextIndex } from '../../src/store/mail/text-index.js';
import type { Mailboxes } from '../../src/store/mail/types.js';
import { pathOf, type SqliteFile } from '../../src/store/sqlite-file.js';
import { english } from '../../src/words/english/english.js';
import { LineClient } from './line-client.js';

export const USER = 'me';
export const PASSWORD = 'secret';
/** An identity login: sees the mail of BM-alice alone. */
export const IDENTITY = 'BM-alice';

const MAX_MESSAGE_BYTES = 32 * 2 ** 20;

export interface ImapHouse {
  readonly database: Database;
  readonly server: ImapServer;
  readonly mailboxes: SqliteMailboxes;
  readonly metadata: Metadata;
  readonly port: number;
  readonly tlsPort: number | null;
  /** A client past the greeting. */
  greeted(): Promise<LineClient>;
  /** A client past the login. */
  loggedIn(user?: string): Promise<LineClient>;
  stop(): Promise<void>;
}

/** @param log where the server's errors go, which no test expects */
export async function openImapHouse(
  describe: Describe,
  {
    maxMessageBytes = MAX_MESSAGE_BYTES,
    onDisk,
    ...options
  }: Partial<ImapServerOptions> & { maxMessageBytes?: number; onDisk?: OnDisk } = {},
  file: SqliteFile = ':memory:',
  log: Logger = createLogger('error', (line) => process.stderr.write(`${line}\n`)),
): Promise<ImapHouse> {
  const database = new Database(file);
  const mailboxes = new SqliteMailboxes(database, describe, new ManualClock(1_700_000_000));
  const metadata = new SqliteMetadata(database);
  const texts = file === ':memory:' ? null : openTextIndex(file, database);
  const server = new ImapServer(
    { host: '127.0.0.1', port: 0, tlsPort: null, tls: null, ...options },
    {
      mailboxes,
      messages: new SqliteMessages(database, texts?.finder),
      metadata,
      folders: new PlainRules(mailboxes, maxMessageBytes),
      logins: new TwoLogins(),
      words: english,
      onDisk: onDisk ?? database.onDisk,
      log,
    },
  );
  const { port, tlsPort } = await server.start();
  const greeted = async (): Promise<LineClient> => {
    const client = await LineClient.connect(port);
    await client.line('greeting');
    return client;
  };
  return {
    server,
    database,
    mailboxes,
    metadata,
    port,
    tlsPort,
    greeted,
    loggedIn: async (user = USER) => {
      const client = await greeted();
      await client.command(`login LOGIN ${user} ${PASSWORD}`);
      return client;
    },
    stop: async () => {
      await server.stop();
      await texts?.stop();
      database.close();
    },
  };
}

/** The one that lies beside the file. */
function openTextIndex(mail: SqliteFile, database: Database): { finder: ThreadedTextFinder; stop(): Promise<void> } {
  const path = join(dirname(pathOf(mail)), 'text-index.sqlite');
  const files = { mail, index: typeof mail === 'string' ? path : { ...mail, path } };
  const index = TextIndex.openOrMake(files.index, new TextBacklog(database).lastMessageId);
  const finder = new ThreadedTextFinder(files, index);
  return {
    finder,
    stop: async () => {
      await finder.stop();
      index.close();
    },
  };
}

class TwoLogins implements Logins {
  readonly scramKeys = deriveScramKeys(PASSWORD, Buffer.from('dialog salt 1234'), 4096);

  async check(user: string, password: string): Promise<Login | null> {
    if (password !== PASSWORD) return null;
    if (user === USER) return { user, identity: null };
    return user === IDENTITY ? { user, identity: IDENTITY } : null;
  }

  async checkProof(user: string, prove: () => Uint8Array | null): Promise<Login | null> {
    // What was proved with is what the keystore opens by.
    const clientKey = scramClientKey(PASSWORD, this.scramKeys);
    return Buffer.from(prove() ?? []).equals(clientKey) ? this.check(user, PASSWORD) : null;
  }
}

/** Refuses what is named "forbidden", hides what is named "hidden" from identity logins, knows a message it has already. */
class PlainRules implements FolderRules {
  constructor(
    private readonly mailboxes: Mailboxes,
    private readonly maxMessageBytes: number,
  ) {}

  /** A folder that is named "small" takes a line or two. */
  appendLimit(path: string): number {
    return path === 'small' ? 100 : this.maxMessageBytes;
  }

  async create(_: Login, path: string, specialUse: string | null): Promise<void> {
    this.#allow(path);
    this.mailboxes.create(path, { specialUse });
  }

  async rename(_: Login, from: string, to: string): Promise<void> {
    this.#allow(to);
    this.mailboxes.rename(from, to);
  }

  async remove(_: Login, path: string): Promise<void> {
    this.#allow(path);
    this.mailboxes.remove(path);
  }

  async append(login: Login, { path, raw }: AppendRequest): Promise<AppendDecision> {
    this.#allow(path);
    const [id] = /^<sent-.*>$/.exec(readHeaderField(raw, 'message-id') ?? '') ?? [];
    const mailbox = this.mailboxes.find(path);
    const known = id === undefined || mailbox === undefined ? [] : this.mailboxes.findByMessageId(mailbox.id, id);
    return known.length > 0 ? { kind: 'existing', uid: known[0] } : { kind: 'store', identity: login.identity ?? '' };
  }

  async beforeExpunge(_: Login, path: string): Promise<void> {
    this.#allow(path);
  }

  async beforeTransfer(_: Login, __: string, to: string): Promise<void> {
    this.#allow(to);
  }

  visible(login: Login, path: string): boolean {
    return login.identity === null || !path.startsWith('hidden');
  }

  #allow(path: string): void {
    if (path.startsWith('forbidden')) throw new ImapNo('CANNOT', `Nothing can be done with ${path}`);
  }
}
