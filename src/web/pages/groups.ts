/** Chans and subscriptions: joining, leaving, and where mail to them goes. Pure. */
import type { ControlRooms, Group } from '../../control/operation.js';
import { type Html, html } from '../html.js';
import { form, type Visit } from './form.js';
import { type Page, tableOf } from './frame.js';

export function groupsPage({ groups }: Pick<ControlRooms, 'groups'>, visit: Visit): Page {
  const rows = (list: readonly Group[], leave: (address: string) => Html): Html[][] =>
    list.map(({ address, folder }) => [html`${folder}`, html`<span class="address">${address}</span>`, leave(address)]);
  const small = { back: '/groups', isSmall: true };
  return {
    title: 'Chans and subscriptions',
    body: html`<p>Each is a folder in your mail program. A chan is a group for all who know its passphrase; a subscription is somebody's broadcasts.</p>
<h2>Chans</h2>
${tableOf(
  ['Folder', 'Address', ''],
  rows(groups.chans(), (chan) => form(visit, { ...small, order: 'chan leave', button: 'Leave', fixed: { chan } })),
  'None yet.',
)}
<div class="sheet">${form(visit, {
      order: 'chan join',
      back: '/groups',
      button: 'Join',
      fields: [
        { name: 'passphrase', label: 'Passphrase', hint: 'general', isRequired: true },
        { name: 'label', label: 'Name of the folder', hint: 'as the passphrase' },
      ],
    })}</div>
<h2>Subscriptions</h2>
${tableOf(
  ['Folder', 'Address', ''],
  rows(groups.subscriptions(), (subscription) => form(visit, { ...small, order: 'unsubscribe', button: 'End', fixed: { subscription } })),
  'None yet.',
)}
<div class="sheet">${form(visit, {
      order: 'subscribe',
      back: '/groups',
      button: 'Subscribe',
      fields: [
        { name: 'address', label: 'Address', hint: 'BM-…', isRequired: true },
        { name: 'label', label: 'Name of the folder', hint: 'as the address' },
      ],
    })}</div>
<p>What you leave lies in Trash for 30 days; moving the folder back brings you in again.</p>`,
  };
}
