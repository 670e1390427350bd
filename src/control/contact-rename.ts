/** "contact rename": another name for a contact. */
import { contactValue, inBook } from './contact-words.js';
import type { Operation } from './operation.js';

export const contactRename: Operation = {
  name: 'contact rename',
  help: 'Give a contact another name.',
  parameters: [
    { name: 'contact', place: 'positional', isRequired: true, help: 'its address or its name' },
    { name: 'name', place: 'positional', isRequired: true, help: 'what you call it from now on' },
  ],
  run({ contact, name }, { contacts }) {
    const renamed = inBook(() => contacts.rename(contact, name));
    return { value: contactValue(renamed), text: `${renamed.address}  ${renamed.label}` };
  },
};
