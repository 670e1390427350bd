/** "identity delete" and "identity undelete": gives up an address of one's own, and takes it back. */
import { findAddress, toMailAddress } from '../mapping/address.js';
import { UNDO_SECONDS } from '../mapping/caretaker.js';
import { findIdentity } from './identity-find.js';
import { ControlRefusal, type Operation } from './operation.js';

/** For so long what was given up can be taken back. */
export const UNDO_DAYS = UNDO_SECONDS / 86_400;

export const identityDelete: Operation = {
  name: 'identity delete',
  help: ({ identities }) => identities.remove.help(UNDO_DAYS),
  parameters: [
    { name: 'address', place: 'positional', isRequired: true, help: ({ identities }) => identities.remove.address },
    { name: 'yes', place: 'flag', isRequired: false, help: ({ identities }) => identities.remove.yes },
  ],
  run({ address: wanted, yes }, { node, words }) {
    const { address, label } = findIdentity(node, wanted);
    if (node.identities().filter(({ chan }) => !chan).length === 1) {
      throw new ControlRefusal(({ identities }) => identities.remove.onlyOne(address));
    }
    const name = label === '' ? address : `${address} (${label})`;
    const waiting = node
      .outgoing()
      .filter(({ from, attempts, outgoing }) => from === address && attempts === 0 && isWaiting(outgoing.state)).length;
    const { meaning, cancels, notYet, done } = words.identities.remove;
    if (yes !== 'true') {
      const text = [meaning(name), ...(waiting === 0 ? [] : [cancels(waiting)]), notYet(address)].join(' ');
      return { value: { address, deleted: false, cancels: waiting }, text };
    }
    node.deleteIdentity(address);
    return { value: { address, deleted: true, cancels: waiting }, text: done(name, UNDO_DAYS, address) };
  },
};

export const identityUndelete: Operation = {
  name: 'identity undelete',
  help: ({ identities }) => identities.undelete.help(UNDO_DAYS),
  parameters: [{ name: 'address', place: 'positional', isRequired: true, help: ({ identities }) => identities.undelete.address }],
  run({ address: wanted }, { node, words }) {
    const deleted = node.deletedIdentities();
    const written = findAddress(wanted, () => deleted.map(({ address }) => address));
    const found = deleted.filter(({ address, label }) => address === written || label.toLowerCase() === wanted.toLowerCase());
    if (found.length === 0) throw new ControlRefusal(({ identities }) => identities.undelete.notFound(wanted, UNDO_DAYS));
    if (found.length > 1) throw new ControlRefusal(({ identities }) => identities.ambiguous(wanted));
    const [{ address, label }] = found;
    node.undeleteIdentity(address);
    return { value: { address, label }, text: words.identities.undelete.done(toMailAddress(address)) };
  },
};

function isWaiting(state: string): boolean {
  return ['queued', 'awaiting-pubkey', 'mining'].includes(state);
}
