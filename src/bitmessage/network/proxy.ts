/** Connections through a SOCKS proxy: the only file that knows the `socks` package. */
import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { SocksClient } from 'socks';
import type { PeerAddress } from './address.js';

export interface SocksProxy extends PeerAddress {
  readonly protocol: 'socks5' | 'socks4a';
  /** What the proxy wants to see of us; "": nothing. SOCKS4a has no password. */
  readonly user: string;
  readonly password: string;
  /** Without a user: a random one for each connection. Tor then takes a circuit for each (IsolateSOCKSAuth), so that no two peers see the same exit. */
  readonly isolate: boolean;
}

/** The proxy was reached and did not connect us. Its text is the proxy's reason. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError';
}

/** Tor itself gives up on a circuit after two minutes (SocksTimeout); a peer that takes a minute is none to wait for. */
export const PROXY_TIMEOUT_MS = 60_000;
/** 128 bits: no two connections share them. */
const ISOLATION_BYTES = 16;

/** SOCKS4a knows IPv4 and names only. */
export function canCarry({ protocol }: SocksProxy, host: string): boolean {
  return protocol === 'socks5' || !host.includes(':');
}

export function formatProxy({ protocol, host, port }: SocksProxy): string {
  return `${protocol}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/**
 * Asks the proxy at the other end of this socket for a connection to the target, a name as it stands: from here on the
 * socket is that connection.
 *
 * Spec: RFC 1928, RFC 1929; SOCKS4a
 * @throws ProxyError, with the socket closed
 */
export async function connectThrough(proxy: SocksProxy, socket: Socket, target: PeerAddress, signal: AbortSignal): Promise<void> {
  // The package takes its own listener away before an error can come.
  socket.on('error', () => socket.destroy());
  const abort = (): void => void socket.destroy();
  signal.addEventListener('abort', abort, { once: true });
  try {
    const { user, password } = credentials(proxy);
    await SocksClient.createConnection({
      command: 'connect',
      proxy: {
        host: proxy.host,
        port: proxy.port,
        type: proxy.protocol === 'socks5' ? 5 : 4,
        ...(user === '' ? {} : { userId: user, password }),
      },
      destination: { host: target.host, port: target.port },
      existing_socket: socket,
      timeout: PROXY_TIMEOUT_MS,
    });
  } catch (error) {
    socket.destroy();
    // Not as its cause: the package's error carries the password.
    throw new ProxyError(error instanceof Error ? error.message : String(error));
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function credentials({ user, password, isolate }: SocksProxy): { user: string; password: string } {
  if (user !== '' || !isolate) return { user, password };
  return { user: randomBytes(ISOLATION_BYTES).toString('hex'), password: randomBytes(ISOLATION_BYTES).toString('hex') };
}
