/** The anonymous TLS of Bitmessage peers: no certificate, no identity, protection from onlookers only. */
import type { Socket } from 'node:net';
import { connect, createSecureContext, type SecureContextOptions, TLSSocket } from 'node:tls';
import type { Clock, UnixSeconds } from '../../base/clock.js';

/**
 * Proved with PyBitmessage and MiNode on OpenSSL 3 (PROTOCOL 1.8): their one cipher is below every default security
 * level, their one curve is secp256k1 (the others are for peers that offer the defaults), and TLS 1.3 knows neither.
 */
const ANONYMOUS: SecureContextOptions = {
  ciphers: 'AECDH-AES256-SHA@SECLEVEL=0',
  ecdhCurve: 'secp256k1:X25519:P-256:P-384',
  minVersion: 'TLSv1',
  maxVersion: 'TLSv1.2',
};

const secureContext = createSecureContext(ANONYMOUS);

/**
 * Upgrades a connection on which the version exchange is done and everything written is flushed. The side that was
 * dialled is the TLS server. `early` is what the peer sent after its verack: the beginning of its TLS.
 *
 * @param secured called once, when the TLS handshake is done; a failure is the socket's 'error' or 'close'
 */
export function upgrade(socket: Socket, role: 'client' | 'server', early: Uint8Array, secured: () => void): TLSSocket {
  if (early.length > 0) socket.unshift(early);
  if (role === 'server') {
    const server = new TLSSocket(socket, { isServer: true, secureContext });
    server.once('secure', secured);
    return server;
  }
  // There is no certificate to verify: that is what anonymous means.
  return connect({ socket, rejectUnauthorized: false, ...ANONYMOUS, secureContext }, secured);
}

/** How long a failed TLS handshake is remembered (PROTOCOL 1.8). */
const MEMORY_SECONDS = 3600;
/** So that an attacker with many addresses cannot fill the memory. */
const MAX_REMEMBERED = 10_000;

/**
 * Remembers with whom TLS failed: PyBitmessage on OpenSSL 3 cannot be a client, MiNode on a current Python cannot be a
 * server, and both announce it all the same. To these NODE_SSL is not offered for an hour.
 */
export class TlsMemory {
  readonly #failures = new Map<string, { count: number; until: UnixSeconds }>();

  constructor(private readonly clock: Clock) {}

  failed(key: string): void {
    const count = (this.#current(key)?.count ?? 0) + 1;
    this.#failures.delete(key);
    this.#failures.set(key, { count, until: this.clock.now() + MEMORY_SECONDS });
    for (const oldest of this.#failures.keys()) {
      if (this.#failures.size <= MAX_REMEMBERED) break;
      this.#failures.delete(oldest);
    }
  }

  succeeded(key: string): void {
    this.#failures.delete(key);
  }

  /** How often it failed lately. */
  failures(key: string): number {
    return this.#current(key)?.count ?? 0;
  }

  #current(key: string): { count: number; until: UnixSeconds } | undefined {
    const entry = this.#failures.get(key);
    return entry !== undefined && entry.until > this.clock.now() ? entry : undefined;
  }
}
