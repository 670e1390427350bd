/** The names that addresses have here, and who is blocked. Pure. */
import type { ControlRooms } from '../../control/operation.js';
import { mailAddress } from '../../control/setup/account.js';
import { html, marked } from '../html.js';
import { form, type Visit } from './form.js';
import { type Page, tableOf } from './frame.js';

/** More than a person scrolls through; `postern contact list` and address book programs have them all. */
const MAX_ROWS = 500;

export function contactsPage({ contacts, blocking }: Pick<ControlRooms, 'contacts' | 'blocking'>, visit: Visit): Page {
  const { contacts: words, address: addressHeading, name, save } = visit.words.page;
  const small = { back: '/contacts', isSmall: true };
  const known = contacts.list();
  return {
    title: words.title,
    body: html`${tableOf(
      [name, words.writeTo, addressHeading, ''],
      known.slice(0, MAX_ROWS).map(({ address, label, petname }) => [
        label,
        petname === '' ? '' : mailAddress(petname),
        html`<span class="address">${address}</span>`,
        html`${form(visit, { ...small, order: 'contact remove', button: words.remove, about: label, fixed: { contact: address } })}
${form(visit, { ...small, order: 'block', button: words.block, about: label, fixed: { sender: address } })}`,
      ]),
      words.nobody,
    )}
${known.length > MAX_ROWS ? html`<p>${marked(words.more(known.length - MAX_ROWS))}</p>` : ''}
<div class="sheet">${form(visit, {
      order: 'contact add',
      back: '/contacts',
      button: save,
      fields: [
        { name: 'address', label: words.addressOrLink, hint: 'BM-…', isRequired: true },
        { name: 'name', label: name, hint: words.nameHint, isRequired: true },
      ],
    })}</div>
<p>${words.rename}</p>
<h2>${words.blocked}</h2>
${tableOf(
  [addressHeading, name, ''],
  blocking
    .blocked()
    .map(({ address, label }) => [
      html`<span class="address">${address}</span>`,
      label,
      form(visit, { ...small, order: 'unblock', button: words.unblock, about: label || address, fixed: { sender: address } }),
    ]),
  words.nobodyBlocked,
)}`,
  };
}
