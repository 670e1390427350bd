/** The control port of a Tor that makes onion services on paper: enough of it to be asked, and to ask who is there. */
import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { onionName } from './onions.js';

export interface FakeTorOptions {
  /** As in PROTOCOLINFO: "NULL", "COOKIE,SAFECOOKIE", "HASHEDPASSWORD" … */
  readonly methods: string;
  readonly cookieFile?: string;
  readonly password?: string;
  /** Proves knowledge of another cookie than the one in the file. */
  readonly impostor?: boolean;
  /** Says nothing to this command. */
  readonly silentTo?: string;
}

export class FakeTor {
  /** Every command that came. */
  readonly commands: string[] = [];
  /** Where the services lead, by their name; what has ended is gone. */
  readonly services = new Map<string, string>();
  readonly #cookie = randomBytes(32);
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  #nextService = 100;

  private constructor(private readonly options: FakeTorOptions) {
    if (options.cookieFile !== undefined) writeFileSync(options.cookieFile, this.#cookie);
    this.#server = createServer((socket) => this.#serve(socket));
  }

  static async start(options: FakeTorOptions, port = 0): Promise<FakeTor> {
    const tor = new FakeTor(options);
    tor.#server.listen(port, '127.0.0.1');
    await once(tor.#server, 'listening');
    return tor;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Ends every connection, and answers no more. */
  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, 'close');
  }

  #serve(socket: Socket): void {
    const session = { trusted: false, expected: '', own: new Set<string>() };
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#sockets.delete(socket);
      for (const name of session.own) this.services.delete(name);
    });
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString();
      for (let end = text.indexOf('\r\n'); end !== -1; end = text.indexOf('\r\n')) {
        const line = text.slice(0, end);
        text = text.slice(end + 2);
        this.commands.push(line);
        const [command, ...words] = line.split(' ');
        if (command !== this.options.silentTo) socket.write(this.#answer(session, command, words, line));
      }
    });
  }

  #answer(session: { trusted: boolean; expected: string; own: Set<string> }, command: string, words: string[], line: string): string {
    const { methods, cookieFile, password = '', impostor } = this.options;
    switch (command) {
      case 'PROTOCOLINFO': {
        const file = cookieFile === undefined ? '' : ` COOKIEFILE="${cookieFile.replaceAll(/["\\]/g, '\\$&')}"`;
        return `250-PROTOCOLINFO 1\r\n250-AUTH METHODS=${methods}${file}\r\n250-VERSION Tor="0.4.9.11"\r\n250 OK\r\n`;
      }
      case 'AUTHCHALLENGE': {
        const nonce = randomBytes(32);
        const facts = Buffer.concat([impostor === true ? randomBytes(32) : this.#cookie, Buffer.from(words[1], 'hex'), nonce]);
        const hash = (key: string): string => createHmac('sha256', key).update(facts).digest('hex').toUpperCase();
        session.expected = hash('Tor safe cookie authentication controller-to-server hash');
        const proof = hash('Tor safe cookie authentication server-to-controller hash');
        return `250 AUTHCHALLENGE SERVERHASH=${proof} SERVERNONCE=${nonce.toString('hex').toUpperCase()}\r\n`;
      }
      case 'AUTHENTICATE': {
        const proof = line.slice('AUTHENTICATE '.length);
        const accepted = [
          methods.includes('NULL') ? '' : null,
          methods.includes('HASHEDPASSWORD') ? `"${password.replaceAll(/["\\]/g, '\\$&')}"` : null,
          methods.split(',').includes('COOKIE') ? this.#cookie.toString('hex') : null,
          session.expected === '' ? null : session.expected.toLowerCase(),
        ];
        session.trusted = accepted.includes(proof);
        return session.trusted ? '250 OK\r\n' : '515 Authentication failed\r\n';
      }
      case 'ADD_ONION':
        return session.trusted ? this.#add(session.own, words) : '514 Authentication required.\r\n';
      case 'DEL_ONION':
        session.own.delete(words[0]);
        return this.services.delete(words[0]) ? '250 OK\r\n' : '552 Unknown Onion Service id\r\n';
      default:
        return '510 Unrecognized command\r\n';
    }
  }

  /** The key of a service is its number. */
  #add(own: Set<string>, [key, port]: string[]): string {
    const number = key === 'NEW:ED25519-V3' ? this.#nextService++ : Number(key.split(':')[1]);
    const name = onionName(number).replace('.onion', '');
    this.services.set(name, port.replace(/^Port=/, ''));
    own.add(name);
    const made = key.startsWith('NEW:') ? `250-PrivateKey=ED25519-V3:${number}\r\n` : '';
    return `250-ServiceID=${name}\r\n${made}250 OK\r\n`;
  }
}
