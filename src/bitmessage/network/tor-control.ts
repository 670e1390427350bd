/** The part of Tor's control protocol that an onion service needs: proving who we are, making the service, ending it. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';

/** Tor's control port said no, or nothing that it may say; the owner reads the message. */
export class TorControlError extends Error {
  override readonly name = 'TorControlError';
}

export interface OnionServiceReply {
  /** "….onion" */
  readonly host: string;
  /** "ED25519-V3:…" when Tor made a new one. */
  readonly privateKey: string | undefined;
}

interface Reply {
  readonly code: number;
  /** The lines without their codes. */
  readonly lines: readonly string[];
}

/** Tor answers within milliseconds; making keys takes longer on a busy small machine. */
const REPLY_TIMEOUT_MS = 30_000;
/** The longest line, a service's key, has about 100 bytes. */
const MAX_REPLY_BYTES = 65_536;
const OK = 250;
const COOKIE_BYTES = 32;
const NONCE_BYTES = 32;
/** control-spec, AUTHCHALLENGE. */
const SERVER_HASH_KEY = 'Tor safe cookie authentication server-to-controller hash';
const CLIENT_HASH_KEY = 'Tor safe cookie authentication controller-to-server hash';

/** Spec: torproject control-spec. One command at a time; events are never asked for. */
export class TorControl {
  /** Resolves when the connection is gone, for whatever reason. */
  readonly closed: Promise<void>;
  #received = '';
  #lines: string[] = [];
  #waiting: { resolve: (reply: Reply) => void; reject: (error: Error) => void } | undefined;

  constructor(private readonly socket: Socket) {
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => this.#read(text));
    socket.on('error', () => socket.destroy());
    socket.on('timeout', () => socket.destroy());
    this.closed = new Promise((resolve) => {
      socket.on('close', () => {
        this.#waiting?.reject(new TorControlError('the control port closed the connection'));
        resolve();
      });
    });
  }

  /**
   * Proves that we may: by the password when one is set, else by what Tor offers, the safest first.
   *
   * @throws TorControlError
   */
  async authenticate(password: string): Promise<void> {
    const { methods, cookieFile } = await this.#protocolInfo();
    if (password !== '' && methods.includes('HASHEDPASSWORD')) await this.#command(`AUTHENTICATE ${quoted(password)}`);
    else if (methods.includes('SAFECOOKIE')) await this.#authenticateSafely(await readCookie(cookieFile));
    else if (methods.includes('COOKIE')) await this.#command(`AUTHENTICATE ${(await readCookie(cookieFile)).toString('hex')}`);
    else if (methods.includes('NULL')) await this.#command('AUTHENTICATE');
    else if (methods.includes('HASHEDPASSWORD'))
      throw new TorControlError('the control port wants a password: set network.tor_control_password');
    else throw new TorControlError(`the control port offers no way to authenticate that is known here (${methods.join(', ')})`);
  }

  /**
   * Makes an onion service, the same as before when a key is given. It lives as long as this connection.
   *
   * @throws TorControlError
   */
  async addOnion(privateKey: string | undefined, port: number, target: string): Promise<OnionServiceReply> {
    const { lines } = await this.#command(`ADD_ONION ${privateKey ?? 'NEW:ED25519-V3'} Port=${port},${target}`);
    const values = new Map(lines.map((line) => [line.split('=', 1)[0], line.slice(line.indexOf('=') + 1)]));
    const serviceId = values.get('ServiceID');
    if (serviceId === undefined || !/^[a-z2-7]{56}$/.test(serviceId)) throw new TorControlError('the control port named no service');
    return { host: `${serviceId}.onion`, privateKey: values.get('PrivateKey') };
  }

  /** @throws TorControlError */
  async deleteOnion(host: string): Promise<void> {
    await this.#command(`DEL_ONION ${host.replace(/\.onion$/, '')}`);
  }

  close(): Promise<void> {
    this.socket.destroy();
    return this.closed;
  }

  async #protocolInfo(): Promise<{ methods: readonly string[]; cookieFile: string | undefined }> {
    const { lines } = await this.#command('PROTOCOLINFO 1');
    const line = lines.find((each) => each.startsWith('AUTH ')) ?? '';
    const cookieFile = /COOKIEFILE="((?:[^"\\]|\\.)*)"/.exec(line)?.[1];
    return { methods: /METHODS=([A-Z,]+)/.exec(line)?.[1].split(',') ?? [], cookieFile: cookieFile && unquoted(cookieFile) };
  }

  /** Both sides prove that they know the cookie, and neither shows it: a program that only plays Tor learns nothing. */
  async #authenticateSafely(cookie: Buffer): Promise<void> {
    const ours = randomBytes(NONCE_BYTES);
    const { lines } = await this.#command(`AUTHCHALLENGE SAFECOOKIE ${ours.toString('hex')}`);
    const [, serverHash, theirs] = /^AUTHCHALLENGE SERVERHASH=([0-9A-F]{64}) SERVERNONCE=([0-9A-F]{64})$/i.exec(lines[0] ?? '') ?? [];
    if (serverHash === undefined) throw new TorControlError('the control port did not answer the challenge');
    const facts = Buffer.concat([cookie, ours, Buffer.from(theirs, 'hex')]);
    const expected = createHmac('sha256', SERVER_HASH_KEY).update(facts).digest();
    if (!timingSafeEqual(expected, Buffer.from(serverHash, 'hex')))
      throw new TorControlError('the control port does not know its own cookie');
    await this.#command(`AUTHENTICATE ${createHmac('sha256', CLIENT_HASH_KEY).update(facts).digest('hex')}`);
  }

  /** @throws TorControlError when the answer is not OK */
  async #command(line: string): Promise<Reply> {
    if (/[\r\n]/.test(line)) throw new TorControlError('a command cannot have two lines');
    if (this.socket.destroyed) throw new TorControlError('the control port closed the connection');
    const reply = await new Promise<Reply>((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.socket.setTimeout(REPLY_TIMEOUT_MS);
      this.socket.write(`${line}\r\n`);
    });
    if (reply.code === OK) return reply;
    // Only the command's name: its arguments are secrets.
    throw new TorControlError(`${line.split(' ', 1)[0]} was answered ${reply.code} ${reply.lines.at(-1) ?? ''}`);
  }

  #read(text: string): void {
    this.#received += text;
    for (let end = this.#received.indexOf('\n'); end !== -1; end = this.#received.indexOf('\n')) {
      this.#take(this.#received.slice(0, end).replace(/\r$/, ''));
      this.#received = this.#received.slice(end + 1);
    }
    if (this.#received.length + this.#lines.reduce((sum, line) => sum + line.length, 0) > MAX_REPLY_BYTES) this.socket.destroy();
  }

  #take(line: string): void {
    const match = /^(\d{3})([ -])(.*)$/.exec(line);
    // "250+": a block of text follows; none of our commands has such an answer.
    if (match === null) this.socket.destroy();
    else {
      this.#lines.push(match[3]);
      if (match[2] === ' ') this.#answer({ code: Number(match[1]), lines: this.#lines.splice(0) });
    }
  }

  #answer(reply: Reply): void {
    this.socket.setTimeout(0);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve(reply);
  }
}

/** The length is checked: whoever plays Tor could otherwise have any file of ours read to him. */
async function readCookie(path: string | undefined): Promise<Buffer> {
  if (path === undefined) throw new TorControlError('the control port names no cookie file');
  let cookie: Buffer;
  try {
    cookie = await readFile(path);
  } catch (cause) {
    throw new TorControlError(`Tor's cookie file ${path} cannot be read: ${(cause as NodeJS.ErrnoException).code}`, { cause });
  }
  if (cookie.length !== COOKIE_BYTES) throw new TorControlError(`${path} is no cookie file of Tor`);
  return cookie;
}

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}

/** QuotedString of control-spec 2.1.1: backslash before a character, or three octal digits. */
function unquoted(text: string): string {
  return text.replaceAll(/\\(?:([0-7]{1,3})|(.))/g, (_, octal: string | undefined, character: string) =>
    octal === undefined ? character : String.fromCharCode(Number.parseInt(octal, 8)),
  );
}
