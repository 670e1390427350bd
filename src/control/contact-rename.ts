/** "contact rename": another name for a contact. */
import { contactValue, inBook } from './contact-words.js';
import type { Operation } from './operation.js';

export const contactRename: Operation = {
  name: 'contact rename',
  help: ({ contacts }) => contacts.rename.help,
  parameters: [
    { name: 'contact', place: 'positional', isRequired: true, help: ({ contacts }) => contacts.rename.contact },
    { name: 'name', place: 'positional', isRequired: true, help: ({ contacts }) => contacts.rename.name },
  ],
  run({ contact, name }, { contacts }) {
    const renamed = inBook(() => contacts.rename(contact, name));
    return { value: contactValue(renamed), text: `${renamed.address}  ${renamed.label}` };
  },
};
