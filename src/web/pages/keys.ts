/** Private keys on the disk: encrypting them, and unlocking them after a start. Pure. */
import type { ControlRooms } from '../../control/operation.js';
import { type Html, html } from '../html.js';
import { form, newSecret, type Visit } from './form.js';

/** For the page that opens first: nothing else can be done while they are locked. */
export function unlockSheet({ custody }: Pick<ControlRooms, 'custody'>, visit: Visit): Html {
  if (custody.state !== 'locked') return html``;
  return html`<div class="sheet"><p>Your private keys are locked: nothing is read or sent.</p>${form(visit, {
    order: 'unlock',
    back: '/',
    button: 'Unlock',
    fields: [{ name: 'passphrase', label: 'Passphrase', type: 'password', isRequired: true }],
  })}</div>`;
}

export function keysSection({ custody }: Pick<ControlRooms, 'custody'>, visit: Visit): Html {
  const back = '/backup';
  const old = { name: 'passphrase', label: 'Passphrase', type: 'password', isRequired: true } as const;
  if (custody.state === 'open')
    return html`<p>They stand on the disk as they are. Encrypted, whoever gets hold of the disk cannot read them. Mail is not encrypted: encrypt the disk for that.</p>
<div class="sheet">${form(visit, { order: 'encrypt', back, button: 'Encrypt', fields: newSecret('passphrase', 'Passphrase') })}</div>`;
  if (custody.state === 'locked') return unlockSheet({ custody }, visit);
  return html`<p>They are encrypted on the disk, and unlocked now.</p>
<div class="sheet">${form(visit, { order: 'passphrase', back, button: 'Choose another passphrase', fields: newSecret('passphrase', 'The new passphrase') })}</div>
<div class="sheet">${form(visit, { order: 'decrypt', back, button: 'Encrypt them no more', fields: [old] })}</div>`;
}
