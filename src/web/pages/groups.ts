/** Chans and subscriptions: joining, leaving, and where mail to them goes. Pure. */
import type { ControlRooms, Group } from '../../control/operation.js';
import { type Html, html } from '../html.js';
import { form, type Visit } from './form.js';
import { type Page, tableOf } from './frame.js';

export function groupsPage({ groups }: Pick<ControlRooms, 'groups'>, visit: Visit): Page {
  const { groups: words, address, noneYet, passphrase } = visit.words.page;
  const rows = (list: readonly Group[], leave: (address: string, folder: string) => Html): Html[][] =>
    list.map(({ address, folder }) => [html`${folder}`, html`<span class="address">${address}</span>`, leave(address, folder)]);
  const small = { back: '/groups', isSmall: true };
  return {
    title: words.title,
    body: html`<p>${words.explain}</p>
<h2>${words.chans}</h2>
${tableOf(
  [words.folder, address, ''],
  rows(groups.chans(), (chan, about) => form(visit, { ...small, order: 'chan leave', button: words.leave, about, fixed: { chan } })),
  noneYet,
)}
<div class="sheet">${form(visit, {
      order: 'chan join',
      back: '/groups',
      button: words.join,
      fields: [
        { name: 'passphrase', label: passphrase, hint: words.passphraseHint, isRequired: true },
        { name: 'label', label: words.folderName, hint: words.asPassphrase },
      ],
    })}</div>
<h2>${words.subscriptions}</h2>
${tableOf(
  [words.folder, address, ''],
  rows(groups.subscriptions(), (subscription, about) =>
    form(visit, { ...small, order: 'unsubscribe', button: words.end, about, fixed: { subscription } }),
  ),
  noneYet,
)}
<div class="sheet">${form(visit, {
      order: 'subscribe',
      back: '/groups',
      button: words.subscribe,
      fields: [
        { name: 'address', label: address, hint: 'BM-…', isRequired: true },
        { name: 'label', label: words.folderName, hint: words.asAddress },
      ],
    })}</div>
<p>${words.undo}</p>`,
  };
}
