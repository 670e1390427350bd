/** "unblock": takes messages from an address again. */
import { addressOf } from './contact-words.js';
import { ControlRefusal, type Operation } from './operation.js';

export const unblock: Operation = {
  name: 'unblock',
  help: 'Take messages from an address again.',
  parameters: [{ name: 'sender', place: 'positional', isRequired: true, help: 'the address, or the name of a contact' }],
  run({ sender }, { contacts, blocking }) {
    const address = addressOf(sender, contacts);
    if (!blocking.unblock(address)) throw new ControlRefusal(`${address} is not blocked`);
    return { value: { address, blocked: false }, text: `Unblocked ${address}.` };
  },
};
