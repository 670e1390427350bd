/** How to set up a mail program: the same texts as "postern setup". */
import type { ControlRooms, MailPorts } from '../../control/operation.js';
import { type SetupAccount, serverName } from '../../control/setup/account.js';
import { CLIENT_NAMES, SETUPS } from '../../control/setup/clients.js';
import { setupAccount } from '../../control/setup.js';
import type { Words } from '../../words/words.js';
import { type Html, html, marked } from '../html.js';
import { listOf, type Page } from './frame.js';

/** @param identity '' for the combined login @throws ControlRefusal */
export function setupPage(rooms: ControlRooms, identity: string, words: Words): Page {
  const { setup } = words.page;
  const account = setupAccount(rooms, identity);
  const query = queryFor(identity);
  return {
    title: setup.title,
    body: html`<p>${setup.explain}</p>
${settingsTable(rooms, account, words)}
<p>${setup.certificate}</p>
<pre class="wrapped">${rooms.mail.fingerprint}</pre>
<h2>${setup.ready}</h2>
<ul>${Object.keys(SETUPS).map((client) => html`<li><a href="/setup/${client}${query}">${nameOf(client)}</a></li>\n`)}</ul>
<p>${marked(setup.holdPassword)}</p>`,
  };
}

/** A click takes a whole value. */
function settingsTable({ mail }: ControlRooms, { address, user, password }: SetupAccount, { page, setup: words }: Words): Html {
  const { setup } = page;
  const value = (text: string | number): Html => html`<code class="value">${text}</code>`;
  const server = ({ host, port, tlsPort }: MailPorts): Html =>
    html`${value(serverName(host))}<br>${setup.port} ${value(port)} STARTTLS${tlsPort === null ? '' : html` / ${value(tlsPort)} TLS`}`;
  const shown = password === null ? setup.noPassword : value(password);
  return listOf([
    [setup.yourAddress, value(address)],
    [words.incoming, server(mail.imap)],
    [words.outgoing, server(mail.smtp)],
    [words.user, value(user)],
    [words.password, html`<details><summary>${setup.showPassword}</summary>${shown}</details>`],
  ]);
}

/** Undefined when there is no such program. @throws ControlRefusal */
export function clientPage(rooms: ControlRooms, client: string, identity: string, words: Words): Page | undefined {
  if (!Object.hasOwn(SETUPS, client)) return undefined;
  const account = setupAccount(rooms, identity);
  const { hint, files } = SETUPS[client](account);
  const saved = (name: string): Html =>
    html`<p><a href="/setup/${client}/${name.split('/').at(-1)!}${queryFor(identity)}" download>${words.page.save}</a></p>`;
  return {
    title: nameOf(client),
    body:
      files.length === 1
        ? html`<p>${hint}.</p>\n<h2><code>${files[0].name}</code></h2>\n${saved(files[0].name)}\n<pre>${files[0].text}</pre>\n`
        : html`${hint.split('\n').map((line) => html`<p>${line.replace(/\.?$/, '.')}</p>\n`)}${settingsTable(rooms, account, words)}
${files.map(({ name, text }) => html`<details><summary><code>${name}</code></summary>${saved(name)}<pre>${text}</pre></details>\n`)}`,
  };
}

function nameOf(client: string): string {
  return CLIENT_NAMES[client] ?? client;
}

function queryFor(identity: string): string {
  return identity === '' ? '' : `?identity=${encodeURIComponent(identity)}`;
}

/** A file of a program by the last part of its name. @throws ControlRefusal */
export function clientFile(rooms: ControlRooms, client: string, name: string, identity: string): string | undefined {
  if (!Object.hasOwn(SETUPS, client)) return undefined;
  return SETUPS[client](setupAccount(rooms, identity)).files.find((file) => file.name.split('/').at(-1) === name)?.text;
}
