/** The local page as a whole: who is let in, by ticket, password or token; pages for those, and what their forms ask for. */
import { createWriteStream } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { type Logins, LoginUnavailable } from '../access/login.js';
import { ControlRefusal, type ControlRooms, checkArguments, type Operation } from '../control/operation.js';
import { asTyped } from '../words/commands.js';
import type { Words } from '../words/words.js';
import { checkAccess, checkOrigin } from './access-check.js';
import { askedWords } from './asked-words.js';
import { type Document, download, HTML, plainDocument, redirect } from './document.js';
import { readDownload } from './downloads.js';
import { readFormOrder } from './form-orders.js';
import { boundaryOf, Cut, readUpload, type Upload } from './multipart.js';
import { openApi } from './openapi.js';
import { lockedDocument, openDocument, ownDocument, sealedDocument } from './pages/router.js';
import type { Parcels } from './parcels.js';
import type { Notice, Sessions } from './sessions.js';
import { limited, readUploadOrder } from './uploads.js';

export interface LocalPageOptions {
  readonly token: string;
  readonly operations: readonly Operation[];
  readonly openMetrics: boolean;
  /** How the owner calls the command line. */
  readonly command: string;
}

export interface LocalPageRooms {
  readonly control: ControlRooms;
  readonly sessions: Sessions;
  readonly logins: Pick<Logins, 'check'>;
  readonly parcels: Parcels;
  readonly house: { readonly isOpen: boolean };
}

export class LocalPage {
  constructor(
    private readonly options: LocalPageOptions,
    private readonly rooms: LocalPageRooms,
  ) {}

  /** @param readBody undefined when it is too long */
  async answer(request: IncomingMessage, readBody: () => Promise<string | undefined>): Promise<Document> {
    const document = await this.#answer(request, readBody);
    const { type, body } = document;
    return type === HTML && typeof body === 'string' ? { ...document, body: asTyped(body, this.options.command) } : document;
  }

  async #answer(request: IncomingMessage, readBody: () => Promise<string | undefined>): Promise<Document> {
    const port = request.socket.localPort ?? 0;
    const verdict = checkOrigin(request.headers, port);
    if (!verdict.ok) return plainDocument(verdict.status, verdict.reason);
    const url = parseUrl(request.url);
    if (url === undefined) return plainDocument(400, 'no such address');
    if (request.method === 'POST') {
      // Browsers say with each form where it stood; who says nothing is none, or hides it.
      if (request.headers.origin === undefined) return plainDocument(403, 'no Origin');
      if (url.pathname.startsWith('/put/')) {
        return this.#take(request, url.pathname).catch((error: unknown) => {
          if (!(error instanceof Cut) && (error as NodeJS.ErrnoException).code !== 'ECONNRESET') throw error;
          return plainDocument(400, 'cut short'); // the browser has called it off
        });
      }
      const body = await readBody();
      if (body === undefined) return plainDocument(413, 'too long');
      const fields = new URLSearchParams(body);
      return url.pathname === '/login' ? this.#logIn(request, fields) : this.#order(request, url.pathname, fields);
    }
    return request.method === 'GET' || request.method === 'HEAD' ? this.#show(request, url) : plainDocument(405, 'use GET or POST');
  }

  #show(request: IncomingMessage, url: URL): Document {
    const { control, sessions } = this.rooms;
    const words = askedWords(request, control.words);
    const port = request.socket.localPort ?? 0;
    if (url.pathname === '/openapi.json') {
      const body = JSON.stringify(openApi(this.options.operations, `http://127.0.0.1:${port}`));
      return { status: 200, type: 'application/json; charset=utf-8', body };
    }
    if (!this.rooms.house.isOpen) return sealedDocument(url.pathname, control, words);
    const open = openDocument(url.pathname, control, this.options.openMetrics);
    if (open !== undefined) return open;
    const ticket = url.searchParams.get('ticket');
    const entered = ticket === null ? undefined : sessions.redeem(ticket);
    if (entered !== undefined) return redirect(url.pathname, cookie(port, entered));
    const session = readCookie(request.headers.cookie, cookieName(port));
    if (sessions.knows(session))
      return ownDocument(url, control, {
        isInside: true,
        formToken: sessions.formToken(session),
        notice: sessions.takeNotice(session),
        words,
      });
    const hasToken = checkAccess(request.headers, port, this.options.token).ok;
    return hasToken
      ? ownDocument(url, control, { isInside: true, formToken: '', notice: null, words })
      : lockedDocument(url.pathname, words);
  }

  async #logIn(request: IncomingMessage, fields: URLSearchParams): Promise<Document> {
    const { control, logins, sessions } = this.rooms;
    const words = askedWords(request, control.words);
    try {
      const login = await logins.check(control.mail.user, fields.get('password') ?? '', request.socket.remoteAddress ?? '');
      if (login === null || login.identity !== null) return lockedDocument('/', words, words.page.door.wrong);
    } catch (error) {
      if (error instanceof LoginUnavailable) return lockedDocument('/', words, error.say(words));
      throw error;
    }
    return redirect('/', cookie(request.socket.localPort ?? 0, sessions.admit()));
  }

  async #order(request: IncomingMessage, path: string, fields: URLSearchParams): Promise<Document> {
    const { control, sessions } = this.rooms;
    const words = askedWords(request, control.words);
    const port = request.socket.localPort ?? 0;
    const session = readCookie(request.headers.cookie, cookieName(port));
    if (!sessions.knows(session) || !this.rooms.house.isOpen) return lockedDocument(path, words);
    if (!sessions.isFormToken(session, fields.get('form') ?? '')) return plainDocument(403, words.page.formIsOld);
    if (path === '/logout') {
      sessions.leave(session);
      return redirect('/');
    }
    const done = path.startsWith('/get/') ? await this.#fetch(request, path, fields, words) : await this.#carryOut(path, fields, words);
    if (done === undefined) return plainDocument(404, words.page.noSuchForm);
    if ('status' in done) return done;
    sessions.tell(session, done);
    return redirect(backTo(fields));
  }

  /** A form with a file: nothing of that is kept before it is known who sends it. */
  async #take(request: IncomingMessage, path: string): Promise<Document> {
    const { control, sessions } = this.rooms;
    const words = askedWords(request, control.words);
    const session = readCookie(request.headers.cookie, cookieName(request.socket.localPort ?? 0));
    if (!sessions.knows(session)) return lockedDocument(path, words);
    const boundary = boundaryOf(request.headers['content-type']);
    const upload = boundary === undefined ? undefined : await readUpload(request, boundary);
    if (upload === undefined) return plainDocument(400, 'no form with a file');
    if (!sessions.isFormToken(session, upload.fields.get('form') ?? '')) return plainDocument(403, words.page.formIsOld);
    const notice = await this.#bringIn(path, upload, words);
    if (notice === undefined) return plainDocument(404, words.page.noSuchForm);
    sessions.tell(session, notice);
    return redirect(backTo(upload.fields));
  }

  /** Undefined when there is no such form. */
  async #bringIn(path: string, { fields, fileName, file }: Upload, words: Words): Promise<Notice | undefined> {
    try {
      const order = readUploadOrder(path, fields, this.options.operations);
      if (order === undefined) return undefined;
      const { operation, values, fileParameter } = order;
      let told = '';
      const parcel = await this.rooms.parcels.pack(async (place) => {
        await pipeline(limited(file), createWriteStream(place, { flags: 'wx', mode: 0o600 }));
        ({ text: told } = await operation.run(checkArguments(operation, { ...values, [fileParameter]: place }), {
          ...this.rooms.control,
          words,
        }));
      }, fileName);
      await parcel.done();
      return { isGood: true, text: told };
    } catch (error) {
      return refusalNotice(error, words);
    }
  }

  /** Undefined when there is no such form. */
  async #carryOut(path: string, fields: URLSearchParams, words: Words): Promise<Notice | undefined> {
    try {
      const order = readFormOrder(path, fields, this.options.operations);
      if (order === undefined) return undefined;
      const { operation, values } = order;
      const { value, text } = await operation.run(checkArguments(operation, values), { ...this.rooms.control, words });
      // The doctor alone says it: something is wrong.
      return { isGood: value.well !== false, text };
    } catch (error) {
      return refusalNotice(error, words);
    }
  }

  /** The file that a form asked for, or why there is none; undefined when there is no such form. */
  async #fetch(
    { socket: { remoteAddress = '' } }: IncomingMessage,
    path: string,
    fields: URLSearchParams,
    words: Words,
  ): Promise<Document | Notice | undefined> {
    const { control, logins, parcels } = this.rooms;
    try {
      const order = readDownload(path, fields, this.options.operations, new Date().toISOString().slice(0, 10));
      if (order === undefined) return undefined;
      const { operation, values, fileParameter, fileName, asksPassword } = order;
      const login = asksPassword ? await logins.check(control.mail.user, fields.get('password') ?? '', remoteAddress) : undefined;
      if (login === null || (login !== undefined && login.identity !== null)) return { isGood: false, text: words.page.door.wrong };
      const parcel = await parcels.pack(async (file) => {
        await operation.run(checkArguments(operation, { ...values, [fileParameter]: file }), { ...control, words });
      });
      return download(parcel, fileName);
    } catch (error) {
      return refusalNotice(error, words);
    }
  }
}

/** What the person can do something about is told on the page. */
function refusalNotice(error: unknown, words: Words): Notice {
  if (!(error instanceof ControlRefusal)) throw error;
  return { isGood: false, text: words.orders.notDone(error.say(words)) };
}

/** The page that a form names, and none elsewhere. */
function backTo(fields: URLSearchParams): string {
  const back = fields.get('back') ?? '/';
  return /^\/[a-z/]*$/.test(back) ? back : '/';
}

function cookie(port: number, session: string): string {
  return `${cookieName(port)}=${session}; HttpOnly; SameSite=Strict; Path=/`;
}

/** Browsers keep no cookies apart by port, and two gateways may run. */
function cookieName(port: number): string {
  return `postern-${port}`;
}

function readCookie(header: string | undefined, name: string): string {
  const pairs = (header ?? '').split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([key]) => key === name)?.[1] ?? '';
}

function parseUrl(path: string | undefined): URL | undefined {
  try {
    return path?.startsWith('/') === true ? new URL(`http://localhost${path}`) : undefined;
  } catch {
    return undefined;
  }
}
