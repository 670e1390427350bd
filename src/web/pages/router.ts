/** Which page a path means, and what of it everybody on this machine may read. */
import { lockedText } from '../../control/keys.js';
import { ControlRefusal, type ControlRooms } from '../../control/operation.js';
import { autoconfigXml } from '../../control/setup/autoconfig.js';
import type { Words } from '../../words/words.js';
import { type Document, HTML, plainDocument } from '../document.js';
import { html } from '../html.js';
import { METRICS_TYPE, metricsText } from '../metrics.js';
import { addressesPage, addressPicture } from './addresses.js';
import { backupPage } from './backup.js';
import { contactsPage } from './contacts.js';
import type { Visit } from './form.js';
import { frame, type Page } from './frame.js';
import { groupsPage } from './groups.js';
import { healthPage } from './health.js';
import { clientFile, clientPage, setupPage } from './setup.js';
import { statusPage } from './status.js';
import { STYLE } from './style.js';

const PICTURE = /^\/qr\/(BM-\w+)\.svg$/;

/** What asks for no token: no word of it is private. Undefined for everything else. */
export function openDocument(path: string, rooms: ControlRooms, isMetricsOpen: boolean): Document | undefined {
  switch (path) {
    case '/healthz':
      rooms.node.status(); // throws when the database is gone
      return plainDocument(200, 'ok');
    case '/style.css':
      return { status: 200, type: 'text/css; charset=utf-8', body: STYLE };
    case '/mail/config-v1.1.xml':
      return { status: 200, type: 'text/xml; charset=utf-8', body: autoconfigXml(rooms.mail, null) };
    case '/metrics':
      return isMetricsOpen ? metrics(rooms) : undefined;
    default:
      return undefined;
  }
}

/** For whoever has been let in. */
export function ownDocument(url: URL, house: ControlRooms, visit: Visit): Document {
  const rooms = { ...house, words: visit.words };
  if (url.pathname === '/metrics') return metrics(rooms);
  try {
    const identity = url.searchParams.get('identity') ?? '';
    const [, , client, name] = url.pathname.split('/');
    if (url.pathname.startsWith('/setup/') && name !== undefined) {
      const body = clientFile(rooms, client, name, identity);
      if (body !== undefined) return { status: 200, type: fileType(name), body, headers: { 'content-disposition': 'attachment' } };
    }
    const picture = PICTURE.exec(url.pathname)?.[1];
    const drawn = picture === undefined ? null : addressPicture(rooms, picture);
    if (drawn !== null) return { status: 200, type: 'image/svg+xml', body: drawn };
    const page = pageOf(url.pathname, client, identity, rooms, visit);
    return {
      status: 200,
      type: HTML,
      body: frame(page ?? notFound(visit.words), url.pathname, visit),
      ...(page === undefined ? { status: 404 } : {}),
    };
  } catch (error) {
    if (!(error instanceof ControlRefusal)) throw error;
    return {
      status: 404,
      type: HTML,
      body: frame({ title: visit.words.page.notFound, body: html`<p>${error.say(visit.words)}.</p>` }, url.pathname, visit),
    };
  }
}

/** While the mail itself is locked. */
export function sealedDocument(path: string, rooms: ControlRooms, words: Words): Document {
  // The program is well; it waits for its key.
  if (path === '/healthz') return plainDocument(200, 'locked');
  return openDocument(path, rooms, false) ?? lockedDocument(path, words, lockedText(words, rooms.custody));
}

/** For whoever has no cookie yet. @param notice why a try did not help, or what else is to be known */
export function lockedDocument(path: string, words: Words, notice = ''): Document {
  const { door } = words.page;
  const body = html`<p>${door.explain}</p>
<div class="sheet"><form method="post" action="/login"><label><span>${door.password}</span><input type="password" name="password" autocomplete="current-password" required></label><button>${door.open}</button></form></div>
${notice === '' ? '' : html`<p role="alert" class="notice bad">${notice}</p>`}
<p>${door.orTerminal}</p>\n<pre>postern page</pre>`;
  const outside: Visit = { isInside: false, formToken: '', notice: null, words };
  return { status: 401, type: HTML, body: frame({ title: door.title, body }, path, outside) };
}

function pageOf(path: string, client: string | undefined, identity: string, rooms: ControlRooms, visit: Visit): Page | undefined {
  switch (path) {
    case '/':
      return statusPage(rooms, visit);
    case '/addresses':
      return addressesPage(rooms, visit);
    case '/groups':
      return groupsPage(rooms, visit);
    case '/contacts':
      return contactsPage(rooms, visit);
    case '/setup':
      return setupPage(rooms, identity, visit.words);
    case '/backup':
      return backupPage(rooms, visit);
    case '/health':
      return healthPage(visit);
    default:
      return client !== undefined && path === `/setup/${client}` ? clientPage(rooms, client, identity, visit.words) : undefined;
  }
}

function notFound({ page }: Words): Page {
  return { title: page.notFound, body: html`<p>${page.noSuchPage}</p>` };
}

function metrics(rooms: ControlRooms): Document {
  return { status: 200, type: METRICS_TYPE, body: metricsText(rooms) };
}

function fileType(name: string): string {
  return name.endsWith('.mobileconfig') ? 'application/x-apple-aspen-config' : 'text/plain; charset=utf-8';
}
