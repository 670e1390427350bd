/** The submission server (RFC 6409): wires the `smtp-server` package to the house. */
import type { AddressInfo, Socket } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import { SMTPServer as LibraryServer, type SMTPServerDataStream, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server';
import type { SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js';
import { type Login, type Logins, LoginUnavailable } from '../access/login.js';
import { isDamage, isDiskFull } from '../base/disk-fault.js';
import type { Logger } from '../base/log.js';
import type { OnDisk } from '../base/on-disk.js';
import { TaskGroup } from '../base/task-group.js';
import type { Words } from '../words/words.js';
import { noteRecipient, SubmissionConnection, type SubmissionConnectionOptions } from './connection.js';
import { MAX_REFUSED_BYTES, readMessage } from './data.js';
import { readEnvelope, readHold, refuseUnknownParameters } from './envelope.js';
import { type Envelope, SmtpRefusal, type Submission } from './submission.js';

export interface SmtpServerOptions {
  readonly host: string;
  /** Plain, with STARTTLS; 0 = any free port. */
  readonly port: number;
  /** Implicit TLS, or null for none. */
  readonly tlsPort: number | null;
  /** Key and certificate. */
  readonly tls: SecureContextOptions;
  /** How much of a message that is too large is read before the connection is ended, bytes. */
  readonly maxRefusedBytes?: number;
}

export interface SmtpServerRooms {
  readonly submission: Submission;
  readonly logins: Logins;
  readonly onDisk: OnDisk;
  readonly log: Logger;
  /** For the person behind the mail program. */
  readonly words: Words;
}

/** RFC 5321 §4.5.3.1.8 demands 100; each recipient costs a proof of work of its own, so we stop there. */
export const MAX_RECIPIENTS = 100;
/** Mail programs hold one or two; more than this is not a household. */
export const MAX_CONNECTIONS = 100;
/** RFC 5321 §4.5.3.2.7 asks for five minutes. */
const IDLE_TIMEOUT_MS = 5 * 60_000;
/** EHLO, STARTTLS, EHLO and some attempts at AUTH; the library's own number. */
const MAX_COMMANDS_BEFORE_LOGIN = 20;
/** RFC 5321 §4.5.3.1.4 says 512, plus what the extensions add; AUTH lines are the longest. */
const MAX_COMMAND_BYTES = 4096;
/** How long a message on its way in may still go on when we stop. */
const STOP_GRACE_MS = 1500;
/** The domain of an address that came without one. */
const DEFAULT_DOMAIN = 'bitmessage';

export class SmtpServer {
  readonly #tasks = new TaskGroup((error) => this.rooms.log.error('smtp task failed', error));
  readonly #listeners: Listener[] = [];

  constructor(
    private readonly options: SmtpServerOptions,
    private readonly rooms: SmtpServerRooms,
  ) {}

  /** Resolves when both ports are open, with their numbers. */
  async start(): Promise<{ port: number; tlsPort: number | null }> {
    const port = await this.#listen(this.options.port, false);
    const tlsPort = this.options.tlsPort === null ? null : await this.#listen(this.options.tlsPort, true);
    return { port, tlsPort };
  }

  /** Lets messages that have come in whole be stored and answered, then closes every connection. */
  async stop(): Promise<void> {
    const closed = this.#listeners.map((listener) => listener.shut());
    await this.#tasks.stop();
    await Promise.all(closed);
    this.#listeners.length = 0;
  }

  async #listen(port: number, secure: boolean): Promise<number> {
    const listener = new Listener(this.#libraryOptions(secure), this.#connectionOptions());
    listener.on('error', (error) => this.rooms.log.debug('smtp connection failed', error));
    await new Promise<void>((resolve, reject) => {
      listener.server.once('error', reject);
      listener.listen(port, this.options.host, resolve);
    });
    this.#listeners.push(listener);
    return (listener.server.address() as AddressInfo).port;
  }

  #connectionOptions(): SubmissionConnectionOptions {
    const { logins, submission } = this.rooms;
    return {
      defaultDomain: DEFAULT_DOMAIN,
      maxHoldSeconds: submission.maxHoldSeconds,
      words: this.rooms.words,
      scram: {
        keys: () => logins.scramKeys,
        wrongLogin: this.rooms.words.sending.wrongLogin,
        checkProof: (user, prove, remoteAddress, done) =>
          this.#answer(
            (error) => done(error, null),
            async () => done(null, await logins.checkProof(user, prove, remoteAddress)),
          ),
      },
    };
  }

  #libraryOptions(secure: boolean): SMTPServerOptions {
    return {
      key: this.options.tls.key,
      cert: this.options.tls.cert,
      secure,
      // Neither this machine's name nor a look-up of the client's: nothing of it belongs in an answer or on the network.
      name: 'localhost',
      banner: 'Postern',
      heloResponse: '%s',
      disableReverseLookup: true,
      logger: false,
      size: this.rooms.submission.maxMessageBytes,
      hideENHANCEDSTATUSCODES: false,
      hideDSN: false,
      // Who may log in without TLS is decided per connection, see onConnect.
      allowInsecureAuth: true,
      authMethods: ['PLAIN', 'LOGIN'],
      authRequiredMessage: '5.7.0 Log in first (AUTH)',
      disabledCommands: UNWANTED_COMMANDS,
      maxClients: MAX_CONNECTIONS,
      maxRecipients: MAX_RECIPIENTS,
      maxCommandLength: MAX_COMMAND_BYTES,
      maxAllowedUnauthenticatedCommands: MAX_COMMANDS_BEFORE_LOGIN,
      socketTimeout: IDLE_TIMEOUT_MS,
      closeTimeout: STOP_GRACE_MS,
      onConnect: (session, callback) => {
        if (!session.secure && !isLoopback(session.remoteAddress)) session.disabledCommands = [...UNWANTED_COMMANDS, 'AUTH'];
        callback();
      },
      onSecure: (_socket, session, callback) => {
        session.disabledCommands = undefined;
        callback();
      },
      onAuth: (auth, session, callback) =>
        this.#answer(callback, async () => {
          const login = await this.#logIn(auth.username, auth.password, auth.authzid, session);
          if (login === null) throw new SmtpRefusal(535, '5.7.8', ({ sending }) => sending.wrongLogin);
          callback(null, { user: login });
        }),
      onMailFrom: (address, session, callback) =>
        this.#answer(callback, async () => {
          refuseUnknownParameters('MAIL', address);
          checkHold(readHold(address), this.rooms.submission.maxHoldSeconds);
          this.rooms.submission.checkSender(loginOf(session), address.address);
          callback();
        }),
      onRcptTo: (address, session, callback) =>
        this.#answer(callback, async () => {
          refuseUnknownParameters('RCPT', address);
          noteRecipient(session, await this.rooms.submission.checkRecipient(loginOf(session), address.address));
          callback();
        }),
      onData: (stream, session, callback) => this.#answer(callback, () => this.#accept(stream, session, callback)),
    };
  }

  async #logIn(user = '', password: string | null = '', authzid = '', session: SMTPServerSession): Promise<Login | null> {
    // RFC 4616: acting as somebody else is a thing we do not offer; the login name itself decides what is shown.
    if (authzid !== '' && authzid !== user) return null;
    return this.rooms.logins.check(user, password ?? '', session.remoteAddress);
  }

  async #accept(stream: SMTPServerDataStream, session: SMTPServerSession, callback: (error: null, text: string) => void): Promise<void> {
    const message = await readMessage(stream, {
      maxBytes: this.rooms.submission.maxMessageBytes,
      maxRefusedBytes: this.options.maxRefusedBytes ?? MAX_REFUSED_BYTES,
      hangUp: () => this.#hangUp(session),
    });
    const text = await this.rooms.submission.accept(readEnvelope(loginOf(session), session), message);
    await this.rooms.onDisk();
    callback(null, `2.0.0 ${text}`);
  }

  #hangUp(session: SMTPServerSession): void {
    const connection = this.#listeners.flatMap(({ connections }) => [...connections]).find((one) => one.session === session);
    connection?.send(421, `4.7.0 ${this.rooms.words.sending.endless}`, false);
  }

  /** The one place where an error becomes an SMTP answer. */
  #answer(callback: (error: Error) => void, work: () => Promise<void>): void {
    this.#tasks.run(async () => {
      try {
        await work();
      } catch (error) {
        if (error instanceof LoginUnavailable) {
          // RFC 4954 §4.7: not the password is wrong, so that nobody is asked for another one.
          callback(Object.assign(new Error(`4.7.0 ${error.say(this.rooms.words)}`), { responseCode: 454 }));
          return;
        }
        if (error instanceof SmtpRefusal) {
          callback(Object.assign(new Error(`${error.enhanced} ${error.say(this.rooms.words)}`), { responseCode: error.code }));
          return;
        }
        const {
          log,
          words: { sending },
        } = this.rooms;
        log.error('smtp command failed', error);
        if (isDiskFull(error)) {
          callback(Object.assign(new Error(`4.3.1 ${sending.diskFull}`), { responseCode: 452 }));
          return;
        }
        const text = isDamage(error) ? sending.damaged : sending.internalError;
        callback(Object.assign(new Error(`4.3.0 ${text}`), { responseCode: 451 }));
      }
    });
  }
}

/** Old jokes, and proxies' commands. */
const UNWANTED_COMMANDS = ['WIZ', 'SHELL', 'KILL', 'XCLIENT', 'XFORWARD'];

class Listener extends LibraryServer {
  readonly #sockets = new Set<Socket>();

  constructor(
    options: SMTPServerOptions,
    private readonly ours: SubmissionConnectionOptions,
  ) {
    super(options);
    this.server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  override connect(socket: Socket, options?: SMTPConnectionOptions): void {
    const connection = new SubmissionConnection(this, socket, options, this.ours);
    this.#makeRoom();
    this.connections.add(connection);
    connection.on('error', (error: Error) => this.emit('error', error));
    connection.init();
  }

  /** A handshake that somebody never ends does not keep others from theirs: the oldest gives way. */
  override _acceptSocket(socket: Socket, handshake: boolean): ReturnType<LibraryServer['_acceptSocket']> {
    if (this._pendingSockets.size >= MAX_CONNECTIONS) {
      const [[key, oldest]] = this._pendingSockets;
      this._pendingSockets.delete(key);
      oldest.destroy();
    }
    return super._acceptSocket(socket, handshake);
  }

  /** As on IMAP: who has waited longest without logging in gives way, so that strangers cannot keep the owner out. */
  #makeRoom(): void {
    if (this.connections.size < MAX_CONNECTIONS) return;
    const stranger = [...this.connections].find(({ session }) => !session.user);
    stranger?.send(421, `4.7.0 ${this.ours.words.sending.tooManyConnections}`, false);
  }

  /** Takes no more connections, says goodbye to idle ones, gives running transfers their grace, then cuts what is left. */
  async shut(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.close(() => resolve()));
    for (const connection of [...this.connections]) {
      if (!connection._dataStream) connection.send(421, `4.3.2 ${this.ours.words.sending.shuttingDown}`, false);
    }
    const cut = setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy();
    }, STOP_GRACE_MS);
    await closed;
    clearTimeout(cut);
    for (const socket of this.#sockets) socket.destroy();
  }
}

function loginOf(session: SMTPServerSession): Login {
  const login = session.user as Login | undefined | false;
  // Without TLS from afar AUTH is switched off, and with it the library's own check.
  if (!login) throw new SmtpRefusal(530, '5.7.0', ({ sending }) => sending.logInFirst);
  return login;
}

/** RFC 4865 §4: what lies too far ahead is refused at once. */
function checkHold({ hold }: Pick<Envelope, 'hold'>, maxSeconds: number): void {
  if (hold === undefined) return;
  const seconds = 'until' in hold ? hold.until - Date.now() / 1000 : hold.forSeconds;
  if (seconds > maxSeconds) throw new SmtpRefusal(501, '5.5.4', `A mail can be held for ${maxSeconds} seconds at most`);
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^127\.\d+\.\d+\.\d+$/.test(address);
}
