/** "contact add": gives an address a name. */
import { contactValue, inBook, mailOf } from './contact-words.js';
import type { Operation } from './operation.js';

export const contactAdd: Operation = {
  name: 'contact add',
  help: 'Give an address a name; mail to that name reaches it.',
  parameters: [
    { name: 'address', place: 'positional', isRequired: true, help: 'BM-…' },
    { name: 'name', place: 'positional', isRequired: true, help: 'what you call it' },
    { name: 'notes', place: 'option', isRequired: false, help: 'anything worth remembering' },
  ],
  run({ address, name, notes }, { contacts }) {
    const contact = inBook(() => contacts.add(address, name, notes));
    const reach = contact.petname === '' ? 'its name is not its own: write to the address' : `write to ${mailOf(contact.petname)}`;
    return { value: contactValue(contact), text: `${contact.address}  ${contact.label}\n${reach}` };
  },
};
