/** Our own onion service: one that was set up elsewhere, or a port on loopback and Tor, which is asked until it brings connections there. */
import type { Server, Socket } from 'node:net';
import type { Clock } from '../../base/clock.js';
import type { Logger } from '../../base/log.js';
import { TaskGroup } from '../../base/task-group.js';
import type { OnionKeyTable } from '../../store/node/onion-keys.js';
import { formatPeerAddress, type PeerAddress, parsePeerAddress } from './address.js';
import type { PeerDialer } from './dial.js';
import type { NetworkOptions } from './options.js';
import { TorControl } from './tor-control.js';

export interface OnionServiceOptions {
  /** Tor's control port, or its Unix socket. */
  readonly control: PeerAddress | { readonly path: string };
  readonly password: string;
}

/** What the house gives to the service. */
export interface OnionRooms {
  readonly keys: Pick<OnionKeyTable, 'get' | 'put'>;
  /** It can be reached from now on. */
  readonly up: () => void;
}

export interface OnionServiceRooms {
  readonly dialer: PeerDialer;
  /** Without it no service is made. */
  readonly onion?: OnionRooms;
  readonly clock: Clock;
  readonly log: Logger;
  readonly accepted: (socket: Socket) => void;
}

/** Tor may not run yet, or be restarted: asked again after a second, then after twice that, at most after five minutes. */
const FIRST_WAIT_SECONDS = 1;
const LONGEST_WAIT_SECONDS = 300;
/** Tor ends the service with the connection anyway: waiting for its word must not hold up the end of the program. */
const FAREWELL_MS = 1_000;

export class OnionService {
  readonly #tasks = new TaskGroup((error) => this.rooms.log.error('onion service', error));
  readonly #given: PeerAddress | null;
  #server: Server | undefined;
  #address: PeerAddress | null = null;
  #problem: string | null = null;

  constructor(
    private readonly options: Pick<NetworkOptions, 'params' | 'onionAddress' | 'onionService'>,
    private readonly rooms: OnionServiceRooms,
  ) {
    this.#given = parsePeerAddress(options.onionAddress, options.params.defaultPort) ?? null;
  }

  /** What others dial, while the service is up. */
  get address(): PeerAddress | null {
    return this.#address ?? this.#given;
  }

  /** Why it is not up. */
  get problem(): string | null {
    return this.#problem;
  }

  /** Resolves when the port on loopback is open; the service comes up when Tor does. */
  async start(): Promise<void> {
    const { onionService } = this.options;
    const { onion } = this.rooms;
    if (onionService === null || onion === undefined) return;
    const server = await this.rooms.dialer.listen({ host: '127.0.0.1', port: 0 }, this.rooms.accepted);
    this.#server = server;
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port for the onion service');
    const target = `127.0.0.1:${address.port}`;
    this.#tasks.run((signal) => this.#keepUp((aborted) => this.#serve(target, onionService, onion, aborted), signal));
  }

  /** Resolves when Tor has been told, and the port is closed to new connections; those that are there are their peers'. */
  async stop(): Promise<void> {
    this.#server?.close();
    await this.#tasks.stop();
  }

  async #keepUp(serve: (signal: AbortSignal) => Promise<void>, signal: AbortSignal): Promise<void> {
    let waitSeconds = FIRST_WAIT_SECONDS;
    while (!signal.aborted) {
      try {
        await serve(signal);
        waitSeconds = FIRST_WAIT_SECONDS;
        this.#failed('Tor has ended the connection');
      } catch (error) {
        if (signal.aborted) return;
        this.#failed(error instanceof Error ? error.message : String(error));
      }
      await this.rooms.clock.sleep(waitSeconds * 1000, signal);
      waitSeconds = Math.min(waitSeconds * 2, LONGEST_WAIT_SECONDS);
    }
  }

  /** Has Tor make the service; resolves when the service is gone. */
  async #serve(target: string, tor: OnionServiceOptions, { keys, up }: OnionRooms, signal: AbortSignal): Promise<void> {
    const port = this.options.params.defaultPort;
    const control = new TorControl(await this.rooms.dialer.connectLocally(tor.control, signal));
    const stopped = new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => (this.#address === null ? control.close() : resolve()), { once: true });
    });
    try {
      await control.authenticate(tor.password);
      const { host, privateKey } = await control.addOnion(keys.get(), port, target);
      // Before anybody is told the name: it must be ours for good.
      if (privateKey !== undefined) keys.put(privateKey);
      this.#address = { host, port };
      this.#problem = null;
      this.rooms.log.info('onion service is up', { address: formatPeerAddress(this.#address) });
      up();
      await Promise.race([control.closed, stopped]);
      if (signal.aborted) await Promise.race([control.deleteOnion(host), this.rooms.clock.sleep(FAREWELL_MS)]);
    } finally {
      this.#address = null;
      await control.close();
    }
  }

  #failed(problem: string): void {
    if (problem !== this.#problem) this.rooms.log.warn('onion service is not up', { problem });
    this.#problem = problem;
  }
}
