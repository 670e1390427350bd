/** A mapping room with a real store around it and, at its one door, a node that only remembers. */
import { randomBytes } from 'node:crypto';
import type { Login } from '../../src/access/login.js';
import { ManualClock } from '../../src/base/clock.js';
import { silentLogger } from '../../src/base/log.js';
import { AddressError, formatAddress, parseAddress } from '../../src/bitmessage/crypto/address.js';
import { OPEN_VAULT } from '../../src/bitmessage/key-vault.js';
import type {
  BitmessageNode,
  ChanChoice,
  DeletedIdentity,
  Identity,
  NewOutgoing,
  NodeListener,
  Outgoing,
  OutgoingMessage,
  ReceivedMessage,
  SpellingSearchOptions,
  Subscription,
  WorkEstimate,
} from '../../src/bitmessage/node.js';
import { encodeContent } from '../../src/bitmessage/wire/content.js';
import { Mapping, type MappingOptions } from '../../src/mapping/mapping.js';
import type { Clerk } from '../../src/mapping/order-desk.js';
import { describeMessage } from '../../src/mime/describe.js';
import type { Envelope } from '../../src/smtp/submission.js';
import { Database } from '../../src/store/database.js';
import { SqliteMailboxes } from '../../src/store/mail/mailboxes.js';
import { SqliteMessages } from '../../src/store/mail/messages.js';
import type { Entry } from '../../src/store/mail/types.js';
import { english } from '../../src/words/english/english.js';
import type { Words } from '../../src/words/words.js';

/** Real addresses of keys that nobody holds: version 4, 3 and 2. */
export const ALICE = address(4, 1n, 'alice');
export const BOB = address(4, 1n, 'bob');
export const CAROL = address(3, 1n, 'carol');
export const DAVE = address(2, 1n, 'dave');
export const COMBINED: Login = { user: 'me', identity: null };

/** A well-formed address made of a name. */
export function address(version: number, stream: bigint, name: string): string {
  const ripe = new Uint8Array(20).fill(7);
  ripe.set(Buffer.from(name));
  return formatAddress({ version, stream, ripe });
}

/** The same with a zero byte before its name, as identities have it. */
export function shortAddress(name: string): string {
  return address(4, 1n, `\0${name}`);
}

/** An identity without anything special. */
export const PLAIN_IDENTITY = {
  label: '',
  enabled: true,
  chan: false,
  mailingList: null,
  ttlSeconds: 0,
  sendDelaySeconds: null,
  signatureDigest: 'sha256' as const,
  demand: { nonceTrialsPerByte: 1000, extraBytes: 1000 },
  createdAt: 0,
};

export class FakeNode implements BitmessageNode {
  readonly sent: (NewOutgoing & { id: number })[] = [];
  readonly cancelled: number[] = [];
  listener: NodeListener | null = null;
  #identities: Identity[] = [];
  #subscriptions: Subscription[] = [];
  readonly #outgoing = new Map<number, OutgoingMessage>();

  constructor(private readonly clock: ManualClock) {}

  add(identity: Partial<Identity> & { address: string }): void {
    this.#identities.push({ ...PLAIN_IDENTITY, ...identity });
  }

  /** Takes a message into another state and tells the listener, as the real one does. */
  async move(id: number, outgoing: Outgoing, more: Partial<OutgoingMessage> = {}): Promise<void> {
    const before = this.#outgoing.get(id)!;
    const isOut = ['awaiting-ack', 'sent'].includes(outgoing.state);
    const message = { ...before, outgoing, attempts: before.attempts + (isOut ? 1 : 0), since: this.clock.now(), ...more };
    this.#outgoing.set(id, message);
    await this.listener?.outgoingChanged(message);
  }

  start = async (): Promise<void> => {};
  stop = async (): Promise<void> => {};
  identities = (): Identity[] => this.#identities;
  createIdentity = async (): Promise<Identity> => {
    throw new Error('not asked for here');
  };
  async joinChan(passphrase: string, choice: ChanChoice = {}): Promise<Identity> {
    const version = choice.address === undefined ? choice.version : parseAddress(choice.address).version;
    const joined = address(version ?? 4, 1n, `chan ${passphrase}`.slice(0, 20));
    if (choice.address !== undefined && choice.address !== joined) throw new AddressError('another passphrase', 'unusable');
    if (!this.#identities.some((identity) => identity.address === joined)) this.add({ address: joined, label: passphrase, chan: true });
    return this.#identities.find((identity) => identity.address === joined)!;
  }
  leaveChan(left: string): void {
    this.#identities = this.#identities.filter((identity) => identity.address !== left);
  }
  updateIdentity = (): void => {};
  removeIdentity = (left: string): void => this.leaveChan(left);
  deleteIdentity = (left: string): void => this.leaveChan(left);
  undeleteIdentity = (): boolean => false;
  deletedIdentities = (): DeletedIdentity[] => [];
  forgetIdentitiesDeletedBefore = (): void => {};
  retry = (): boolean => false;
  subscriptions = (): Subscription[] => this.#subscriptions;
  subscribe(to: string, label: string): Subscription {
    const subscription = { address: formatAddress(parseAddress(to)), label, enabled: true };
    this.#subscriptions = [...this.#subscriptions.filter((other) => other.address !== subscription.address), subscription];
    return subscription;
  }
  unsubscribe(from: string): void {
    this.#subscriptions = this.#subscriptions.filter((subscription) => subscription.address !== from);
  }
  enqueue(message: NewOutgoing): number {
    const id = this.sent.length + 1;
    this.sent.push({ ...message, id });
    const { kind, from, to } = message;
    const now = this.clock.now();
    this.#outgoing.set(id, {
      id,
      kind,
      from,
      to,
      outgoing: { state: 'queued' },
      since: now,
      createdAt: now,
      attempts: 0,
      progress: null,
      objectHash: null,
    });
    return id;
  }
  cancel(id: number): void {
    this.cancelled.push(id);
  }
  /** What a search finds, by the text without capitals; a test may make it wait. */
  readonly spellings = new Map<string, readonly string[]>();
  findSpellings = async (text: string, _options: SpellingSearchOptions): Promise<string[]> => [...(this.spellings.get(text) ?? [])];
  /** A test may give it a speed and a demand. */
  estimate = (): WorkEstimate => ({ seconds: null, demand: null, tooDifficult: false });
  workSeconds = (): null => null;
  outgoing = (): OutgoingMessage[] => [...this.#outgoing.values()];
  outgoingById = (id: number): OutgoingMessage | undefined => this.#outgoing.get(id);
  status = (): never => {
    throw new Error('mapping asks for no status');
  };
}

export class House {
  readonly clock = new ManualClock(1_800_000_000);
  readonly database = new Database(':memory:');
  readonly mailboxes = new SqliteMailboxes(this.database, describeMessage, this.clock);
  readonly messages = new SqliteMessages(this.database);
  readonly node = new FakeNode(this.clock);
  readonly log = silentLogger;
  readonly vault = OPEN_VAULT;
  readonly words: Words = english;
  /** What was ordered, in its order. */
  readonly ordered: string[] = [];
  /** A test may make it do something. */
  onOrder: (line: string) => Promise<void> = async () => {};
  readonly clerk: Clerk = {
    understands: (line) => /^(do|help)\b/.test(line),
    carryOut: async (line) => {
      this.ordered.push(line);
      await this.onOrder(line);
      return line.startsWith('do') ? { done: true, text: `did ${line.slice(3)}` } : { done: false, text: 'This is not understood.' };
    },
    help: () => 'HELP',
  };
  readonly mapping: Mapping;

  constructor(options: MappingOptions = {}) {
    this.mapping = new Mapping(options, this);
  }

  /** With ALICE as the one identity, folders made, the welcome mail thrown away. */
  static async open(options: MappingOptions = {}): Promise<House> {
    const house = new House(options);
    house.node.add({ address: ALICE, label: 'alice' });
    house.node.listener = house.mapping.listener;
    await house.mapping.start();
    const inbox = house.mailboxes.find('INBOX')!;
    house.mailboxes.expunge(inbox.id, house.mailboxes.uids(inbox.id, null));
    return house;
  }

  async close(): Promise<void> {
    await this.mapping.stop();
    this.database.close();
  }

  /** The mapping of the next run, over the same store and node. */
  restarted(): { readonly mapping: Mapping } {
    return { mapping: new Mapping({}, this) };
  }

  entries(path: string): Entry[] {
    const mailbox = this.mailboxes.find(path);
    if (mailbox === undefined) throw new Error(`no folder ${path}`);
    return this.mailboxes.entries(mailbox.id, this.mailboxes.uids(mailbox.id, null));
  }

  /** The mails of a folder, as text. */
  mails(path: string): string[] {
    return this.entries(path).map((entry) => this.messages.raw(entry.messageId).toString());
  }

  paths(): string[] {
    return this.mailboxes.list().map((mailbox) => mailbox.path);
  }

  /** Submits a mail of ALICE's. */
  submit(to: string | readonly string[], mail: string, envelope: Partial<Envelope> = {}): Promise<string> {
    const recipients = [to].flat().map((recipient) => ({ address: recipient, notify: [] }));
    return this.mapping.submission.accept(
      { login: COMBINED, from: `${ALICE}@bitmessage`, recipients, ...envelope },
      Buffer.from(mail.replace(/\r?\n/g, '\r\n')),
    );
  }

  /** Subject and body in encoding 3. */
  extended({ subject, body }: { subject: string; body: string }): Uint8Array {
    return encodeContent(3, { subject, body, files: [], parents: [] });
  }

  deliver(message: Partial<ReceivedMessage> & { subject?: string; body?: string }): Promise<void> {
    const { subject = 'hi', body = 'hello', ...rest } = message;
    return this.mapping.listener.deliver({
      kind: 'message',
      from: BOB,
      to: ALICE,
      chan: false,
      encoding: 2,
      content: encodeContent(2, { subject, body, files: [], parents: [] }),
      objectHash: randomBytes(32),
      signatureHash: randomBytes(32),
      receivedAt: this.clock.now(),
      expiresAt: this.clock.now() + 367_200,
      ...rest,
    });
  }
}
