/** "chan join": becomes a member of a group whose passphrase is its key. */
import { AddressError } from '../bitmessage/crypto/address.js';
import { ControlRefusal, type Operation } from './operation.js';

export const chanJoin: Operation = {
  name: 'chan join',
  help: ({ groups }) => groups.chanJoin.help,
  parameters: [
    { name: 'passphrase', place: 'positional', isRequired: true, help: ({ groups }) => groups.chanJoin.passphrase },
    { name: 'label', place: 'option', isRequired: false, help: ({ groups }) => groups.chanJoin.label },
    { name: 'address', place: 'option', isRequired: false, help: ({ groups }) => groups.chanJoin.address },
    { name: 'address-version', place: 'option', isRequired: false, choices: ['4', '3'], help: ({ groups }) => groups.chanJoin.version },
  ],
  async run({ passphrase, label = '', address, 'address-version': version = '4' }, { groups, words }) {
    if (version !== '3' && version !== '4') throw new ControlRefusal(({ orders }) => orders.notAVersion);
    try {
      const chan = await groups.joinChan(passphrase, label, { address, version: version === '3' ? 3 : 4 });
      return { value: { ...chan }, text: words.groups.joined(chan.address, chan.folder) };
    } catch (error) {
      if (!(error instanceof AddressError)) throw error;
      // Without an address there is nothing that could be wrong with it.
      throw new ControlRefusal(({ folders }) => folders.notThatPassphrase(address ?? ''), { cause: error });
    }
  },
};
