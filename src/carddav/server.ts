/** The CardDAV server, RFC 6352: HTTP on this machine, HTTPS anywhere; every request brings name and password. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { TLSSocket } from 'node:tls';
import { type Login, type Logins, LoginUnavailable } from '../access/login.js';
import { CHECKING_INTERVAL_MS, limitPlaces } from '../base/http-places.js';
import type { Logger } from '../base/log.js';
import type { OnDisk } from '../base/on-disk.js';
import { openPort } from '../base/open-port.js';
import { readBody } from '../base/request-body.js';
import type { AddressBooks } from './address-books.js';
import { type DavAnswer, DavRequests } from './requests.js';
import { WELL_KNOWN_PATH } from './resources.js';

export interface CarddavServerOptions {
  readonly host: string;
  /** Plain HTTP, 0: any free one; null: none, as where other machines could listen. */
  readonly port: number | null;
  readonly tlsPort: number;
  readonly tls: { readonly key: string; readonly cert: string };
}

export interface CarddavServerRooms {
  readonly books: AddressBooks;
  readonly logins: Logins;
  readonly onDisk: OnDisk;
  readonly log: Logger;
}

/** A multiget of a full book. */
const MAX_BODY_BYTES = 2 * 1024 * 1024;
/** A few devices, each with a few connections. */
const MAX_CONNECTIONS = 50;
const REQUEST_TIMEOUT_MS = 30_000;
/** Of this machine, for plain HTTP. */
const OWN_NAMES: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

export class CarddavServer {
  readonly #requests: DavRequests;
  #servers: Server[] = [];

  constructor(
    private readonly options: CarddavServerOptions,
    private readonly rooms: CarddavServerRooms,
  ) {
    this.#requests = new DavRequests(rooms.books);
  }

  /** Resolves when the ports are open. */
  async start(): Promise<{ port: number | null; tlsPort: number }> {
    const { port, tlsPort, tls } = this.options;
    const timeouts = {
      requestTimeout: REQUEST_TIMEOUT_MS,
      headersTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: CHECKING_INTERVAL_MS,
    };
    const answer = (request: IncomingMessage, response: ServerResponse): void => void this.#answer(request, response);
    return {
      port: port === null ? null : await this.#listen(createServer(timeouts, answer), port),
      tlsPort: await this.#listen(createTlsServer({ ...timeouts, ...tls }, answer), tlsPort),
    };
  }

  async stop(): Promise<void> {
    const closed = this.#servers.splice(0).map(
      (server) =>
        new Promise<void>((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
    );
    await Promise.all(closed);
  }

  async #listen(server: Server, port: number): Promise<number> {
    limitPlaces(server, MAX_CONNECTIONS);
    await openPort(server, { host: this.options.host, port });
    this.#servers.push(server);
    return (server.address() as AddressInfo).port;
  }

  /** The one place where an error becomes an HTTP answer. */
  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const answer = await this.#handle(request);
      await this.rooms.onDisk();
      send(request, response, answer);
    } catch (error) {
      if (error instanceof LoginUnavailable) return send(request, response, { status: 503 });
      this.rooms.log.error('request failed', error);
      send(request, response, { status: 500 });
    }
  }

  async #handle(request: IncomingMessage): Promise<DavAnswer> {
    if (isForeign(request)) return { status: 403 };
    const { method = 'GET', url = '/' } = request;
    // Found before the password is known: RFC 6764 §6.
    const isWellKnown = url.startsWith(WELL_KNOWN_PATH);
    const login = isWellKnown ? { user: '', identity: null } : await this.#login(request);
    if (login === null) return { status: 401, headers: { 'www-authenticate': 'Basic realm="Postern", charset="UTF-8"' } };
    const body = await readBody(request, MAX_BODY_BYTES);
    if (body === undefined) return { status: 413 };
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, value?.toString()]));
    return this.#requests.answer({ login, method, path: url, headers, body });
  }

  async #login({ headers, socket }: IncomingMessage): Promise<Login | null> {
    const [, encoded] = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(headers.authorization ?? '') ?? [];
    if (encoded === undefined) return null;
    const text = Buffer.from(encoded, 'base64').toString('utf8');
    const colon = text.indexOf(':');
    return colon < 0 ? null : this.rooms.logins.check(text.slice(0, colon), text.slice(colon + 1), socket.remoteAddress ?? '');
  }
}

/**
 * Whether a page of somebody else has made a browser ask. Most address book programs send no Origin; Thunderbird sends our own address. A
 * page whose name was made to lead here (DNS rebinding) sends its own: no name of this machine, and none that our certificate is for.
 */
function isForeign({ headers: { origin, host = '' }, socket }: IncomingMessage): boolean {
  if (origin === undefined) return false;
  const isOwnName = socket instanceof TLSSocket || OWN_NAMES.includes(host.replace(/:\d+$/, '').toLowerCase());
  return !isOwnName || !/^https?:\/\//.test(origin) || origin.replace(/^https?:\/\//, '') !== host;
}

function send(request: IncomingMessage, response: ServerResponse, { status, headers, body = '' }: DavAnswer): void {
  if (response.destroyed) return;
  const close = request.complete ? {} : { connection: 'close' };
  response.writeHead(status, { 'cache-control': 'no-store', ...close, ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(request.method === 'HEAD' ? undefined : body);
}
