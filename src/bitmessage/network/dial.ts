/** The only place that opens a socket, listens for one, or asks for a name's address: so the guards of loopback and proxy are here, too. */
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { connect, createServer, type Server, type Socket, type TcpNetConnectOpts } from 'node:net';
import { openPort } from '../../base/open-port.js';
import { isOnionService } from '../crypto/onion-name.js';
import { canonicalIp } from '../wire/host.js';
import { formatPeerAddress, isIp, isLoopback, isOnion, type PeerAddress } from './address.js';
import { canCarry, connectThrough, formatProxy, type SocksProxy } from './proxy.js';

/** The guard said no: nothing was opened, nobody was asked. */
export class ForbiddenAddressError extends Error {
  override readonly name = 'ForbiddenAddressError';
}

/** The proxy itself does not answer: that says nothing about the peer. */
export class ProxyUnreachableError extends Error {
  override readonly name = 'ProxyUnreachableError';
}

/** Which way connections go. */
export interface Routes {
  /** For everything, names included; null: straight. */
  readonly proxy: SocksProxy | null;
  /** For onion names; null: as everything else. */
  readonly onionProxy: SocksProxy | null;
  /** Nothing straight, whatever else is said; no port for other machines. */
  readonly strict: boolean;
  /** Besides a proxy, let other machines connect to us. Without a proxy they always may. */
  readonly listenBesideProxy: boolean;
}

export const STRAIGHT: Routes = { proxy: null, onionProxy: null, strict: false, listenBesideProxy: false };

/** A SYN that nobody answers (PyBitmessage's half-open limit assumes about this). */
const CONNECT_TIMEOUT_MS = 20_000;

/** What a Dialer can do, for who needs to be given another one. */
export type PeerDialer = Pick<
  Dialer,
  'permits' | 'connect' | 'connectLocally' | 'resolve' | 'listen' | 'datagrams' | 'proxyFor' | 'hidden'
>;

/** An open UDP port. */
export interface Datagrams {
  send(datagram: Uint8Array, host: string): void;
  close(): Promise<void>;
}

export class Dialer {
  /** @param loopbackOnly nothing but 127/8, ::1 and localhost is ever dialled, listened on, accepted from or looked up; nor asked of a proxy */
  constructor(
    private readonly loopbackOnly: boolean,
    private readonly routes: Routes = STRAIGHT,
  ) {
    for (const proxy of [routes.proxy, routes.onionProxy]) {
      if (proxy === null) continue;
      // A name would have to be looked up, before there is a proxy to ask.
      if (!isIp(proxy.host) && proxy.host !== 'localhost') throw new RangeError(`the proxy ${formatProxy(proxy)} must be an address`);
      if (loopbackOnly && !isLoopback(proxy.host)) throw new ForbiddenAddressError(`the proxy ${formatProxy(proxy)} is not loopback`);
    }
  }

  /** Whether `connect` would try this host at all. Onion names need a proxy. */
  permits(host: string): boolean {
    const proxy = this.proxyFor(host);
    if (proxy !== null && !canCarry(proxy, host)) return false;
    if (this.loopbackOnly) return isLoopback(host) && (proxy !== null || !this.routes.strict);
    if (isOnion(host)) return proxy !== null && isOnionService(host);
    return proxy !== null || !this.routes.strict;
  }

  proxyFor(host: string): SocksProxy | null {
    return isOnion(host) ? (this.routes.onionProxy ?? this.routes.proxy) : this.routes.proxy;
  }

  /** Other machines cannot see where we are: they neither reach our ports nor may they learn of them. */
  get hidden(): boolean {
    return this.routes.strict || (this.routes.proxy !== null && !this.routes.listenBesideProxy);
  }

  /** @throws ForbiddenAddressError before anything happens; ProxyUnreachableError; otherwise what the network or the proxy answers */
  async connect(address: PeerAddress, signal: AbortSignal): Promise<Socket> {
    this.#check(address.host);
    const proxy = this.proxyFor(address.host);
    if (proxy !== null) return connectByProxy(proxy, address, signal);
    const ip = isIp(address.host) ? address.host : (await this.resolve(address.host))[0];
    if (ip === undefined) throw new Error(`${address.host} has no address`);
    this.#check(ip);
    return openSocket({ host: ip, port: address.port }, signal);
  }

  /** Opens a connection to another program on this machine, at a port or at a Unix socket. */
  connectLocally(target: PeerAddress | { readonly path: string }, signal: AbortSignal): Promise<Socket> {
    if ('path' in target) return openSocket(target, signal);
    if (!isLoopback(target.host)) throw new ForbiddenAddressError(`${target.host} is not this machine`);
    return openSocket(numeric(target), signal);
  }

  /** The addresses of a name. localhost is known without asking. Behind a proxy names are not resolved, but given to it. */
  async resolve(name: string): Promise<string[]> {
    if (name === 'localhost') return ['127.0.0.1'];
    this.#check(name);
    if (isIp(name)) return [name];
    if (this.proxyFor(name) !== null) throw new ForbiddenAddressError(`${name} is for the proxy to resolve`);
    const answers = await lookup(name, { all: true });
    return answers.flatMap(({ address }) => canonicalIp(address) ?? []);
  }

  /** Resolves when the port is open. Sockets from elsewhere than permitted are closed without a word. */
  async listen({ host, port }: PeerAddress, accepted: (socket: Socket) => void): Promise<Server> {
    const loopbackOnly = this.loopbackOnly || this.hidden;
    if (loopbackOnly && !isLoopback(host)) throw new ForbiddenAddressError(`listening on ${host} is not loopback`);
    const server = createServer({ noDelay: true }, (socket) => {
      // Whoever resets the connection before a peer takes it over must not take the process along.
      socket.on('error', () => socket.destroy());
      const remote = canonicalIp(socket.remoteAddress ?? '');
      if (remote === undefined || (loopbackOnly && !isLoopback(remote))) socket.destroy();
      else accepted(socket);
    });
    await openPort(server, numeric({ host, port }));
    return server;
  }

  /**
   * Opens a UDP port for broadcasts in the local network; resolves when it is open.
   *
   * @throws ForbiddenAddressError under the guard and behind a proxy: a broadcast is for others by its nature
   */
  async datagrams(port: number, received: (datagram: Uint8Array, source: string) => void): Promise<Datagrams> {
    if (this.loopbackOnly) throw new ForbiddenAddressError('broadcasts leave loopback');
    if (this.routes.proxy !== null || this.routes.strict) throw new ForbiddenAddressError('broadcasts bypass the proxy');
    // Several programs on one machine share the port, as PyBitmessage does.
    const socket = createSocket({ type: 'udp4', reuseAddr: true });
    socket.on('message', (datagram, { address }) => received(datagram, address));
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(port, () => {
        socket.off('error', reject);
        socket.setBroadcast(true);
        resolve();
      });
    });
    // A network that is down for the moment: the next announcement may pass.
    socket.on('error', () => {});
    return {
      send: (datagram, host) => socket.send(datagram, socket.address().port, host, () => {}),
      close: () => new Promise((resolve) => socket.close(() => resolve())),
    };
  }

  #check(host: string): void {
    if (!this.permits(host)) throw new ForbiddenAddressError(`${host} may not be dialled`);
  }
}

async function connectByProxy(proxy: SocksProxy, address: PeerAddress, signal: AbortSignal): Promise<Socket> {
  let socket: Socket;
  try {
    socket = await openSocket(numeric(proxy), signal);
  } catch (cause) {
    throw new ProxyUnreachableError(`the proxy ${formatProxy(proxy)} does not answer`, { cause });
  }
  await connectThrough(proxy, socket, address, signal);
  return socket;
}

/** localhost is known without asking. */
function numeric({ host, port }: PeerAddress): PeerAddress {
  return { host: host === 'localhost' ? '127.0.0.1' : host, port };
}

function openSocket(target: PeerAddress | { readonly path: string }, signal: AbortSignal): Promise<Socket> {
  const name = 'path' in target ? target.path : formatPeerAddress(target);
  return new Promise((resolve, reject) => {
    const socket = connect({
      ...('path' in target ? { path: target.path } : { host: target.host, port: target.port }),
      noDelay: true,
    } as TcpNetConnectOpts);
    const fail = (error: Error): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      socket.destroy();
      reject(error);
    };
    const abort = (): void => fail(new Error('stopped'));
    const timer = setTimeout(() => fail(new Error(`no answer from ${name}`)), CONNECT_TIMEOUT_MS);
    if (signal.aborted) {
      abort();
      return;
    }
    signal.addEventListener('abort', abort, { once: true });
    socket.once('error', fail);
    socket.once('connect', () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      socket.off('error', fail);
      resolve(socket);
    });
  });
}
