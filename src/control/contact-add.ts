/** "contact add": gives an address a name. */
import { contactValue, inBook, mailOf } from './contact-words.js';
import type { Operation } from './operation.js';

export const contactAdd: Operation = {
  name: 'contact add',
  help: ({ contacts }) => contacts.add.help,
  parameters: [
    { name: 'address', place: 'positional', isRequired: true, help: ({ contacts }) => contacts.add.address },
    { name: 'name', place: 'positional', isRequired: true, help: ({ contacts }) => contacts.add.name },
    { name: 'notes', place: 'option', isRequired: false, help: ({ contacts }) => contacts.add.notes },
  ],
  run({ address, name, notes }, { contacts, words }) {
    const contact = inBook(() => contacts.add(address, name, notes));
    const { reach, noReach } = words.contacts.add;
    const how = contact.petname === '' ? noReach : reach(mailOf(contact.petname));
    return { value: contactValue(contact), text: `${contact.address}  ${contact.label}\n${how}` };
  },
};
