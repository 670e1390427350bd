/** How to keep what cannot be had again. Pure. */
import type { ControlRooms } from '../../control/operation.js';
import { html } from '../html.js';
import { form, newSecret, type Visit } from './form.js';
import type { Page } from './frame.js';
import { keysSection } from './keys.js';

export function backupPage(rooms: Pick<ControlRooms, 'custody'>, visit: Visit): Page {
  return {
    title: 'Backup and keys',
    body: html`<p>Your keys exist on this computer alone. Who loses them loses the addresses, and nobody can give them back.</p>
<div class="sheet">${form(visit, {
      order: 'backup',
      back: '/backup',
      button: 'Make a backup',
      fields: [
        { name: 'file', label: 'File, on this computer, that is not there yet', hint: '/media/stick/postern.age', isRequired: true },
        ...newSecret('passphrase', 'Passphrase'),
      ],
    })}</div>
<p>makes one encrypted file of keys, contacts and mail while Postern runs. In a terminal, <code>postern backup FILE</code> does the same, and</p>
<pre>postern restore /media/stick/postern.age --data DIR</pre>
<p>makes a data directory of it. For a copy each night, set <code>backup.directory</code> and <code>backup.passphrase_file</code>.</p>
<h2>Your private keys</h2>
${keysSection(rooms, visit)}`,
  };
}
