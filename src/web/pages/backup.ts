/** How to keep what cannot be had again. Pure. */
import type { ControlRooms } from '../../control/operation.js';
import { html, marked } from '../html.js';
import { form, newSecret, type Visit } from './form.js';
import type { Page } from './frame.js';
import { importSection } from './import.js';
import { keysSection } from './keys.js';

export function backupPage(rooms: Pick<ControlRooms, 'custody'>, visit: Visit): Page {
  const { backup, passphrase } = visit.words.page;
  return {
    title: backup.title,
    body: html`<p>${backup.explain}</p>
<div class="sheet">${form(visit, {
      order: 'backup',
      back: '/backup',
      button: backup.make,
      fields: [
        { name: 'file', label: backup.file, hint: '/media/stick/postern.age', isRequired: true },
        ...newSecret(visit, 'passphrase', passphrase),
      ],
    })}</div>
<p>${marked(backup.what)}</p>
<pre>postern restore /media/stick/postern.age --data DIR</pre>
<p>${marked(backup.restore)}</p>
<h2>${backup.keys}</h2>
${keysSection(rooms, visit)}
${importSection(visit)}`,
  };
}
