/**
 * AUTH SCRAM-SHA-256 (RFC 4954, 5802, 7677), which the package does not have. Not -PLUS: mutt 2.2 chooses it over TLS, finds that it
 * has nothing to bind to, and sends no mail.
 */
import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import type { SMTPServer } from 'smtp-server';
import type { SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js';
import type { Login } from '../access/login.js';
import { continueScram, finishScram, readScramFirst, type ScramExchange, type ScramKeys } from '../access/sasl.js';
import { ChunkedConnection } from './chunked-connection.js';

export const SCRAM = 'SCRAM-SHA-256';
/** 144 bits, so that no two exchanges are ever the same. */
const NONCE_BYTES = 18;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
/** What a client says that does not bind to the TLS connection: that it cannot, or that it thinks we cannot. */
const UNBOUND = ['n', 'y'];

/** As the `onAuth` of the package: an error says what to answer; no login: wrong. */
export type ProofChecked = (error: (Error & { responseCode?: number }) | null, login: Login | null) => void;

export interface ScramLogins {
  /** Null: SCRAM is not possible. */
  readonly keys: () => ScramKeys | null;
  /** For the person behind the mail program. */
  readonly wrongLogin: string;
  readonly checkProof: (user: string, prove: () => Uint8Array | null, remoteAddress: string, done: ProofChecked) => void;
}

export class ScramConnection extends ChunkedConnection {
  constructor(
    server: SMTPServer,
    socket: Socket,
    options: SMTPConnectionOptions | undefined,
    private readonly logins: ScramLogins,
  ) {
    super(server, socket, options);
  }

  get offersScram(): boolean {
    return this.logins.keys() !== null;
  }

  override handler_AUTH(command: Buffer, callback: () => void): void {
    const [, name = '', initial, ...rest] = command.toString().trim().split(/\s+/);
    const keys = this.logins.keys();
    if (this.session.user || keys === null || rest.length > 0 || name.toUpperCase() !== SCRAM) {
      super.handler_AUTH(command, callback);
      return;
    }
    const begin = (response: Buffer, next: () => void): void => this.#begin(keys, response, next);
    if (initial === undefined) this.#ask('', begin, callback);
    else this.#read(initial === '=' ? '' : initial, begin, callback);
  }

  #begin(keys: ScramKeys, response: Buffer, callback: () => void): void {
    const first = readScramFirst(response.toString('utf8'));
    if (first === null || !UNBOUND.includes(first.channelBinding)) {
      this.#refuse(501, '5.5.2 Not the first message of SCRAM', callback);
      return;
    }
    // As with PLAIN: nobody acts for somebody else here.
    if (first.authorizationId !== '' && first.authorizationId !== first.user) {
      this.#refuse(535, `5.7.8 ${this.logins.wrongLogin}`, callback);
      return;
    }
    const exchange = continueScram(first, keys, randomBytes(NONCE_BYTES).toString('base64'));
    this.#ask(exchange.serverFirst, (final, next) => this.#finish(exchange, final, next), callback);
  }

  #finish(exchange: ScramExchange, final: Buffer, callback: () => void): void {
    let serverFinal: string | null = null;
    const prove = (): Uint8Array | null => {
      const proof = finishScram(exchange, final.toString('utf8'));
      serverFinal = proof?.serverFinal ?? null;
      return proof?.clientKey ?? null;
    };
    this.logins.checkProof(exchange.first.user, prove, this.remoteAddress, (error, login) => {
      if (error) {
        this.#refuse(error.responseCode ?? 535, error.message, callback);
        return;
      }
      if (login === null || serverFinal === null) {
        this.#refuse(535, `5.7.8 ${this.logins.wrongLogin}`, callback);
        return;
      }
      // RFC 4954 §4: what the server says last is one more challenge, to which the client has nothing to say.
      this.#ask(serverFinal, (nothing, next) => this.#admit(login, nothing, next), callback);
    });
  }

  #admit(login: Login, nothing: Buffer, callback: () => void): void {
    if (nothing.length > 0) {
      this.#refuse(501, '5.5.2 Expected an empty response', callback);
      return;
    }
    this.session.user = login as unknown as typeof this.session.user;
    this.session.transmissionType = this._transmissionType();
    this.send(235, 'Authentication successful');
    callback();
  }

  #ask(challenge: string, then: (response: Buffer, next: () => void) => void, callback: () => void): void {
    this._nextHandler = (line, next) => this.#read(line.toString().trim(), then, next);
    this.send(334, Buffer.from(challenge).toString('base64'));
    callback();
  }

  #read(text: string, then: (response: Buffer, next: () => void) => void, callback: () => void): void {
    if (text === '*') {
      this.#refuse(501, '5.7.0 Cancelled', callback);
      return;
    }
    if (!BASE64.test(text)) {
      this.#refuse(501, '5.5.2 Not base64', callback);
      return;
    }
    then(Buffer.from(text, 'base64'), callback);
  }

  #refuse(code: number, text: string, callback: () => void): void {
    this.send(code, text);
    callback();
  }
}
