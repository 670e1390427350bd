/** "subscribe": reads the broadcasts of an address from now on. */
import { findAddress } from '../mapping/address.js';
import { ControlRefusal, type Operation } from './operation.js';

export const subscribe: Operation = {
  name: 'subscribe',
  help: 'Read the broadcasts of an address; its folder appears under Subscriptions.',
  parameters: [
    { name: 'address', place: 'positional', isRequired: true, help: 'BM-…' },
    { name: 'label', place: 'option', isRequired: false, help: 'the name of the folder (otherwise the address)' },
  ],
  async run({ address, label = '' }, { groups }) {
    const wanted = findAddress(address, () => []);
    if (wanted === null) throw new ControlRefusal(`"${address}" is no Bitmessage address (BM-...)`);
    const subscription = await groups.subscribe(wanted, label);
    return { value: { ...subscription }, text: `${subscription.address}\nFolder: ${subscription.folder}` };
  },
};
