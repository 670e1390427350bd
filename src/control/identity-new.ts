/** "identity new": makes an address of one's own. */
import { readLabel } from './identity-find.js';
import { ControlRefusal, type Operation } from './operation.js';

export const identityNew: Operation = {
  name: 'identity new',
  help: 'Make a new address of your own.',
  parameters: [
    { name: 'label', place: 'option', isRequired: false, help: 'its name, which only you see' },
    { name: 'passphrase', place: 'option', isRequired: false, help: 'make it from this text, always the same one' },
    { name: 'short', place: 'flag', isRequired: false, help: 'a character or two shorter: takes seconds, or a minute from a passphrase' },
    { name: 'address-version', place: 'option', isRequired: false, choices: ['4', '3'], help: '4 (the default) or 3' },
  ],
  async run({ label = '', passphrase, short, 'address-version': version = '4' }, { node }, progress) {
    if (version !== '3' && version !== '4') throw new ControlRefusal('address-version is 3 or 4');
    const identity = await node.createIdentity({
      label: label === '' ? '' : readLabel(label),
      version: version === '3' ? 3 : 4,
      ...(passphrase ? { passphrase } : {}),
      short: short === 'true',
      onProgress: (done) => progress?.(`looking for a short address: ${Math.round(done * 100)}% of what is usual`),
    });
    return { value: { address: identity.address, label: identity.label }, text: identity.address };
  },
};
