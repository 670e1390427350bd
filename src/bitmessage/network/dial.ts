/** The only place that opens a socket to a peer, listens for one, or asks for a name's address: so the loopback guard is one, too. */
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { canonicalIp } from '../wire/host.js';
import { formatPeerAddress, isIp, isLoopback, isOnion, type PeerAddress } from './address.js';

/** The guard said no: nothing was opened, nobody was asked. */
export class ForbiddenAddressError extends Error {
  override readonly name = 'ForbiddenAddressError';
}

/** A SYN that nobody answers (PyBitmessage's half-open limit assumes about this). */
const CONNECT_TIMEOUT_MS = 20_000;

/** What a Dialer can do, for who needs to be given another one. */
export type PeerDialer = Pick<Dialer, 'permits' | 'connect' | 'resolve' | 'listen' | 'datagrams'>;

/** An open UDP port. */
export interface Datagrams {
  send(datagram: Uint8Array, host: string): void;
  close(): Promise<void>;
}

export class Dialer {
  /** @param loopbackOnly nothing but 127/8, ::1 and localhost is ever dialled, listened on, accepted from or looked up */
  constructor(private readonly loopbackOnly: boolean) {}

  /** Whether `connect` would try this host at all. Onion names need a proxy. */
  permits(host: string): boolean {
    return isLoopback(host) || (!this.loopbackOnly && !isOnion(host));
  }

  /** @throws ForbiddenAddressError before anything happens; otherwise what the network answers */
  async connect(address: PeerAddress, signal: AbortSignal): Promise<Socket> {
    this.#check(address.host);
    const ip = isIp(address.host) ? address.host : (await this.resolve(address.host))[0];
    if (ip === undefined) throw new Error(`${address.host} has no address`);
    this.#check(ip);
    return openSocket({ host: ip, port: address.port }, signal);
  }

  /** The addresses of a name. localhost is known without asking. */
  async resolve(name: string): Promise<string[]> {
    if (name === 'localhost') return ['127.0.0.1'];
    this.#check(name);
    if (isIp(name)) return [name];
    const answers = await lookup(name, { all: true });
    return answers.flatMap(({ address }) => canonicalIp(address) ?? []);
  }

  /** Resolves when the port is open. Sockets from elsewhere than permitted are closed without a word. */
  async listen({ host, port }: PeerAddress, accepted: (socket: Socket) => void): Promise<Server> {
    if (this.loopbackOnly && !isLoopback(host)) throw new ForbiddenAddressError(`listening on ${host} is not loopback`);
    const server = createServer({ noDelay: true }, (socket) => {
      // Whoever resets the connection before a peer takes it over must not take the process along.
      socket.on('error', () => socket.destroy());
      const remote = canonicalIp(socket.remoteAddress ?? '');
      if (remote === undefined || (this.loopbackOnly && !isLoopback(remote))) socket.destroy();
      else accepted(socket);
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: host === 'localhost' ? '127.0.0.1' : host, port }, () => {
        server.off('error', reject);
        resolve();
      });
    });
    return server;
  }

  /**
   * Opens a UDP port for broadcasts in the local network; resolves when it is open.
   *
   * @throws ForbiddenAddressError under the guard: a broadcast is for others by its nature
   */
  async datagrams(port: number, received: (datagram: Uint8Array, source: string) => void): Promise<Datagrams> {
    if (this.loopbackOnly) throw new ForbiddenAddressError('broadcasts leave loopback');
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

function openSocket(address: PeerAddress, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address.host, port: address.port, noDelay: true });
    const fail = (error: Error): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      socket.destroy();
      reject(error);
    };
    const abort = (): void => fail(new Error('stopped'));
    const timer = setTimeout(() => fail(new Error(`no answer from ${formatPeerAddress(address)}`)), CONNECT_TIMEOUT_MS);
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
