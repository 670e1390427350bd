/** A SOCKS server for tests: notes what it is asked for, and leads it to wherever on loopback the test says. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export interface SocksRequest {
  readonly version: 4 | 5;
  /** As it came: 1 IPv4, 3 a name, 4 IPv6. SOCKS4a: 1 or 3. */
  readonly type: 1 | 3 | 4;
  readonly host: string;
  readonly port: number;
  readonly user: string | null;
  readonly password: string | null;
  /** The authentication methods that were offered; none with SOCKS4. */
  readonly methods: readonly number[];
}

export interface SocksServerOptions {
  /** The port on loopback for a request, or nothing: refused. */
  readonly route: (request: SocksRequest) => number | undefined;
  /** Who may use it; without: everybody. */
  readonly login?: { readonly user: string; readonly password: string };
  /** The kind of address in the reply. */
  readonly replyType?: 1 | 3 | 4;
  /** Takes connections and never answers. */
  readonly mute?: boolean;
}

const NO_ACCEPTABLE_METHOD = 0xff;
const HOST_UNREACHABLE = 4;
const ADDRESSES = { 1: [127, 0, 0, 1], 3: [4, ...Buffer.from('here')], 4: [...new Uint8Array(15), 1] };

/** Reads a socket in portions of the asker's choice. */
class Portions {
  #bytes = Buffer.alloc(0);
  #wake: (() => void) | undefined;
  readonly #take = (chunk: Buffer): void => {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    this.#wake?.();
  };

  constructor(private readonly socket: Socket) {
    socket.on('data', this.#take);
    socket.on('close', () => this.#wake?.());
  }

  async take(count: number): Promise<Buffer> {
    while (this.#bytes.length < count) {
      if (this.socket.destroyed) throw new Error('closed');
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    const taken = this.#bytes.subarray(0, count);
    this.#bytes = this.#bytes.subarray(count);
    return taken;
  }

  async takeText(): Promise<string> {
    const bytes: number[] = [];
    for (let [byte] = await this.take(1); byte !== 0; [byte] = await this.take(1)) bytes.push(byte);
    return Buffer.from(bytes).toString();
  }

  release(): Buffer {
    this.socket.off('data', this.#take);
    return this.#bytes;
  }
}

export class SocksServer {
  readonly requests: SocksRequest[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;

  private constructor(private readonly options: SocksServerOptions) {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('error', () => socket.destroy());
      if (options.mute !== true) this.#serve(socket).catch(() => socket.destroy());
    });
  }

  static async start(options: SocksServerOptions): Promise<SocksServer> {
    const server = new SocksServer(options);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** "host:port" of each request so far. */
  get asked(): string[] {
    return this.requests.map(({ host, port }) => `${host}:${port}`);
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #serve(socket: Socket): Promise<void> {
    const portions = new Portions(socket);
    const [version] = await portions.take(1);
    const request = version === 4 ? await this.#read4(portions) : await this.#read5(portions, socket);
    if (request === undefined) return;
    this.requests.push(request);
    const port = this.options.route(request);
    const target = port === undefined ? undefined : connect(port, '127.0.0.1');
    target?.on('error', () => socket.destroy());
    if (target !== undefined) await once(target, 'connect');
    socket.write(request.version === 4 ? reply4(target !== undefined) : this.#reply5(target === undefined ? HOST_UNREACHABLE : 0));
    if (target === undefined) {
      socket.end();
      return;
    }
    target.write(portions.release());
    socket.pipe(target).pipe(socket);
    socket.on('close', () => target.destroy());
    target.on('close', () => socket.destroy());
  }

  async #read4(portions: Portions): Promise<SocksRequest> {
    const [, ...fixed] = await portions.take(7);
    const [high, low, ...address] = fixed;
    const user = await portions.takeText();
    const isName = address.slice(0, 3).every((byte) => byte === 0) && address[3] !== 0;
    const host = isName ? await portions.takeText() : address.join('.');
    return { version: 4, type: isName ? 3 : 1, host, port: high * 256 + low, user, password: null, methods: [] };
  }

  async #read5(portions: Portions, socket: Socket): Promise<SocksRequest | undefined> {
    const [count] = await portions.take(1);
    const methods = [...(await portions.take(count))];
    // As Tor does: who offers a user is asked for it.
    const method = methods.includes(2) ? 2 : this.options.login === undefined ? 0 : NO_ACCEPTABLE_METHOD;
    socket.write(Buffer.of(5, method));
    if (method === NO_ACCEPTABLE_METHOD) {
      socket.end();
      return undefined;
    }
    let [user, password]: (string | null)[] = [null, null];
    if (method === 2) {
      [user, password] = await readLogin(portions);
      const { login } = this.options;
      const isWelcome = login === undefined || (login.user === user && login.password === password);
      socket.write(Buffer.of(1, isWelcome ? 0 : 1));
      if (!isWelcome) {
        socket.end();
        return undefined;
      }
    }
    const [, , , type] = await portions.take(4);
    const host = await readHost(portions, type);
    const port = (await portions.take(2)).readUInt16BE();
    return { version: 5, type: type as SocksRequest['type'], host, port, user, password, methods };
  }

  #reply5(code: number): Buffer {
    const type = this.options.replyType ?? 1;
    return Buffer.of(5, code, 0, type, ...ADDRESSES[type], 0, 0);
  }
}

function reply4(granted: boolean): Buffer {
  return Buffer.of(0, granted ? 90 : 91, 0, 0, 0, 0, 0, 0);
}

async function readLogin(portions: Portions): Promise<[string, string]> {
  const [, userBytes] = await portions.take(2);
  const user = (await portions.take(userBytes)).toString();
  const [passwordBytes] = await portions.take(1);
  return [user, (await portions.take(passwordBytes)).toString()];
}

async function readHost(portions: Portions, type: number): Promise<string> {
  if (type === 1) return [...(await portions.take(4))].join('.');
  if (type === 3) return (await portions.take((await portions.take(1))[0])).toString();
  const groups = (await portions.take(16)).toString('hex').match(/.{4}/g) ?? [];
  return groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':');
}
