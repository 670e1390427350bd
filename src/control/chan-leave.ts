/** "chan leave": forgets a chan. */
import { findChan } from './group-names.js';
import type { Operation } from './operation.js';

export const chanLeave: Operation = {
  name: 'chan leave',
  help: ({ groups }) => groups.chanLeave.help,
  parameters: [{ name: 'chan', place: 'positional', isRequired: true, help: ({ groups }) => groups.chanLeave.chan }],
  async run({ chan }, { groups, words }) {
    const { address, label } = findChan(groups, chan);
    await groups.leaveChan(address);
    return { value: { address, label }, text: words.groups.chanLeave.done(label || address) };
  },
};
