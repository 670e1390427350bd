/** "contact remove": takes an address out of the book; its mail stays. */
import { contactValue, inBook } from './contact-words.js';
import type { Operation } from './operation.js';

export const contactRemove: Operation = {
  name: 'contact remove',
  help: 'Take a contact out of the address book; mail stays.',
  parameters: [{ name: 'contact', place: 'positional', isRequired: true, help: 'its address or its name' }],
  run({ contact }, { contacts }) {
    const removed = inBook(() => contacts.remove(contact));
    return { value: contactValue(removed), text: `Removed ${removed.label} (${removed.address}).` };
  },
};
