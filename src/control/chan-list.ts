/** "chan list": the chans that were joined. */
import { groupTable } from './group-names.js';
import type { Operation } from './operation.js';

export const chanList: Operation = {
  name: 'chan list',
  help: ({ groups }) => groups.chanList.help,
  parameters: [],
  run(_, { groups, words }) {
    const chans = groups.chans();
    return { value: { chans }, text: groupTable(chans) || words.groups.chanList.none };
  },
};
