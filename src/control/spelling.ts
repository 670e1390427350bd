/** "spelling": which address is meant, where one had lost its capital letters and could be one of several. */
import { addressOf } from './contact-words.js';
import { ControlRefusal, type Operation } from './operation.js';

export const spelling: Operation = {
  name: 'spelling',
  help: ({ contacts }) => contacts.spelling.help,
  parameters: [{ name: 'address', place: 'positional', isRequired: true, help: ({ contacts }) => contacts.spelling.address }],
  run({ address: wanted }, { contacts, speller, words }) {
    const address = addressOf(wanted, contacts);
    if (!speller.choose(address)) throw new ControlRefusal((told) => told.contacts.spelling.notAsked(address));
    return { value: { address }, text: words.contacts.spelling.done(address) };
  },
};
