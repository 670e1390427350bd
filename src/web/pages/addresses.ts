/** One's own addresses with their QR codes: making, naming, switching off. Pure. */
import { renderSVG } from 'uqr';
import { UNDO_DAYS } from '../../control/identity-delete.js';
import type { ControlRooms } from '../../control/operation.js';
import { mailAddress } from '../../control/setup/account.js';
import { type Html, html } from '../html.js';
import { form, type Visit } from './form.js';
import { moment, type Page, tableOf } from './frame.js';

/** More than fit a screen: the form below them is out of sight. */
const MANY = 3;

export function addressesPage({ node }: Pick<ControlRooms, 'node'>, visit: Visit): Page {
  const { addresses, address: addressHeading, noneYet, since } = visit.words.page;
  const own = node.identities().filter(({ chan }) => !chan);
  const deleted = node.deletedIdentities();
  return {
    title: addresses.title,
    body: html`${own.length > MANY ? html`<p><a href="#make">${addresses.make}</a></p>\n` : ''}${own.length === 0 ? html`<p class="none">${noneYet}</p>` : own.map((identity) => card(identity, visit))}
<div class="sheet" id="make">${form(visit, {
      order: 'identity new',
      back: '/addresses',
      button: addresses.make,
      fields: [
        { name: 'label', label: addresses.label, hint: addresses.labelHint, isRequired: true },
        { name: 'passphrase', label: addresses.passphrase },
      ],
    })}</div>
<p>${addresses.logins}</p>
${
  deleted.length === 0
    ? ''
    : html`<h2>${addresses.deleted}</h2>
${tableOf(
  [addressHeading, since, ''],
  deleted.map(({ address, label, deletedAt }) => [
    html`${label} <span class="address">${address}</span>`,
    moment(visit.words, deletedAt),
    form(visit, { order: 'identity undelete', back: '/addresses', button: addresses.takeBack, fixed: { address }, isSmall: true }),
  ]),
  '',
)}`
}`,
  };
}

/** The QR code of one of one's own addresses; null: it is none. A picture of its own: fifty of them take a tenth of a second, and few are seen. */
export function addressPicture({ node }: Pick<ControlRooms, 'node'>, wanted: string): string | null {
  const isOwn = node.identities().some(({ chan, address }) => !chan && address === wanted);
  return isOwn ? renderSVG(`bitmessage:${wanted}`) : null;
}

function card({ address, label, enabled, mailingList }: ReturnType<ControlRooms['node']['identities']>[number], visit: Visit): Html {
  const { addresses, save, name } = visit.words.page;
  return html`<div class="card">
<div class="qr"><img loading="lazy" alt="QR: ${address}" src="/qr/${address}.svg"></div>
<div><h2>${label || addresses.nameless}</h2>${enabled ? '' : html`<span class="mark">${addresses.off}</span>`}${mailingList === null ? '' : html`<span class="mark">${addresses.mailingList(mailingList)}</span>`}<br>
<span class="address">${mailAddress(address)}</span><br>
<a href="/setup?identity=${encodeURIComponent(address)}">${addresses.ownLogin}</a>
<details><summary>${addresses.change}</summary>${form(visit, {
    order: 'identity set',
    back: '/addresses',
    button: save,
    fixed: { address },
    fields: [
      { name: 'label', label: name, value: label, isRequired: true },
      {
        name: 'enabled',
        label: addresses.use,
        value: enabled ? 'yes' : 'no',
        choices: [
          ['yes', addresses.on],
          ['no', addresses.off],
        ],
      },
      { name: 'ttl', label: addresses.ttl, hint: addresses.ttlHint },
    ],
  })}</details>
${mailingListForm(address, mailingList, visit)}
${giveUpForm(address, visit)}</div>
</div>
`;
}

function mailingListForm(address: string, name: string | null, visit: Visit): Html {
  const { addresses } = visit.words.page;
  const common = { back: '/addresses', fixed: { address } };
  const fields = [{ name: 'name', label: addresses.listName, isRequired: true }];
  return html`<details><summary>${addresses.list}</summary><p>${addresses.listExplain}</p>${
    name === null
      ? form(visit, { ...common, order: 'list make', button: addresses.makeList, fields })
      : form(visit, { ...common, order: 'list end', button: addresses.endList })
  }</details>`;
}

/** A tick is what `--yes` is at a terminal: nothing is given up by a slip. */
function giveUpForm(address: string, visit: Visit): Html {
  const { addresses } = visit.words.page;
  return html`<details><summary>${addresses.giveUp}</summary><p>${addresses.giveUpExplain(UNDO_DAYS)}</p>${form(visit, {
    order: 'identity delete',
    back: '/addresses',
    button: addresses.giveUp,
    fixed: { address },
    fields: [{ name: 'yes', label: addresses.giveUpSure, type: 'checkbox', isRequired: true }],
  })}</details>`;
}
