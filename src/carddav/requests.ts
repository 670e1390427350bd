/** The methods of WebDAV and CardDAV: from a request to its answer. Who asks is known already. */
import type { Login } from '../access/login.js';
import { type CardContent, type CardVersion, readCard, writeCard } from '../mime/vcard.js';
import { type AddressBook, type AddressBooks, type Card, CardRefusal } from './address-books.js';
import { passes } from './filter.js';
import * as properties from './properties.js';
import { bookPath, HOME_PATH, PRINCIPAL_PATH, parsePath, type Resource, ROOT_PATH, WELL_KNOWN_PATH } from './resources.js';
import { CARD, DAV, parseXml, type XmlElement } from './xml.js';

export interface DavRequest {
  readonly login: Login;
  readonly method: string;
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

export interface DavAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export const METHODS = 'OPTIONS, GET, HEAD, PUT, DELETE, PROPFIND, PROPPATCH, REPORT';
/** A bound for one answer; the client asks again for the rest of a book that is larger than any of ours. */
const MAX_HREFS = 20_000;
const VCARD = 'text/vcard; charset=utf-8';
const XML = 'application/xml; charset=utf-8';
const NOT_FOUND: DavAnswer = { status: 404 };

export class DavRequests {
  constructor(private readonly books: AddressBooks) {}

  async answer(request: DavRequest): Promise<DavAnswer> {
    if (request.path.replace(/\/$/, '') === WELL_KNOWN_PATH) return { status: 301, headers: { location: ROOT_PATH } };
    const resource = parsePath(request.path);
    if (resource === null) return NOT_FOUND;
    switch (request.method) {
      case 'OPTIONS':
        return { status: 200, headers: { allow: METHODS, dav: '1, 3, access-control, addressbook' } };
      case 'PROPFIND':
        return this.#propfind(request, resource);
      case 'PROPPATCH':
        return proppatch(request);
      case 'REPORT':
        return this.#report(request, resource);
      case 'GET':
      case 'HEAD':
        return this.#get(request, resource);
      case 'PUT':
        return this.#put(request, resource);
      case 'DELETE':
        return this.#remove(request, resource);
      default:
        return { status: 405, headers: { allow: METHODS } };
    }
  }

  #propfind({ login, headers, body }: DavRequest, resource: Resource): DavAnswer {
    const xml = body.trim() === '' ? null : parseXml(body);
    if (xml === null && body.trim() !== '') return { status: 400 };
    const wanted = properties.wantedOf(xml);
    const respond = properties.response;
    const isDeep = headers.depth !== '0';
    switch (resource.kind) {
      case 'root':
        return multistatus([
          respond(ROOT_PATH, properties.rootProperties(), wanted),
          ...(isDeep ? [respond(HOME_PATH, properties.homeProperties(), wanted)] : []),
        ]);
      case 'principal':
        return multistatus([respond(PRINCIPAL_PATH, properties.principalProperties(login.user), wanted)]);
      case 'home': {
        const books = isDeep ? this.books.list(login) : [];
        return multistatus([
          respond(HOME_PATH, properties.homeProperties(), wanted),
          ...books.map((book) => respond(bookPath(book.id), properties.bookProperties(book), wanted)),
        ]);
      }
      case 'book': {
        const book = this.#book(login, resource.book);
        if (book === undefined) return NOT_FOUND;
        const cards = isDeep ? this.books.cards(login, book.id) : [];
        return multistatus([
          respond(bookPath(book.id), properties.bookProperties(book), wanted),
          ...cards.map((card) => this.#cardResponse(book, card, wanted)),
        ]);
      }
      case 'card': {
        const card = this.books.card(login, resource.book, resource.name);
        const book = this.#book(login, resource.book);
        return card === undefined || book === undefined ? NOT_FOUND : multistatus([this.#cardResponse(book, card, wanted)]);
      }
    }
  }

  #report({ login, body }: DavRequest, resource: Resource): DavAnswer {
    const xml = parseXml(body);
    if (xml === null) return { status: 400 };
    const book = resource.kind === 'book' ? this.#book(login, resource.book) : undefined;
    if (book === undefined) return resource.kind === 'book' ? NOT_FOUND : forbidden('D:supported-report');
    switch (xml.name) {
      case `{${CARD}}addressbook-query`:
        return this.#query(login, book, xml);
      case `{${CARD}}addressbook-multiget`:
        return this.#multiget(login, book, xml);
      case `{${DAV}}sync-collection`:
        return this.#sync(login, book, xml);
      default:
        return forbidden('D:supported-report');
    }
  }

  #query(login: Login, book: AddressBook, xml: XmlElement): DavAnswer {
    const filter = xml.children.find(({ name }) => name === `{${CARD}}filter`);
    const limit = xml.children.find(({ name }) => name === `{${CARD}}limit`)?.children[0]?.text;
    const most = limit === undefined ? Number.POSITIVE_INFINITY : Number.parseInt(limit, 10);
    const found = this.books.cards(login, book.id).filter(({ content }) => passes(writeCard(content), filter));
    const [wanted, version] = [properties.wantedOf(xml), properties.wantedVersion(xml)];
    return multistatus(found.slice(0, most).map((card) => this.#cardResponse(book, card, wanted, version)));
  }

  #multiget(login: Login, book: AddressBook, xml: XmlElement): DavAnswer {
    const hrefs = xml.children.filter(({ name }) => name === `{${DAV}}href`).map(({ text }) => text.trim());
    if (hrefs.length > MAX_HREFS) return { status: 413 };
    const [wanted, version] = [properties.wantedOf(xml), properties.wantedVersion(xml)];
    return multistatus(
      hrefs.map((href) => {
        const resource = parsePath(href);
        const card = resource?.kind === 'card' && resource.book === book.id ? this.books.card(login, book.id, resource.name) : undefined;
        return card === undefined ? properties.missingResponse(href) : this.#cardResponse(book, card, wanted, version);
      }),
    );
  }

  #sync(login: Login, book: AddressBook, xml: XmlElement): DavAnswer {
    const token = xml.children.find(({ name }) => name === `{${DAV}}sync-token`)?.text.trim() ?? '';
    const [wanted, version] = [properties.wantedOf(xml), properties.wantedVersion(xml)];
    const more = `<D:sync-token>${properties.toSyncToken(book)}</D:sync-token>`;
    if (token === '') {
      return multistatus(
        this.books.cards(login, book.id).map((card) => this.#cardResponse(book, card, wanted, version)),
        more,
      );
    }
    const state = properties.fromSyncToken(book, token);
    const changes = state === null ? null : this.books.changesSince(login, book.id, state);
    if (changes === null) return forbidden('D:valid-sync-token');
    const changed = changes.changed.flatMap((name) => this.books.card(login, book.id, name) ?? []);
    return multistatus(
      [
        ...changed.map((card) => this.#cardResponse(book, card, wanted, version)),
        ...changes.removed.map((name) => properties.missingResponse(properties.pathOfCard(book, name))),
      ],
      more,
    );
  }

  #get({ login, headers }: DavRequest, resource: Resource): DavAnswer {
    if (resource.kind !== 'card')
      return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'An address book (CardDAV) of Postern.\n' };
    const card = this.books.card(login, resource.book, resource.name);
    if (card === undefined) return NOT_FOUND;
    const version = /version="?([34]\.0)/.exec(headers.accept ?? '')?.[1] as CardVersion | undefined;
    return { status: 200, headers: { 'content-type': VCARD, etag: `"${card.etag}"` }, body: writeCard(card.content, version) };
  }

  async #put({ login, headers, body }: DavRequest, resource: Resource): Promise<DavAnswer> {
    if (resource.kind !== 'card' || this.#book(login, resource.book) === undefined) return { status: 409 };
    const { book, name } = resource;
    const present = this.books.card(login, book, name);
    if (!isExpected(headers, present)) return { status: 412 };
    if (Buffer.byteLength(body) > properties.MAX_CARD_BYTES) return forbidden('C:max-resource-size');
    const content: CardContent | null = readCard(body);
    if (content === null) return forbidden('C:valid-address-data');
    try {
      await this.books.put(login, book, name, content);
    } catch (error) {
      return refused(error);
    }
    // No ETag: the card is not kept as it came (RFC 6352 §6.3.2.3), and the client reads it again.
    return { status: present === undefined ? 201 : 204 };
  }

  #remove({ login, headers }: DavRequest, resource: Resource): DavAnswer {
    if (resource.kind !== 'card') return { status: 403 };
    const present = this.books.card(login, resource.book, resource.name);
    if (present === undefined) return NOT_FOUND;
    if (!isExpected(headers, present)) return { status: 412 };
    try {
      this.books.remove(login, resource.book, resource.name);
    } catch (error) {
      return refused(error);
    }
    return { status: 204 };
  }

  #book(login: Login, id: string): AddressBook | undefined {
    return this.books.list(login).find((book) => book.id === id);
  }

  #cardResponse(book: AddressBook, card: Card, wanted: properties.Wanted, version?: CardVersion): string {
    return properties.response(properties.pathOfCard(book, card.name), properties.cardProperties(card, version), wanted);
  }
}

/** If-Match and If-None-Match: nobody overwrites what he has not seen. */
function isExpected(headers: DavRequest['headers'], present: Card | undefined): boolean {
  const ifMatch = headers['if-match'];
  const ifNoneMatch = headers['if-none-match'];
  const fits = (list: string): boolean =>
    present !== undefined && list.split(',').some((tag) => tag.trim() === '*' || tag.trim() === `"${present.etag}"`);
  return (ifMatch === undefined || fits(ifMatch)) && (ifNoneMatch === undefined || !fits(ifNoneMatch));
}

function proppatch({ path, body }: DavRequest): DavAnswer {
  const xml = parseXml(body);
  if (xml === null) return { status: 400 };
  const names = xml.children.flatMap(({ children }) => children.flatMap((prop) => prop.children.map(({ name }) => name)));
  return multistatus([properties.refusedProperties(path, names)]);
}

function multistatus(responses: readonly string[], more?: string): DavAnswer {
  return { status: 207, headers: { 'content-type': XML }, body: properties.multistatus(responses, more) };
}

function forbidden(condition: string): DavAnswer {
  return { status: 403, headers: { 'content-type': XML }, body: properties.errorBody(condition) };
}

/** @throws what is no refusal */
function refused(error: unknown): DavAnswer {
  if (!(error instanceof CardRefusal)) throw error;
  if (error.precondition !== null) return forbidden(`C:${error.precondition}`);
  return { status: 403, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: `${error.message}\n` };
}
