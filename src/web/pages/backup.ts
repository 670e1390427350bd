/** How to keep what cannot be had again. Pure. */
import { html } from '../html.js';
import type { Page } from './frame.js';

export function backupPage(): Page {
  return {
    title: 'Backup',
    body: html`<p>Your keys exist on this computer alone. Who loses them loses the addresses, and nobody can give them back.</p>
<pre>postern backup /media/stick/postern.age</pre>
<p>makes one encrypted file of keys, contacts and mail while Postern runs, and</p>
<pre>postern restore /media/stick/postern.age --data DIR</pre>
<p>makes a data directory of it. For a copy each night, set <code>backup.directory</code> and <code>backup.passphrase_file</code>.</p>`,
  };
}
