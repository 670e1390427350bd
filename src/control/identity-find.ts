/** Which of one's own identities is meant. */
import type { BitmessageNode, Identity } from '../bitmessage/node.js';
import { findAddress } from '../mapping/address.js';
import { ControlRefusal } from './operation.js';

/** By address, in any form, or by label. Chans are nobody's own. @throws ControlRefusal */
export function findIdentity(node: Pick<BitmessageNode, 'identities'>, wanted: string): Identity {
  const own = node.identities().filter(({ chan }) => !chan);
  const address = findAddress(wanted, () => own.map((identity) => identity.address)) ?? wanted;
  const found = own.filter((identity) => identity.address === address);
  const labelled = found.length > 0 ? found : own.filter(({ label }) => label.toLowerCase() === wanted.toLowerCase());
  if (labelled.length === 0) throw new ControlRefusal(`"${wanted}" is not one of your addresses`);
  if (labelled.length > 1) throw new ControlRefusal(`"${wanted}" names more than one of your addresses: use the address`);
  return labelled[0];
}
