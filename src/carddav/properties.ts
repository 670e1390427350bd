/** Pure: the WebDAV properties of each resource, and the answers in which they travel (RFC 4918, 3744, 5397, 6352, 6578). */
import { type CardVersion, writeCard } from '../mime/vcard.js';
import type { AddressBook, Card } from './address-books.js';
import { cardPath, HOME_PATH, PRINCIPAL_PATH } from './resources.js';
import { CALENDARSERVER, CARD, DAV, escapeXml, type XmlElement } from './xml.js';

/** The largest card that is taken: a person with a photo. */
export const MAX_CARD_BYTES = 262_144;

/** What a request wants to know: some properties, or all that cost little. */
export type Wanted = readonly string[] | 'all';

/** By "{namespace}name", the content as XML. */
type Properties = ReadonlyMap<string, string>;

const SYNC_TOKEN_PREFIX = 'http://postern.invalid/sync/';
/** Not part of "all": RFC 6352 §5.1. */
const DATA = `{${CARD}}address-data`;

export function wantedOf(request: XmlElement | null): Wanted {
  const prop = request?.children.find(({ name }) => name === `{${DAV}}prop`);
  return prop === undefined ? 'all' : prop.children.map(({ name }) => name);
}

/** The version of vCard that a REPORT asks for; undefined: as it was written. */
export function wantedVersion(request: XmlElement): CardVersion | undefined {
  const prop = request.children.find(({ name }) => name === `{${DAV}}prop`);
  const version = prop?.children.find(({ name }) => name === DATA)?.attributes.version;
  return version === '3.0' || version === '4.0' ? version : undefined;
}

export function rootProperties(): Properties {
  return new Map([...collection('<D:collection/>', 'Postern')]);
}

export function principalProperties(user: string): Properties {
  return new Map([
    ...collection('<D:principal/>', user),
    [`{${DAV}}principal-URL`, href(PRINCIPAL_PATH)],
    [`{${CARD}}addressbook-home-set`, href(HOME_PATH)],
  ]);
}

export function homeProperties(): Properties {
  return new Map([...collection('<D:collection/>', 'Address books'), [`{${CARD}}addressbook-home-set`, href(HOME_PATH)]]);
}

export function bookProperties(book: AddressBook): Properties {
  const write = `${privilege('write-content')}${book.writable ? `${privilege('bind')}${privilege('unbind')}${privilege('write')}` : ''}`;
  return new Map([
    ...collection('<D:collection/><C:addressbook/>', book.name),
    [`{${CARD}}addressbook-description`, escapeXml(DESCRIPTIONS[book.id] ?? '')],
    [`{${CARD}}max-resource-size`, String(MAX_CARD_BYTES)],
    [
      `{${CARD}}supported-address-data`,
      '<C:address-data-type content-type="text/vcard" version="3.0"/><C:address-data-type content-type="text/vcard" version="4.0"/>',
    ],
    [
      `{${DAV}}supported-report-set`,
      ['C:addressbook-query', 'C:addressbook-multiget', 'D:sync-collection']
        .map((report) => `<D:supported-report><D:report><${report}/></D:report></D:supported-report>`)
        .join(''),
    ],
    [`{${DAV}}current-user-privilege-set`, privilege('read') + write],
    [`{${DAV}}sync-token`, escapeXml(toSyncToken(book))],
    [`{${CALENDARSERVER}}getctag`, escapeXml(book.state)],
  ]);
}

export function cardProperties(card: Card, version?: CardVersion): Properties {
  const text = writeCard(card.content, version);
  return new Map([
    [`{${DAV}}resourcetype`, ''],
    [`{${DAV}}displayname`, escapeXml(card.content.label)],
    [`{${DAV}}getetag`, escapeXml(`"${card.etag}"`)],
    [`{${DAV}}getcontenttype`, 'text/vcard; charset=utf-8'],
    [`{${DAV}}getcontentlength`, String(Buffer.byteLength(text))],
    [`{${DAV}}current-user-principal`, href(PRINCIPAL_PATH)],
    [DATA, escapeXml(text)],
  ]);
}

export function toSyncToken(book: AddressBook): string {
  return `${SYNC_TOKEN_PREFIX}${book.id}/${book.state}`;
}

/** The state in a token of this book, or null for another's. */
export function fromSyncToken(book: AddressBook, token: string): string | null {
  const prefix = `${SYNC_TOKEN_PREFIX}${book.id}/`;
  return token.startsWith(prefix) ? token.slice(prefix.length) : null;
}

export function multistatus(responses: readonly string[], more = ''): string {
  return `<?xml version="1.0" encoding="utf-8"?>\n<D:multistatus xmlns:D="DAV:" xmlns:C="${CARD}" xmlns:S="${CALENDARSERVER}">${responses.join('')}${more}</D:multistatus>\n`;
}

/** One resource: what it has of the wanted properties, and what not. */
export function response(path: string, properties: Properties, wanted: Wanted): string {
  const names = wanted === 'all' ? [...properties.keys()].filter((name) => name !== DATA) : wanted;
  const found = names.filter((name) => properties.has(name)).map((name) => element(name, properties.get(name)!));
  const missing = names.filter((name) => !properties.has(name)).map((name) => element(name, ''));
  const parts = `${propstat(found, '200 OK')}${propstat(missing, '404 Not Found')}`;
  return `<D:response>${href(path)}${parts === '' ? '<D:status>HTTP/1.1 200 OK</D:status>' : parts}</D:response>`;
}

/** Properties that nobody may change here: a book's name is its own. */
export function refusedProperties(path: string, names: readonly string[]): string {
  return `<D:response>${href(path)}${propstat(
    names.map((name) => element(name, '')),
    '403 Forbidden',
  )}</D:response>`;
}

export function missingResponse(path: string): string {
  return `<D:response>${href(path)}<D:status>HTTP/1.1 404 Not Found</D:status></D:response>`;
}

export function errorBody(condition: string): string {
  return `<?xml version="1.0" encoding="utf-8"?>\n<D:error xmlns:D="DAV:" xmlns:C="${CARD}"><${condition}/></D:error>\n`;
}

export function pathOfCard(book: AddressBook, name: string): string {
  return cardPath(book.id, name);
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  contacts: 'People, each with a Bitmessage address',
  identities: 'Your own addresses; names can be changed',
  subscriptions: 'Whose broadcasts you read; names can be changed',
  chans: 'The chans you are in; names can be changed',
};

function collection(type: string, name: string): [string, string][] {
  return [
    [`{${DAV}}resourcetype`, type],
    [`{${DAV}}displayname`, escapeXml(name)],
    [`{${DAV}}current-user-principal`, href(PRINCIPAL_PATH)],
    [`{${DAV}}owner`, href(PRINCIPAL_PATH)],
  ];
}

function propstat(elements: readonly string[], status: string): string {
  return elements.length === 0
    ? ''
    : `<D:propstat><D:prop>${elements.join('')}</D:prop><D:status>HTTP/1.1 ${status}</D:status></D:propstat>`;
}

function element(name: string, content: string): string {
  const [, namespace = '', local = ''] = /^\{([^}]*)\}(.+)$/s.exec(name) ?? [];
  const prefix = { [DAV]: 'D', [CARD]: 'C', [CALENDARSERVER]: 'S' }[namespace];
  return prefix === undefined
    ? `<X:${local} xmlns:X="${escapeXml(namespace)}"/>`
    : content === ''
      ? `<${prefix}:${local}/>`
      : `<${prefix}:${local}>${content}</${prefix}:${local}>`;
}

function href(path: string): string {
  return `<D:href>${escapeXml(path)}</D:href>`;
}

function privilege(name: string): string {
  return `<D:privilege><D:${name}/></D:privilege>`;
}
