/** "chan list": the chans that were joined. */
import { groupTable } from './group-names.js';
import type { Operation } from './operation.js';

export const chanList: Operation = {
  name: 'chan list',
  help: 'List the chans that you joined.',
  parameters: [],
  run(_, { groups }) {
    const chans = groups.chans();
    return { value: { chans }, text: groupTable(chans) || 'no chans yet' };
  },
};
