/** "identity new": makes an address of one's own. */
import { readLabel } from './identity-find.js';
import { ControlRefusal, type Operation } from './operation.js';

export const identityNew: Operation = {
  name: 'identity new',
  help: ({ identities }) => identities.make.help,
  parameters: [
    { name: 'label', place: 'option', isRequired: false, help: ({ identities }) => identities.make.label },
    { name: 'passphrase', place: 'option', isRequired: false, help: ({ identities }) => identities.make.passphrase },
    { name: 'short', place: 'flag', isRequired: false, help: ({ identities }) => identities.make.short },
    { name: 'address-version', place: 'option', isRequired: false, choices: ['4', '3'], help: ({ identities }) => identities.make.version },
  ],
  async run({ label = '', passphrase, short, 'address-version': version = '4' }, { node }, progress) {
    if (version !== '3' && version !== '4') throw new ControlRefusal(({ orders }) => orders.notAVersion);
    const identity = await node.createIdentity({
      label: label === '' ? '' : readLabel(label),
      version: version === '3' ? 3 : 4,
      ...(passphrase ? { passphrase } : {}),
      short: short === 'true',
      onProgress: (done) => progress?.(({ identities }) => identities.make.searching(done)),
    });
    return { value: { address: identity.address, label: identity.label }, text: identity.address };
  },
};
