/** "subscribe", "unsubscribe" and "subscription list": whose broadcasts to read. */
import { findAddress } from '../mapping/address.js';
import { findGroup, groupTable } from './chan.js';
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

export const subscriptionList: Operation = {
  name: 'subscription list',
  help: 'List the addresses whose broadcasts you read.',
  parameters: [],
  run(_, { groups }) {
    const subscriptions = groups.subscriptions();
    return { value: { subscriptions }, text: groupTable(subscriptions) || 'no subscriptions yet' };
  },
};
