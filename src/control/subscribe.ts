/** "subscribe": reads the broadcasts of an address from now on. */
import { addressOf } from './contact-words.js';
import type { Operation } from './operation.js';

export const subscribe: Operation = {
  name: 'subscribe',
  help: 'Read the broadcasts of an address; its folder appears under Subscriptions.',
  parameters: [
    { name: 'address', place: 'positional', isRequired: true, help: 'BM-…, or the name of a contact' },
    { name: 'label', place: 'option', isRequired: false, help: 'the name of the folder (otherwise the address)' },
  ],
  async run({ address, label = '' }, { groups, contacts }) {
    const subscription = await groups.subscribe(addressOf(address, contacts), label);
    return { value: { ...subscription }, text: `${subscription.address}\nFolder: ${subscription.folder}` };
  },
};
