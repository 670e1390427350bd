/** "subscription list": whose broadcasts are read. */
import { groupTable } from './group-names.js';
import type { Operation } from './operation.js';

export const subscriptionList: Operation = {
  name: 'subscription list',
  help: 'List the addresses whose broadcasts you read.',
  parameters: [],
  run(_, { groups }) {
    const subscriptions = groups.subscriptions();
    return { value: { subscriptions }, text: groupTable(subscriptions) || 'no subscriptions yet' };
  },
};
