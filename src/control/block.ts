/** "block": takes no more messages from an address, as moving one of its mails to Junk does. */
import { addressOf } from './contact-words.js';
import { ControlRefusal, type Operation } from './operation.js';

export const block: Operation = {
  name: 'block',
  help: 'Take no more messages from an address; it gets no acknowledgements.',
  parameters: [{ name: 'sender', place: 'positional', isRequired: true, help: 'the address, or the name of a contact' }],
  run({ sender }, { contacts, blocking }) {
    const address = addressOf(sender, contacts);
    if (!blocking.block(address)) throw new ControlRefusal(`${address} is your own`);
    return { value: { address, blocked: true }, text: `Blocked ${address}.` };
  },
};
