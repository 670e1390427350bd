/** "unsubscribe": ends a subscription. */
import { findGroup } from './group-names.js';
import type { Operation } from './operation.js';

export const unsubscribe: Operation = {
  name: 'unsubscribe',
  help: 'No longer read the broadcasts of an address.',
  parameters: [{ name: 'subscription', place: 'positional', isRequired: true, help: 'the address or the name of its folder' }],
  async run({ subscription }, { groups }) {
    const { address, label } = findGroup(groups.subscriptions(), subscription, 'subscription');
    await groups.unsubscribe(address);
    return { value: { address, label }, text: `Ended the subscription of ${label || address}.` };
  },
};
