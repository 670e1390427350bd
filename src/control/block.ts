/** "block": takes no more messages from an address, as moving one of its mails to Junk does. */
import { addressOf } from './contact-words.js';
import { ControlRefusal, type Operation } from './operation.js';

export const block: Operation = {
  name: 'block',
  help: ({ contacts }) => contacts.block.help,
  parameters: [{ name: 'sender', place: 'positional', isRequired: true, help: ({ contacts }) => contacts.block.sender }],
  run({ sender }, { contacts, blocking, words }) {
    const address = addressOf(sender, contacts);
    if (!blocking.block(address)) throw new ControlRefusal((told) => told.contacts.isYours(address));
    return { value: { address, blocked: true }, text: words.contacts.block.done(address) };
  },
};
