/** How to set up a mail program: the same texts as "postern setup". */
import type { ControlRooms } from '../../control/operation.js';
import { SETUPS } from '../../control/setup/clients.js';
import { setupAccount } from '../../control/setup.js';
import { mailText } from '../../control/status.js';
import type { Words } from '../../words/words.js';
import { html, marked } from '../html.js';
import type { Page } from './frame.js';

/** @param identity '' for the combined login @throws ControlRefusal */
export function setupPage(rooms: ControlRooms, identity: string, words: Words): Page {
  const { setup } = words.page;
  const account = setupAccount(rooms, identity);
  const query = identity === '' ? '' : `?identity=${encodeURIComponent(identity)}`;
  return {
    title: setup.title,
    body: html`<p>${setup.explain}</p>
<pre>${mailText(words, { ...rooms.mail, user: account.user })}</pre>
<p>${setup.yourAddress}</p>
<pre>${account.address}</pre>
<details><summary>${setup.showPassword}</summary><pre>${account.password ?? setup.noPassword}</pre></details>
<h2>${setup.ready}</h2>
<ul>${Object.keys(SETUPS).map((client) => html`<li><a href="/setup/${client}${query}">${client}</a></li>\n`)}</ul>
<p>${marked(setup.holdPassword)}</p>`,
  };
}

/** Undefined when there is no such program. @throws ControlRefusal */
export function clientPage(rooms: ControlRooms, client: string, identity: string, words: Words): Page | undefined {
  if (!Object.hasOwn(SETUPS, client)) return undefined;
  const { hint, files } = SETUPS[client](setupAccount(rooms, identity));
  const query = identity === '' ? '' : `?identity=${encodeURIComponent(identity)}`;
  return {
    title: client,
    body: html`<p>${hint}.</p>
${files.map(({ name, text }) => html`<h2><code>${name}</code></h2>\n<p><a href="/setup/${client}/${name.split('/').at(-1)!}${query}" download>${words.page.save}</a></p>\n<pre>${text}</pre>\n`)}`,
  };
}

/** A file of a program by the last part of its name. @throws ControlRefusal */
export function clientFile(rooms: ControlRooms, client: string, name: string, identity: string): string | undefined {
  if (!Object.hasOwn(SETUPS, client)) return undefined;
  return SETUPS[client](setupAccount(rooms, identity)).files.find((file) => file.name.split('/').at(-1) === name)?.text;
}
