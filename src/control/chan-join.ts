/** "chan join": becomes a member of a group whose passphrase is its key. */
import { AddressError } from '../bitmessage/crypto/address.js';
import { ControlRefusal, type Operation } from './operation.js';

export const chanJoin: Operation = {
  name: 'chan join',
  help: 'Join a chan; its folder appears under Chans.',
  parameters: [
    { name: 'passphrase', place: 'positional', isRequired: true, help: 'the text that all members share' },
    { name: 'label', place: 'option', isRequired: false, help: 'the name of the folder (otherwise the passphrase)' },
    { name: 'address', place: 'option', isRequired: false, help: 'the address that it must have' },
    { name: 'address-version', place: 'option', isRequired: false, choices: ['4', '3'], help: '4 (the default), or 3 for an old chan' },
  ],
  async run({ passphrase, label = '', address, 'address-version': version = '4' }, { groups }) {
    if (version !== '3' && version !== '4') throw new ControlRefusal('address-version is 3 or 4');
    try {
      const chan = await groups.joinChan(passphrase, label, { address, version: version === '3' ? 3 : 4 });
      return { value: { ...chan }, text: `${chan.address}\nFolder: ${chan.folder}` };
    } catch (error) {
      if (error instanceof AddressError) throw new ControlRefusal(error.message, { cause: error });
      throw error;
    }
  },
};
