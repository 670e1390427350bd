/** Which of one's own identities is meant, and what one can be called. */
import type { BitmessageNode, Identity } from '../bitmessage/node.js';
import { findAddress } from '../mapping/address.js';
import { MAX_LABEL_CHARACTERS, toLabel } from '../mapping/named-identities.js';
import { ControlRefusal } from './operation.js';

/** By address, in any form, or by label. Chans are nobody's own. @throws ControlRefusal */
export function findIdentity(node: Pick<BitmessageNode, 'identities'>, wanted: string): Identity {
  const own = node.identities().filter(({ chan }) => !chan);
  const address = findAddress(wanted, () => own.map((identity) => identity.address)) ?? wanted;
  const found = own.filter((identity) => identity.address === address);
  const labelled = found.length > 0 ? found : own.filter(({ label }) => label.toLowerCase() === wanted.toLowerCase());
  if (labelled.length === 0) throw new ControlRefusal(({ identities }) => identities.notYours(wanted));
  if (labelled.length > 1) throw new ControlRefusal(({ identities }) => identities.ambiguous(wanted));
  return labelled[0];
}

/** @throws ControlRefusal */
export function readLabel(text: string): string {
  const label = toLabel(text);
  if (label === null) throw new ControlRefusal(({ identities }) => identities.badLabel(MAX_LABEL_CHARACTERS));
  return label;
}
