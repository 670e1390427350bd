/** "spelling": which address is meant, where one had lost its capital letters and could be one of several. */
import { addressOf } from './contact-words.js';
import { ControlRefusal, type Operation } from './operation.js';

export const spelling: Operation = {
  name: 'spelling',
  help: 'Say which address you mean, when a mail asks you.',
  parameters: [{ name: 'address', place: 'positional', isRequired: true, help: 'the address, as that mail shows it' }],
  run({ address: wanted }, { contacts, speller }) {
    const address = addressOf(wanted, contacts);
    if (!speller.choose(address)) throw new ControlRefusal(`nothing was asked about ${address}`);
    return { value: { address }, text: `Your mail goes to ${address}.` };
  },
};
