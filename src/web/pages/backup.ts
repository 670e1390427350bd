/** How to keep what cannot be had again. Pure. */
import type { ControlRooms } from '../../control/operation.js';
import { html, marked } from '../html.js';
import { exportSection } from './export.js';
import { form, newSecret, type Visit } from './form.js';
import type { Page } from './frame.js';
import { importSection } from './import.js';
import { keysSection } from './keys.js';

export function backupPage(rooms: Pick<ControlRooms, 'custody' | 'migration'>, visit: Visit): Page {
  const { backup, passphrase } = visit.words.page;
  const seal = newSecret(visit, 'passphrase', passphrase);
  const make = { order: 'backup', back: '/backup', button: backup.make };
  const file = { name: 'file', label: backup.file, hint: '/media/stick/postern.age', isRequired: true };
  return {
    title: backup.title,
    body: html`<p>${backup.explain}</p>
<div class="sheet">${form(visit, { ...make, isDownload: true, fields: seal })}</div>
<p>${marked(backup.what)}</p>
<pre>postern restore postern.age --data DIR</pre>
<details><summary>${backup.elsewhere}</summary><div class="sheet">${form(visit, { ...make, fields: [file, ...seal] })}</div></details>
<p>${marked(backup.nightly)}</p>
<h2>${backup.keys}</h2>
${keysSection(rooms, visit)}
${exportSection(rooms, visit)}
${importSection(rooms, visit)}`,
  };
}
