/** "unblock": takes messages from an address again. */
import { addressOf } from './contact-words.js';
import { ControlRefusal, type Operation } from './operation.js';

export const unblock: Operation = {
  name: 'unblock',
  help: ({ contacts }) => contacts.unblock.help,
  parameters: [{ name: 'sender', place: 'positional', isRequired: true, help: ({ contacts }) => contacts.unblock.sender }],
  run({ sender }, { contacts, blocking, words }) {
    const address = addressOf(sender, contacts);
    if (!blocking.unblock(address)) throw new ControlRefusal((told) => told.contacts.unblock.isNot(address));
    return { value: { address, blocked: false }, text: words.contacts.unblock.done(address) };
  },
};
