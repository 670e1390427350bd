/** One's own addresses with their QR codes, chans and subscriptions. Pure. */
import { renderSVG } from 'uqr';
import type { ControlRooms } from '../../control/operation.js';
import { mailAddress } from '../../control/setup/account.js';
import { html, trusted } from '../html.js';
import { type Page, tableOf } from './frame.js';

export function addressesPage({ node, groups }: Pick<ControlRooms, 'node' | 'groups'>): Page {
  const own = node.identities().filter(({ chan }) => !chan);
  const cards = own.map(
    ({ address, label, enabled }) => html`<div class="card">
<div class="qr">${trusted(renderSVG(`bitmessage:${address}`))}</div>
<div><b>${label || 'without a label'}</b>${enabled ? '' : ' (disabled)'}<br>
<span class="address">${mailAddress(address)}</span><br>
<a href="/setup?identity=${encodeURIComponent(address)}">A login that shows this address alone</a></div>
</div>
`,
  );
  const rows = (list: readonly { address: string; folder: string }[]) =>
    list.map(({ address, folder }) => [folder, html`<span class="address">${address}</span>`]);
  return {
    title: 'Addresses',
    body: html`<h2>Yours</h2>
${cards.length === 0 ? html`<p class="none">None yet.</p>` : cards}
<p>Another one: <code>postern identity new --label Work</code></p>
<h2>Chans</h2>
${tableOf(['Folder', 'Address'], rows(groups.chans()), 'None yet.')}
<p>Join one: make the folder <code>Chans/passphrase</code> in your mail program, or <code>postern chan join "passphrase"</code></p>
<h2>Subscriptions</h2>
${tableOf(['Folder', 'Address'], rows(groups.subscriptions()), 'None yet.')}
<p>Subscribe: <code>postern subscribe BM-… --label News</code></p>`,
  };
}
