/** One's own addresses with their QR codes: making, naming, switching off. Pure. */
import { renderSVG } from 'uqr';
import type { ControlRooms } from '../../control/operation.js';
import { mailAddress } from '../../control/setup/account.js';
import { type Html, html, trusted } from '../html.js';
import { form, type Visit } from './form.js';
import { moment, type Page, tableOf } from './frame.js';

export function addressesPage({ node }: Pick<ControlRooms, 'node'>, visit: Visit): Page {
  const own = node.identities().filter(({ chan }) => !chan);
  const deleted = node.deletedIdentities();
  return {
    title: 'Your addresses',
    body: html`${own.length === 0 ? html`<p class="none">None yet.</p>` : own.map((identity) => card(identity, visit))}
<div class="sheet">${form(visit, {
      order: 'identity new',
      back: '/addresses',
      button: 'Make another address',
      fields: [
        { name: 'label', label: 'Its name, which only you see', hint: 'Work', isRequired: true },
        { name: 'passphrase', label: 'Made from this text (leave it empty: at random, which is safer)' },
      ],
    })}</div>
<p>Each address has a login of its own in mail programs, beside the one that shows them all.</p>
${
  deleted.length === 0
    ? ''
    : html`<h2>Given up</h2>
${tableOf(
  ['Address', 'Since', ''],
  deleted.map(({ address, label, deletedAt }) => [
    html`${label} <span class="address">${address}</span>`,
    moment(deletedAt),
    form(visit, { order: 'identity undelete', back: '/addresses', button: 'Take back', fixed: { address }, isSmall: true }),
  ]),
  '',
)}`
}`,
  };
}

function card({ address, label, enabled, mailingList }: ReturnType<ControlRooms['node']['identities']>[number], visit: Visit): Html {
  return html`<div class="card">
<div class="qr">${trusted(renderSVG(`bitmessage:${address}`))}</div>
<div><b>${label || 'without a name'}</b>${enabled ? '' : html`<span class="mark">switched off</span>`}${mailingList === null ? '' : html`<span class="mark">mailing list ${mailingList}</span>`}<br>
<span class="address">${mailAddress(address)}</span><br>
<a href="/setup?identity=${encodeURIComponent(address)}">A login that shows this address alone</a>
<details><summary>Change</summary>${form(visit, {
    order: 'identity set',
    back: '/addresses',
    button: 'Save',
    fixed: { address },
    fields: [
      { name: 'label', label: 'Name', value: label, isRequired: true },
      {
        name: 'enabled',
        label: 'Use',
        value: enabled ? 'yes' : 'no',
        choices: [
          ['yes', 'sends and receives'],
          ['no', 'switched off'],
        ],
      },
      { name: 'ttl', label: 'Life of its messages', hint: 'unchanged; 2d, 36h or default' },
    ],
  })}</details></div>
</div>
`;
}
