/** "subscribe": reads the broadcasts of an address from now on. */
import { AddressError } from '../bitmessage/crypto/address.js';
import { addressOf } from './contact-words.js';
import { ControlRefusal, type Operation } from './operation.js';

export const subscribe: Operation = {
  name: 'subscribe',
  help: ({ groups }) => groups.subscribe.help,
  parameters: [
    { name: 'address', place: 'positional', isRequired: true, help: ({ groups }) => groups.subscribe.address },
    { name: 'label', place: 'option', isRequired: false, help: ({ groups }) => groups.subscribe.label },
  ],
  async run({ address, label = '' }, { groups, contacts, words }) {
    const wanted = addressOf(address, contacts);
    try {
      const subscription = await groups.subscribe(wanted, label);
      return { value: { ...subscription }, text: words.groups.joined(subscription.address, subscription.folder) };
    } catch (error) {
      if (!(error instanceof AddressError)) throw error;
      throw new ControlRefusal(({ folders }) => folders.notReachable(wanted), { cause: error });
    }
  },
};
