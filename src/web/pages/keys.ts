/** Private keys on the disk: encrypting them, and unlocking them after a start. Pure. */
import type { ControlRooms } from '../../control/operation.js';
import { type Html, html } from '../html.js';
import { form, newSecret, type Visit } from './form.js';

/** For the page that opens first: nothing else can be done while they are locked. */
export function unlockSheet({ custody }: Pick<ControlRooms, 'custody'>, visit: Visit): Html {
  const { backup, passphrase } = visit.words.page;
  if (custody.state !== 'locked') return html``;
  return html`<div class="sheet"><p>${backup.locked}</p>${form(visit, {
    order: 'unlock',
    back: '/',
    button: backup.unlock,
    fields: [{ name: 'passphrase', label: passphrase, type: 'password', isRequired: true }],
  })}</div>`;
}

export function keysSection({ custody }: Pick<ControlRooms, 'custody'>, visit: Visit): Html {
  const { backup, passphrase } = visit.words.page;
  const back = '/backup';
  const old = { name: 'passphrase', label: passphrase, type: 'password', isRequired: true } as const;
  if (custody.state === 'open')
    return html`<p>${backup.open}</p>
<div class="sheet">${form(visit, { order: 'encrypt', back, button: backup.encrypt, fields: newSecret(visit, 'passphrase', passphrase) })}</div>`;
  if (custody.state === 'locked') return unlockSheet({ custody }, visit);
  return html`<p>${backup.unlocked}</p>
<div class="sheet">${form(visit, { order: 'passphrase', back, button: backup.change, fields: newSecret(visit, 'passphrase', backup.newPassphrase) })}</div>
<div class="sheet">${form(visit, { order: 'decrypt', back, button: backup.decrypt, fields: [old] })}</div>`;
}
