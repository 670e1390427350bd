/** What other programs kept, taken over. Pure. */
import type { ControlRooms } from '../../control/operation.js';
import { type Html, html, marked } from '../html.js';
import { form, type Visit } from './form.js';

/** The keys of WIF are secrets, and no more typed twice than any password. */
export function importSection({ migration }: Pick<ControlRooms, 'migration'>, visit: Visit): Html {
  const { moving, addresses } = visit.words.page;
  const directory = {
    name: 'directory',
    label: moving.directory,
    value: migration.findPybitmessage() ?? '',
    hint: '/home/…/.config/PyBitmessage',
    isRequired: true,
  };
  const take = { back: '/backup', button: moving.take };
  const bring = { ...take, isUpload: true };
  const file = { name: 'path', type: 'file', isRequired: true } as const;
  const folder = { name: 'folder', label: moving.folder, value: 'Archive', isRequired: true };
  return html`<h2>${moving.title}</h2>
<p>${moving.explain}</p>
<div class="sheet">${form(visit, {
    ...take,
    order: 'import pybitmessage',
    fields: [directory, { name: 'resume', label: moving.resume, type: 'checkbox' }],
  })}</div>
<div class="sheet">${form(visit, { ...bring, order: 'import notbit', fields: [{ ...file, name: 'file', label: moving.file }] })}</div>
<div class="sheet">${form(visit, { ...bring, order: 'import mbox', fields: [folder, { ...file, label: moving.mbox }] })}</div>
<div class="sheet">${form(visit, { ...bring, order: 'import eml', fields: [folder, { ...file, label: moving.eml }] })}</div>
<div class="sheet">${form(visit, {
    ...take,
    order: 'import wif',
    fields: [
      { name: 'signing', label: moving.signing, type: 'password', hint: '5…', isRequired: true },
      { name: 'encryption', label: moving.encryption, type: 'password', hint: '5…', isRequired: true },
      { name: 'label', label: addresses.label, hint: addresses.labelHint },
    ],
  })}</div>
<p>${marked(moving.files)}</p>`;
}
