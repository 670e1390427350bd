/** The names that addresses have here, and who is blocked. Pure. */
import type { ControlRooms } from '../../control/operation.js';
import { mailAddress } from '../../control/setup/account.js';
import { html } from '../html.js';
import { form, type Visit } from './form.js';
import { type Page, tableOf } from './frame.js';

/** More than a person scrolls through; `postern contact list` and address book programs have them all. */
const MAX_ROWS = 500;

export function contactsPage({ contacts, blocking }: Pick<ControlRooms, 'contacts' | 'blocking'>, visit: Visit): Page {
  const small = { back: '/contacts', isSmall: true };
  const known = contacts.list();
  return {
    title: 'Contacts',
    body: html`${tableOf(
      ['Name', 'Write to', 'Address', ''],
      known.slice(0, MAX_ROWS).map(({ address, label, petname }) => [
        label,
        petname === '' ? '' : mailAddress(petname),
        html`<span class="address">${address}</span>`,
        html`${form(visit, { ...small, order: 'contact remove', button: 'Remove', fixed: { contact: address } })}
${form(visit, { ...small, order: 'block', button: 'Block', fixed: { sender: address } })}`,
      ]),
      'Nobody yet. People are shown by their address until they have a name here.',
    )}
${known.length > MAX_ROWS ? html`<p>And ${known.length - MAX_ROWS} more: <code>postern contact list</code></p>` : ''}
<div class="sheet">${form(visit, {
      order: 'contact add',
      back: '/contacts',
      button: 'Save',
      fields: [
        { name: 'address', label: 'Address, or a bitmessage: link', hint: 'BM-…', isRequired: true },
        { name: 'name', label: 'Name', hint: 'Alice', isRequired: true },
      ],
    })}</div>
<p>An address that is here already gets the new name.</p>
<h2>Blocked</h2>
${tableOf(
  ['Address', 'Name', ''],
  blocking
    .blocked()
    .map(({ address, label }) => [
      html`<span class="address">${address}</span>`,
      label,
      form(visit, { ...small, order: 'unblock', button: 'Take messages again', fixed: { sender: address } }),
    ]),
  'Nobody. Moving a mail to Junk blocks its sender.',
)}`,
  };
}
