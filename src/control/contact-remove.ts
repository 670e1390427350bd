/** "contact remove": takes an address out of the book; its mail stays. */
import { contactValue, inBook } from './contact-words.js';
import type { Operation } from './operation.js';

export const contactRemove: Operation = {
  name: 'contact remove',
  help: ({ contacts }) => contacts.remove.help,
  parameters: [{ name: 'contact', place: 'positional', isRequired: true, help: ({ contacts }) => contacts.remove.contact }],
  run({ contact }, { contacts, words }) {
    const removed = inBook(() => contacts.remove(contact));
    return { value: contactValue(removed), text: words.contacts.remove.done(removed.label, removed.address) };
  },
};
