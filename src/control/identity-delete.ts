/** "identity delete" and "identity undelete": gives up an address of one's own, and takes it back. */
import { findAddress, toMailAddress } from '../mapping/address.js';
import { UNDO_SECONDS } from '../mapping/caretaker.js';
import { findIdentity } from './identity-find.js';
import { ControlRefusal, type Operation } from './operation.js';

const UNDO_DAYS = UNDO_SECONDS / 86_400;

export const identityDelete: Operation = {
  name: 'identity delete',
  help: `Give up one of your addresses; its keys are kept for ${UNDO_DAYS} days.`,
  parameters: [
    { name: 'address', place: 'positional', isRequired: true, help: 'the address, or its label' },
    { name: 'yes', place: 'flag', isRequired: false, help: 'do it; without it you are told what it means' },
  ],
  run({ address: wanted, yes }, { node }) {
    const { address, label } = findIdentity(node, wanted);
    if (node.identities().filter(({ chan }) => !chan).length === 1) {
      throw new ControlRefusal(`${address} is your only address: make another one first`);
    }
    const name = label === '' ? address : `${address} (${label})`;
    const waiting = node
      .outgoing()
      .filter(({ from, attempts, outgoing }) => from === address && attempts === 0 && isWaiting(outgoing.state)).length;
    if (yes !== 'true') {
      return {
        value: { address, deleted: false, cancels: waiting },
        text: `This gives up ${name}: its login ends, nothing that is sent to it arrives any more${waiting === 0 ? '' : `, and what it has in Outbox (${waiting}) is not sent`}. Its mail stays. Nothing is done yet. To do it:\n\n  identity delete ${address} --yes`,
      };
    }
    node.deleteIdentity(address);
    return {
      value: { address, deleted: true, cancels: waiting },
      text: `Deleted ${name}. Within ${UNDO_DAYS} days this brings it back, with its keys:\n\n  identity undelete ${address}`,
    };
  },
};

export const identityUndelete: Operation = {
  name: 'identity undelete',
  help: `Take back an address that was deleted in the last ${UNDO_DAYS} days.`,
  parameters: [{ name: 'address', place: 'positional', isRequired: true, help: 'the address, or its label' }],
  run({ address: wanted }, { node }) {
    const deleted = node.deletedIdentities();
    const written = findAddress(wanted, () => deleted.map(({ address }) => address));
    const found = deleted.filter(({ address, label }) => address === written || label.toLowerCase() === wanted.toLowerCase());
    if (found.length === 0) throw new ControlRefusal(`no address "${wanted}" was deleted in the last ${UNDO_DAYS} days`);
    if (found.length > 1) throw new ControlRefusal(`"${wanted}" names more than one: use the address`);
    const [{ address, label }] = found;
    node.undeleteIdentity(address);
    return { value: { address, label }, text: `${toMailAddress(address)} is yours again. What was sent to it meanwhile is looked for.` };
  },
};

function isWaiting(state: string): boolean {
  return ['queued', 'awaiting-pubkey', 'mining'].includes(state);
}
