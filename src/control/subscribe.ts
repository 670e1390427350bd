/** "subscribe": reads the broadcasts of an address from now on. */
import { addressOf } from './contact-words.js';
import type { Operation } from './operation.js';

export const subscribe: Operation = {
  name: 'subscribe',
  help: ({ groups }) => groups.subscribe.help,
  parameters: [
    { name: 'address', place: 'positional', isRequired: true, help: ({ groups }) => groups.subscribe.address },
    { name: 'label', place: 'option', isRequired: false, help: ({ groups }) => groups.subscribe.label },
  ],
  async run({ address, label = '' }, { groups, contacts, words }) {
    const subscription = await groups.subscribe(addressOf(address, contacts), label);
    return { value: { ...subscription }, text: words.groups.joined(subscription.address, subscription.folder) };
  },
};
