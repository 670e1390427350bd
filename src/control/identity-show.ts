/** "identity show": everything that others need to write to an address, as text, link, QR code or vCard. */
import { renderUnicodeCompact } from 'uqr';
import { toAlias } from '../bitmessage/crypto/address-alias.js';
import { toMailAddress } from '../mapping/address.js';
import { toBitmessageUri } from '../mapping/bitmessage-uri.js';
import { writeCard } from '../mime/vcard.js';
import { addressOf } from './contact-words.js';
import type { ControlRooms, Operation } from './operation.js';
import { table } from './table.js';

export const identityShow: Operation = {
  name: 'identity show',
  help: ({ identities }) => identities.show.help,
  parameters: [
    { name: 'address', place: 'positional', isRequired: true, help: ({ identities }) => identities.show.address },
    { name: 'qr', place: 'flag', isRequired: false, help: ({ identities }) => identities.show.qr },
    { name: 'vcard', place: 'flag', isRequired: false, help: ({ identities }) => identities.show.vcard },
  ],
  run({ address: wanted, qr, vcard }, rooms) {
    const { address, label } = find(wanted, rooms);
    const uri = toBitmessageUri(address, label);
    const card = writeCard({ uid: address, label: label || address, notes: '', emails: [toMailAddress(address)], rest: `IMPP:${uri}\n` });
    const value = { address, label, mail: toMailAddress(address), alias: toMailAddress(toAlias(address)), uri, vcard: card };
    if (qr === 'true') return { value, text: `${renderUnicodeCompact(uri, { border: 2 })}\n${uri}` };
    if (vcard === 'true') return { value, text: card.trimEnd() };
    const { rows } = rooms.words.identities.show;
    const told = [
      [rows.address, address],
      [rows.name, label],
      [rows.mail, value.mail],
      [rows.alias, value.alias],
      [rows.link, uri],
    ];
    return { value, text: table(told) };
  },
};

/** @throws ControlRefusal */
function find(wanted: string, { node, contacts }: Pick<ControlRooms, 'node' | 'contacts'>): { address: string; label: string } {
  const own = node.identities().filter(({ address, label }) => address === wanted || label.toLowerCase() === wanted.toLowerCase());
  if (own.length === 1) return own[0];
  const address = addressOf(wanted, contacts);
  const known = [...node.identities(), ...contacts.list()].find((candidate) => candidate.address === address);
  return { address, label: known?.label ?? '' };
}
