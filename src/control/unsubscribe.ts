/** "unsubscribe": ends a subscription. */
import { findSubscription } from './group-names.js';
import type { Operation } from './operation.js';

export const unsubscribe: Operation = {
  name: 'unsubscribe',
  help: ({ groups }) => groups.unsubscribe.help,
  parameters: [{ name: 'subscription', place: 'positional', isRequired: true, help: ({ groups }) => groups.unsubscribe.subscription }],
  async run({ subscription }, { groups, words }) {
    const { address, label } = findSubscription(groups, subscription);
    await groups.unsubscribe(address);
    return { value: { address, label }, text: words.groups.unsubscribe.done(label || address) };
  },
};
