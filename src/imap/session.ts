/** One client's conversation: reads its commands in order, runs them, and is the one funnel from an error to NO or BAD. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SecureContext } from 'node:tls';
import type { Login, Logins } from '../access/login.js';
import { isDiskFull } from '../base/disk-full.js';
import type { Logger } from '../base/log.js';
import { type Mailboxes, type Messages, type Metadata, StoreLimit } from '../store/mail/types.js';
import { tellChanges, tellHeardTo, tellNews } from './announcements.js';
import { capabilities } from './capability.js';
import type { Command, Completion, State } from './command.js';
import { findCommand } from './commands/table.js';
import { type Connection, ConnectionClosed, type Input } from './connection.js';
import { type FolderRules, ImapNo } from './folder-rules.js';
import type { FolderUids } from './folder-uids.js';
import type { Notifications } from './notifications.js';
import { formatMailbox, formatText } from './responses.js';
import { selectedView, type View } from './view.js';
import { type RawCommand, type ReaderLimits, readTag } from './wire/command-reader.js';
import { quoted } from './wire/encoder.js';
import { ImapBad } from './wire/imap-bad.js';
import { Lexer } from './wire/lexer.js';

/** What the server gives each session beside its rooms. */
export interface SessionRooms extends ImapRooms {
  readonly folderUids: FolderUids;
}

export interface ImapRooms {
  readonly mailboxes: Mailboxes;
  readonly messages: Messages;
  readonly metadata: Metadata;
  readonly folders: FolderRules;
  readonly logins: Logins;
  readonly log: Logger;
}

export interface SessionOptions {
  /** Given anew for each handshake, so that a renewed certificate is used at once; null: no TLS here. */
  readonly tlsContext: (() => SecureContext) | null;
  readonly maxMessageBytes: number;
  readonly loginTimeoutMs: number;
  readonly idleTimeoutMs: number;
  /** How often a command that takes long says that it is still at it. */
  readonly progressIntervalMs: number;
}

/** Extensions that change what a client is sent once it has enabled them. */
export type Enabled = 'CONDSTORE' | 'QRESYNC' | 'UTF8=ACCEPT' | 'IMAP4rev2' | 'UIDONLY';

/** Dovecot's limit; clients cut their UID lists to less, and an ID of 30 long fields takes 32,000 bytes (RFC 2971). */
const MAX_LINE_BYTES = 65_536;
/** Before login the only literals are a user name and a password. */
export const LIMITS_BEFORE_LOGIN: ReaderLimits = {
  lineBytes: MAX_LINE_BYTES,
  literalBytes: 4096,
  messageBytes: 4096,
  commandBytes: 8192,
};
/** Search strings and names are the only literals that are no messages. */
const MAX_LITERAL_BYTES = 65_536;
/** MULTIAPPEND is all or nothing, so its messages are held together. */
const MAX_MESSAGES_AT_ONCE = 4;

/** A web page that posts to our port, or a lost client, talks nonsense in every line: we hang up (Dovecot: 20). */
const MAX_BAD_IN_A_ROW = 20;
const MAX_LOGIN_FAILURES = 5;
/** A command that goes on for longer lets the others have a turn. */
const MAX_SLICE_MS = 20;

export class Session {
  readonly enabled = new Set<Enabled>();
  #login: Login | null = null;
  #view: View | null = null;
  #notifications: Notifications | null = null;
  #over = false;
  #badInARow = 0;
  #loginFailures = 0;
  #sliceEndsAt = 0;
  #tag = '*';
  #progressAt = Infinity;
  readonly #startedAt = Date.now();

  constructor(
    readonly connection: Connection,
    readonly options: SessionOptions,
    readonly rooms: SessionRooms,
  ) {}

  get state(): State {
    if (this.#login === null) return 'not-authenticated';
    return this.#view === null ? 'authenticated' : 'selected';
  }

  /** The tag of the command that is running. */
  get tag(): string {
    return this.#tag;
  }

  get login(): Login {
    if (this.#login === null) throw new ImapBad('Log in first');
    return this.#login;
  }

  /** The selected folder. */
  get view(): View {
    return selectedView(this.#view);
  }

  /** Whether mailbox names and quoted strings go as UTF-8. */
  get utf8(): boolean {
    return this.enabled.has('UTF8=ACCEPT') || this.enabled.has('IMAP4rev2');
  }

  /** Whether message numbers are no more: RFC 9586. */
  get uidOnly(): boolean {
    return this.enabled.has('UIDONLY');
  }

  /** Whether a password may cross this line. */
  get mayLogIn(): boolean {
    return this.connection.secure || isLoopback(this.connection.remoteAddress);
  }

  /** The SASL mechanisms that this line can have. */
  get mechanisms(): readonly string[] {
    if (!this.mayLogIn) return [];
    const passwords = ['PLAIN', 'LOGIN'];
    if (this.rooms.logins.scramKeys === null) return passwords;
    return [...passwords, 'SCRAM-SHA-256', ...(this.connection.channelBinding === null ? [] : ['SCRAM-SHA-256-PLUS'])];
  }

  get canStartTls(): boolean {
    return this.options.tlsContext !== null && !this.connection.secure;
  }

  /** Whether the conversation ends after the present command. */
  get over(): boolean {
    return this.#over;
  }

  /** The timeout of the next wait for the client. */
  get patienceMs(): number {
    if (this.#login !== null) return this.options.idleTimeoutMs;
    return Math.max(this.options.loginTimeoutMs - (Date.now() - this.#startedAt), 1);
  }

  capabilities(): string {
    const { secure, compressed } = this.connection;
    return capabilities({
      loggedIn: this.#login !== null,
      secure,
      compressed,
      mechanisms: this.mechanisms,
      canStartTls: this.canStartTls,
      maxMessageBytes: this.options.maxMessageBytes,
    }).join(' ');
  }

  logIn(login: Login): void {
    this.#login = login;
    const { maxMessageBytes } = this.options;
    this.connection.limits = {
      lineBytes: MAX_LINE_BYTES,
      literalBytes: MAX_LITERAL_BYTES,
      messageBytes: maxMessageBytes,
      commandBytes: MAX_MESSAGES_AT_ONCE * maxMessageBytes,
    };
  }

  /** Counts a refused login; after too many the client is sent away. */
  noteLoginFailure(): void {
    this.#loginFailures++;
    if (this.#loginFailures >= MAX_LOGIN_FAILURES) this.hangUp('Too many failed logins');
  }

  /** Makes this folder (or none) the selected one. */
  select(view: View | null): void {
    this.#view?.close();
    this.#view = view;
  }

  /** What the client has asked to hear of with NOTIFY; null: it has never asked, and hears what RFC 9051 says. */
  get notifications(): Notifications | null {
    return this.#notifications;
  }

  notifyOf(notifications: Notifications): void {
    this.#notifications?.close();
    this.#notifications = notifications;
  }

  /** Resolves when there is something that the client wants to hear of without having to ask. */
  async news(): Promise<void> {
    const sources: Promise<void>[] = [];
    if (this.#notifications !== null) sources.push(this.#notifications.changed());
    if (this.#view !== null && this.#notifications?.selected !== null) sources.push(this.#view.changed());
    // A race of nothing never ends: neither does the wait for news of nothing.
    await Promise.race(sources);
  }

  send(piece: string | Buffer): void {
    this.connection.send(piece);
  }

  /** Whether enough was written, or enough time has passed, for `breathe`. */
  get needsBreath(): boolean {
    return this.connection.full || performance.now() >= this.#sliceEndsAt;
  }

  /** In a long answer, after each piece: writes, waits for a slow client, and lets other clients have a turn. */
  async breathe(): Promise<void> {
    if (!this.needsBreath) return;
    this.#tellProgress();
    await this.connection.flush();
    await nextTurn();
    this.#sliceEndsAt = performance.now() + MAX_SLICE_MS;
  }

  /** The command waits for something, it does not work: no word of progress. */
  keepQuiet(): void {
    this.#progressAt = Infinity;
  }

  /** RFC 9585: the client sees that a long command goes on, and so do the boxes on the way that cut off silent connections. */
  #tellProgress(): void {
    if (performance.now() < this.#progressAt) return;
    // A tag with "]" would end the response code for clients that look for that.
    const tag = this.#tag.includes(']') ? 'NIL' : quoted(this.#tag).toString('latin1');
    this.send(`* OK [INPROGRESS (${tag} NIL NIL)] Still at it\r\n`);
    this.#progressAt = performance.now() + this.options.progressIntervalMs;
  }

  /** The client has shown that it knows mod-sequences (RFC 7162 §3.1): from now on it is told them. */
  enableCondstore(): void {
    if (this.enabled.has('CONDSTORE')) return;
    this.enabled.add('CONDSTORE');
    if (this.#view !== null) this.send(`* OK [HIGHESTMODSEQ ${this.#view.modseq}] Highest\r\n`);
  }

  /** \Recent is no more in IMAP4rev2. */
  get showsRecent(): boolean {
    return !this.enabled.has('IMAP4rev2');
  }

  formatMailbox(path: string): string {
    return formatMailbox(path, this.utf8);
  }

  /** Last words; the conversation ends after the present command. */
  hangUp(reason: string): void {
    if (this.#over) return;
    this.#over = true;
    this.send(`* BYE ${formatText(reason, this.utf8)}\r\n`);
  }

  /** From outside, when the server stops. */
  shutDown(): void {
    this.hangUp('Postern is shutting down');
    this.connection.close();
  }

  /** From outside, when others need the place of a client that does not log in. */
  makeRoom(): void {
    this.hangUp('Too many connections: log in to keep one');
    this.connection.close();
  }

  async run(): Promise<void> {
    try {
      this.send(`* OK [CAPABILITY ${this.capabilities()}] Postern ready\r\n`);
      while (!this.#over) {
        await this.connection.flush();
        await this.#answerNext();
      }
      await this.connection.flush();
    } catch (error) {
      if (!(error instanceof ConnectionClosed)) this.rooms.log.error('session ended by an error', error);
    } finally {
      this.select(null);
      this.#notifications?.close();
      this.connection.close();
    }
  }

  async #answerNext(): Promise<void> {
    const input = await this.#receive();
    if (input === null) return;
    switch (input.kind) {
      case 'closed':
        throw new ConnectionClosed();
      case 'timed-out':
        this.hangUp(this.#login === null ? 'No login for too long' : 'Idle for too long');
        return;
      case 'awaits-continuation':
        this.send('+ Go on\r\n');
        return;
      case 'refused':
        this.send(this.#refuse(input.tag, input.because));
        return;
      case 'endless':
        this.send(`${input.tag} BAD No end in sight\r\n`);
        this.hangUp('A command without end');
        return;
      case 'command':
        await this.#execute(input);
        await this.breathe();
    }
  }

  /** The next command; what a client wants to hear at any time (NOTIFY) it hears while it is waited for. Null: the end. */
  async #receive(): Promise<Input | null> {
    let ended = false;
    const end = this.connection.receive(this.patienceMs).finally(() => {
      ended = true;
    });
    while (this.#notifications !== null && !ended) {
      await Promise.race([end, this.news()]);
      if (ended) break;
      await tellNews(this);
      await this.connection.flush();
      if (this.#over) return null;
    }
    return end;
  }

  async #execute(raw: RawCommand): Promise<void> {
    const tag = readTag(raw.text);
    this.#tag = tag;
    this.#progressAt = performance.now() + this.options.progressIntervalMs;
    let completion: Completion | undefined;
    let answer: string;
    let mayExpunge = true;
    let expunges = false;
    try {
      const args = new Lexer(raw, this.utf8);
      args.tag();
      args.space();
      const { name, command } = findCommand(args);
      mayExpunge = command.holdsNumbers !== true;
      expunges = command.expunges === true;
      completion = await this.#run(command, name, args);
      const code = completion?.code === undefined ? '' : `[${completion.code}] `;
      answer = `${tag} OK ${code}${completion?.text ?? `${name} completed`}\r\n`;
      this.#badInARow = 0;
    } catch (error) {
      if (error instanceof ConnectionClosed) throw error;
      answer = this.#answerError(tag, error);
    }
    await tellChanges(this, mayExpunge, expunges);
    await this.#notifications?.tell();
    tellHeardTo(this);
    this.send(answer);
    if (completion?.afterwards !== undefined) {
      await this.connection.flush();
      await completion.afterwards();
    }
  }

  async #run<T>(command: Command<T>, name: string, args: Lexer): Promise<Completion | undefined> {
    if (!command.states.includes(this.state)) throw new ImapBad(`${name} is not possible now (${this.state.replace('-', ' ')})`);
    if (this.uidOnly && command.byNumber === true) throw new ImapBad('Message numbers are not in use', 'UIDREQUIRED');
    const input = command.parse(args);
    args.end();
    return command.run(input, this);
  }

  /** The one place where an error becomes an IMAP answer. */
  #answerError(tag: string, error: unknown): string {
    if (error instanceof ImapNo) return `${tag} NO ${bracket(error.code)}${formatText(error.message, this.utf8)}\r\n`;
    if (error instanceof ImapBad) {
      this.#noteBad();
      return `${tag} BAD ${bracket(error.code)}${formatText(error.message, this.utf8)}\r\n`;
    }
    if (error instanceof StoreLimit) return `${tag} NO [LIMIT] ${formatText(error.message, this.utf8)}\r\n`;
    this.rooms.log.error('command failed', error);
    if (isDiskFull(error)) return `${tag} NO [OVERQUOTA] The disk is full: make room and try again\r\n`;
    return `${tag} NO [SERVERBUG] Internal error\r\n`;
  }

  #refuse(tag: string, because: 'line' | 'literal' | 'message'): string {
    if (because === 'message' && this.#login !== null) {
      return `${tag} NO [TOOBIG] A message has at most ${this.options.maxMessageBytes} bytes here\r\n`;
    }
    this.#noteBad();
    return `${tag} BAD ${because === 'line' ? 'Command line' : 'Literal'} too long\r\n`;
  }

  #noteBad(): void {
    this.#badInARow++;
    if (this.#badInARow >= MAX_BAD_IN_A_ROW) this.hangUp('Too many errors');
  }
}

function bracket(code: string): string {
  return code === '' ? '' : `[${code}] `;
}

/** 127.0.0.0/8 and ::1, also as IPv6-mapped. */
export function isLoopback(address: string): boolean {
  return address === '::1' || /^(?:::ffff:)?127\./.test(address);
}
