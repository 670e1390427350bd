/** "chan leave": forgets a chan. */
import { findGroup } from './group-names.js';
import type { Operation } from './operation.js';

export const chanLeave: Operation = {
  name: 'chan leave',
  help: 'Leave a chan.',
  parameters: [{ name: 'chan', place: 'positional', isRequired: true, help: 'its address or the name of its folder' }],
  async run({ chan }, { groups }) {
    const { address, label } = findGroup(groups.chans(), chan, 'chan');
    await groups.leaveChan(address);
    return { value: { address, label }, text: `Left ${label || address}.` };
  },
};
