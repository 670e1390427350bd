/** The IMAP server: listens, greets as many clients as there is room for, and ends them all within a second. */
import { createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';
import { openPort } from '../base/open-port.js';
import { TaskGroup } from '../base/task-group.js';
import { Connection, ConnectionClosed } from './connection.js';
import { Conversation } from './conversation.js';
import { FolderUids } from './folder-uids.js';
import { KeptOrders } from './kept-orders.js';
import { LargeMessagePlaces } from './large-message-places.js';
import { LargeMessages } from './large-messages.js';
import { LIMITS_BEFORE_LOGIN } from './limits.js';
import { type ImapEntrance, type ImapHouse, type ImapRooms, Session, type SessionOptions, type SessionRooms } from './session.js';
import { Turns } from './turns.js';

export interface ImapServerOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Port for TLS from the first byte; null: none. */
  readonly tlsPort: number | null;
  /** Key and certificate, or where to get them anew for each connection; null: no TLS at all. */
  readonly tls: { readonly key: string | Buffer; readonly cert: string | Buffer } | (() => SecureContext) | null;
  readonly maxConnections?: number;
  readonly loginTimeoutMs?: number;
  readonly idleTimeoutMs?: number;
  readonly progressIntervalMs?: number;
}

/** One person's clients open 5 to 10 each; beyond this something is broken, and memory would follow. */
const MAX_CONNECTIONS = 256;
/** Time from the greeting to the login. */
const LOGIN_TIMEOUT_MS = 2 * 60_000;
/** RFC 9051 §5.4 asks for at least 30 minutes. */
const IDLE_TIMEOUT_MS = 31 * 60_000;
/** RFC 9585 §3 speaks of 10 to 15 seconds. */
const PROGRESS_INTERVAL_MS = 10_000;

export class ImapServer {
  readonly #sessions = new Set<Session>();
  readonly #tasks: TaskGroup;
  readonly #listeners: Server[] = [];
  readonly #rooms: SessionRooms;
  readonly #tlsContext: (() => SecureContext) | null;

  constructor(
    private readonly options: ImapServerOptions,
    rooms: ImapEntrance | ImapRooms,
  ) {
    const shared = {
      ...rooms,
      keptOrders: new KeptOrders(),
      turns: new Turns(),
      uploads: new LargeMessagePlaces(),
      largeMessages: new LargeMessages(),
    };
    // What is missing now is there before anybody is let in: see `furnish`.
    this.#rooms = shared as SessionRooms;
    if ('mailboxes' in rooms) this.furnish(rooms);
    this.#tasks = new TaskGroup((error) => rooms.log.error('connection failed', error));
    this.#tlsContext = contextProvider(options.tls);
  }

  /** What is behind the login, if it was not there from the beginning; `logins` lets nobody in before. */
  furnish({ mailboxes, messages, metadata, folders }: ImapHouse): void {
    Object.assign(this.#rooms, { mailboxes, messages, metadata, folders, folderUids: new FolderUids(mailboxes) });
  }

  /** Opens the ports; answers which ones. */
  async start(): Promise<{ port: number; tlsPort: number | null }> {
    const { host, port, tlsPort } = this.options;
    const plain = await this.#listen(host, port, false);
    const secure = tlsPort === null || this.#tlsContext === null ? null : await this.#listen(host, tlsPort, true);
    return { port: plain, tlsPort: secure };
  }

  /** Says BYE to every client and closes. */
  async stop(): Promise<void> {
    const closed = this.#listeners.map((listener) => new Promise((resolve) => listener.close(resolve)));
    for (const session of this.#sessions) session.shutDown();
    await this.#rooms.largeMessages.stop();
    await this.#tasks.stop();
    await Promise.all(closed);
  }

  async #listen(host: string, port: number, implicitTls: boolean): Promise<number> {
    const listener = createServer((socket) => this.#tasks.run(() => this.#serve(socket, implicitTls)));
    this.#listeners.push(listener);
    await openPort(listener, { host, port });
    const address = listener.address();
    return typeof address === 'object' && address !== null ? address.port : port;
  }

  async #serve(socket: Socket, implicitTls: boolean): Promise<void> {
    const connection = new Connection(socket, LIMITS_BEFORE_LOGIN, this.#rooms.onDisk);
    const session = new Session(connection, this.#sessionOptions(), this.#rooms);
    // Counted before the handshake, which takes memory too.
    this.#sessions.add(session);
    try {
      const hasRoom = this.#hasRoom(session);
      if (implicitTls && this.#tlsContext !== null) await connection.startTls(this.#tlsContext());
      if (!hasRoom) {
        connection.send('* BYE [UNAVAILABLE] Too many connections\r\n');
        return;
      }
      await new Conversation(session).run();
    } catch (error) {
      if (!(error instanceof ConnectionClosed)) throw error;
    } finally {
      this.#sessions.delete(session);
      connection.close();
      await connection.ended();
    }
  }

  /** Makes room, where it must, at the cost of who has waited longest without logging in: strangers cannot keep the owner out. */
  #hasRoom(newcomer: Session): boolean {
    if (this.#sessions.size <= (this.options.maxConnections ?? MAX_CONNECTIONS)) return true;
    for (const session of this.#sessions) {
      if (session === newcomer || session.state !== 'not-authenticated') continue;
      this.#sessions.delete(session);
      session.makeRoom();
      return true;
    }
    return false;
  }

  #sessionOptions(): SessionOptions {
    return {
      tlsContext: this.#tlsContext,
      loginTimeoutMs: this.options.loginTimeoutMs ?? LOGIN_TIMEOUT_MS,
      idleTimeoutMs: this.options.idleTimeoutMs ?? IDLE_TIMEOUT_MS,
      progressIntervalMs: this.options.progressIntervalMs ?? PROGRESS_INTERVAL_MS,
    };
  }
}

function contextProvider(tls: ImapServerOptions['tls']): (() => SecureContext) | null {
  if (tls === null || typeof tls === 'function') return tls;
  const context = createSecureContext({ key: tls.key, cert: tls.cert, minVersion: 'TLSv1.2' });
  return () => context;
}
