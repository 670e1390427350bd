/** What the server knows of one client: who it is, what it has enabled and selected, what it wants to hear of. */
import type { SecureContext } from 'node:tls';
import type { Login, Logins } from '../access/login.js';
import type { Logger } from '../base/log.js';
import type { OnDisk } from '../base/on-disk.js';
import type { Messages, Metadata } from '../store/mail/message-types.js';
import type { Mailboxes } from '../store/mail/types.js';
import type { Words } from '../words/words.js';
import { capabilities } from './capability.js';
import type { State } from './command.js';
import type { Connection } from './connection.js';
import type { FolderRules } from './folder-rules.js';
import type { FolderUids } from './folder-uids.js';
import type { KeptOrders } from './kept-orders.js';
import type { LargeMessagePlaces } from './large-message-places.js';
import type { LargeMessages } from './large-messages.js';
import { appendLimitOf, limitsAfterLogin } from './limits.js';
import type { Notifications } from './notifications.js';
import { Pace } from './pace.js';
import { formatMailbox, formatText } from './responses.js';
import type { Turns } from './turns.js';
import { selectedView, type View } from './view.js';
import { ImapBad } from './wire/imap-bad.js';

/** What all sessions share. */
export interface SessionRooms extends ImapRooms {
  readonly folderUids: FolderUids;
  readonly keptOrders: KeptOrders;
  readonly turns: Turns;
  readonly uploads: LargeMessagePlaces;
  readonly largeMessages: LargeMessages;
}

export interface ImapRooms extends ImapEntrance, ImapHouse {}

/** What is behind the login. */
export interface ImapHouse {
  readonly mailboxes: Mailboxes;
  readonly messages: Messages;
  readonly metadata: Metadata;
  readonly folders: FolderRules;
}

/** What whoever comes to the door meets. */
export interface ImapEntrance {
  readonly logins: Logins;
  readonly onDisk: OnDisk;
  readonly log: Logger;
  /** For the person behind the client. */
  readonly words: Words;
}

export interface SessionOptions {
  /** Given anew for each handshake, so that a renewed certificate is used at once; null: no TLS here. */
  readonly tlsContext: (() => SecureContext) | null;
  readonly loginTimeoutMs: number;
  readonly idleTimeoutMs: number;
  /** How often a command that takes long says that it is still at it. */
  readonly progressIntervalMs: number;
}

/** Extensions that change what a client is sent once it has enabled them. */
export type Enabled = 'CONDSTORE' | 'QRESYNC' | 'UTF8=ACCEPT' | 'IMAP4rev2' | 'UIDONLY';

const MAX_LOGIN_FAILURES = 5;

export class Session {
  readonly enabled = new Set<Enabled>();
  #login: Login | null = null;
  #view: View | null = null;
  #notifications: Notifications | null = null;
  #over = false;
  #loginFailures = 0;
  readonly #startedAt = Date.now();
  readonly pace: Pace;

  constructor(
    readonly connection: Connection,
    readonly options: SessionOptions,
    readonly rooms: SessionRooms,
  ) {
    this.pace = new Pace(connection, rooms.turns, options.progressIntervalMs);
  }

  get state(): State {
    if (this.#login === null) return 'not-authenticated';
    return this.#view === null ? 'authenticated' : 'selected';
  }

  /** The tag of the command that is running. */
  get tag(): string {
    return this.pace.tag;
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
    }).join(' ');
  }

  logIn(login: Login): void {
    this.#login = login;
    this.connection.limits = limitsAfterLogin((command) => appendLimitOf(command, this));
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

  /** In a long answer, after each piece: see `Pace`. */
  async breathe(): Promise<void> {
    await this.pace.breathe();
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

  /** The conversation is over. */
  end(): void {
    this.select(null);
    this.#notifications?.close();
    this.connection.close();
  }
}

/** 127.0.0.0/8 and ::1, also as IPv6-mapped. */
export function isLoopback(address: string): boolean {
  return address === '::1' || /^(?:::ffff:)?127\./.test(address);
}
