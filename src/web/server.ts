/** HTTP on this machine only: the JSON interface, each operation of control as POST /api/<its words>, and the local page. */
import { createReadStream } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import type { Logins } from '../access/login.js';
import { isDamage, isDiskFull } from '../base/disk-fault.js';
import { CHECKING_INTERVAL_MS, limitPlaces } from '../base/http-places.js';
import type { Logger } from '../base/log.js';
import type { OnDisk } from '../base/on-disk.js';
import { openPort } from '../base/open-port.js';
import { readBody } from '../base/request-body.js';
import { LINES_TYPE, operationPath } from '../control/contact.js';
import { type Answer, ControlRefusal, type ControlRooms, checkArguments, type Operation, type Progress } from '../control/operation.js';
import type { Words } from '../words/words.js';
import { checkAccess } from './access-check.js';
import { askedWords } from './asked-words.js';
import type { Document } from './document.js';
import { LocalPage } from './local-page.js';
import { type Parcel, Parcels } from './parcels.js';
import { Sessions } from './sessions.js';

export interface WebServerOptions {
  readonly host: string;
  /** 0: any free one; and any free one where it is taken. */
  readonly port: number;
  /** Sent by the caller as "Authorization: Bearer …". */
  readonly token: string;
  readonly operations: readonly Operation[];
  /** /metrics asks for no token. */
  readonly openMetrics?: boolean;
  /** How the owner calls the command line; "postern" when not given. */
  readonly command?: string;
}

export interface WebServerRooms {
  readonly control: ControlRooms;
  readonly logins: Pick<Logins, 'check'>;
  readonly onDisk: OnDisk;
  readonly log: Logger;
  /** Until it is open, pages show nothing but the login; not given: it is open. */
  readonly house?: { readonly isOpen: boolean };
}

/** Arguments are a few short texts. */
const MAX_BODY_BYTES = 64 * 1024;
/** A terminal and a few pages; each connection is short. */
const MAX_CONNECTIONS = 50;
/** A caller gives up on a connection that says nothing for a minute; some operations take longer. */
const HEARTBEAT_MS = 10_000;
/** For a request to come in whole; the callers are on this machine. */
const REQUEST_TIMEOUT_MS = 10_000;
const TIMEOUTS = {
  requestTimeout: REQUEST_TIMEOUT_MS,
  headersTimeout: REQUEST_TIMEOUT_MS,
  connectionsCheckingInterval: CHECKING_INTERVAL_MS,
};

export class WebServer {
  readonly #sessions = new Sessions();
  readonly #page: LocalPage;
  readonly #parcels: Parcels;
  #server: Server | undefined;

  constructor(
    private readonly options: WebServerOptions,
    private readonly rooms: WebServerRooms,
  ) {
    const { token, operations, openMetrics = false, command = 'postern' } = options;
    const { control, logins, house = { isOpen: true } } = rooms;
    this.#parcels = new Parcels(control.premises);
    const inside = { control, logins, sessions: this.#sessions, parcels: this.#parcels, house };
    this.#page = new LocalPage({ token, operations, openMetrics, command }, inside);
  }

  /** Resolves when the port is open, with its number. */
  async start(): Promise<{ port: number }> {
    await this.#parcels.clear();
    const server = createServer(TIMEOUTS, (request, response) => {
      void this.#answer(request, response);
    });
    limitPlaces(server, MAX_CONNECTIONS);
    this.#server = server;
    try {
      await openPort(server, { host: this.options.host, port: this.options.port });
    } catch (error) {
      // The terminal finds us wherever we are; only a bookmark does not.
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      this.rooms.log.warn('the port of the local page is taken, so it has another one', { taken: this.options.port });
      await openPort(server, { host: this.options.host, port: 0 });
    }
    return { port: this.#port(server) };
  }

  /** The URL that lets a browser in, once. */
  openPage(): string {
    if (this.#server === undefined) throw new Error('the web server is not open');
    const host = this.options.host.includes(':') ? `[${this.options.host}]` : this.options.host;
    return `http://${host}:${this.#port(this.#server)}/?ticket=${this.#sessions.issue()}`;
  }

  #port(server: Server): number {
    return (server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined || !server.listening) return;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }

  /** The one place where an error becomes an HTTP answer. */
  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { control, log } = this.rooms;
    const words = askedWords(request, control.words);
    const progress = new ProgressLines(response, request.headers.accept === LINES_TYPE);
    try {
      if (request.url?.startsWith('/api/') !== true) {
        const document = await this.#page.answer(request, () => readBody(request, MAX_BODY_BYTES));
        await this.rooms.onDisk();
        await sendDocument(response, document);
        return;
      }
      const [status, body] = await this.#handle(request, words, (what) => progress.tell(what(words)));
      await this.rooms.onDisk();
      send(response, status, body);
    } catch (error) {
      if (error instanceof ControlRefusal) {
        send(response, 400, { error: error.say(words) });
      } else {
        log.error('request failed', error);
        const { diskFull, damaged, internalError } = words.orders;
        send(response, 500, { error: isDiskFull(error) ? diskFull : isDamage(error) ? damaged : internalError });
      }
    } finally {
      progress.end();
    }
  }

  async #handle(request: IncomingMessage, words: Words, progress: Progress): Promise<[number, object]> {
    const verdict = checkAccess(request.headers, request.socket.localPort ?? 0, this.options.token);
    if (!verdict.ok) return [verdict.status, { error: verdict.reason }];
    const operation = this.options.operations.find(({ name }) => request.url === operationPath(name));
    if (operation === undefined) return [404, { error: 'no such operation' }];
    if (request.method !== 'POST') return [405, { error: 'use POST' }];
    const body = await readBody(request, MAX_BODY_BYTES);
    if (body === undefined) return [413, { error: `at most ${MAX_BODY_BYTES} bytes` }];
    const answer: Answer = await operation.run(checkArguments(operation, parseJson(body)), { ...this.rooms.control, words }, progress);
    return [200, answer];
  }
}

/** Lines before the answer, for callers that want them; begun with the first one, and repeated while nothing new is told. */
class ProgressLines {
  #last = '';
  #heartbeat: NodeJS.Timeout | undefined;

  constructor(
    private readonly response: ServerResponse,
    private readonly isWanted: boolean,
  ) {
    response.on('close', () => this.end());
  }

  tell(text: string): void {
    if (!this.isWanted || this.response.destroyed) return;
    if (!this.response.headersSent) this.response.writeHead(200, { ...HEADERS, 'content-type': LINES_TYPE });
    this.#last = text;
    this.response.write(`${JSON.stringify({ progress: text })}\n`);
    this.#heartbeat ??= setInterval(() => this.tell(this.#last), HEARTBEAT_MS);
  }

  end(): void {
    clearInterval(this.#heartbeat);
    this.#heartbeat = undefined;
  }
}

const HEADERS = { 'cache-control': 'no-store', connection: 'close' };

/** No script, no frame, nothing from elsewhere. With "no-referrer", browsers would hide from us where a form stood. */
const PAGE_HEADERS = {
  ...HEADERS,
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

async function sendDocument(response: ServerResponse, { status, type, body, headers = {} }: Document): Promise<void> {
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.bytes;
  response.writeHead(status, { ...PAGE_HEADERS, ...headers, 'content-type': type, 'content-length': length });
  if (typeof body === 'string') response.end(body);
  else await sendParcel(response, body);
}

async function sendParcel(response: ServerResponse, { path, done }: Parcel): Promise<void> {
  try {
    await pipeline(createReadStream(path), response);
  } catch (error) {
    // The browser has called it off: nobody is left to be told.
    if (!response.destroyed) throw error;
  } finally {
    await done();
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text === '' ? '{}' : text);
  } catch {
    throw new ControlRefusal(({ orders }) => orders.notJson);
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  if (response.destroyed) return;
  const text = JSON.stringify(body);
  // After lines of progress the status is said, and the answer alone tells how it ended.
  if (!response.headersSent) response.writeHead(status, { ...HEADERS, 'content-type': 'application/json' });
  response.end(text);
}
