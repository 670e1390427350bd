/** "chan join": becomes a member of a group whose passphrase is its key. */
import type { Operation } from './operation.js';

export const chanJoin: Operation = {
  name: 'chan join',
  help: 'Join a chan; its folder appears under Chans.',
  parameters: [
    { name: 'passphrase', place: 'positional', isRequired: true, help: 'the text that all members share' },
    { name: 'label', place: 'option', isRequired: false, help: 'the name of the folder (otherwise the passphrase)' },
  ],
  async run({ passphrase, label = '' }, { groups }) {
    const chan = await groups.joinChan(passphrase, label);
    return { value: { ...chan }, text: `${chan.address}\nFolder: ${chan.folder}` };
  },
};
