/** "subscription list": whose broadcasts are read. */
import { groupTable } from './group-names.js';
import type { Operation } from './operation.js';

export const subscriptionList: Operation = {
  name: 'subscription list',
  help: ({ groups }) => groups.subscriptionList.help,
  parameters: [],
  run(_, { groups, words }) {
    const subscriptions = groups.subscriptions();
    return { value: { subscriptions }, text: groupTable(subscriptions) || words.groups.subscriptionList.none };
  },
};
