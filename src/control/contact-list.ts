/** "contact list": the address book. */
import { contactValue, mailOf } from './contact-words.js';
import type { Operation } from './operation.js';
import { table } from './table.js';

export const contactList: Operation = {
  name: 'contact list',
  help: ({ contacts }) => contacts.list.help,
  parameters: [],
  run(_, { contacts, words }) {
    const list = contacts.list();
    return {
      value: { contacts: list.map(contactValue) },
      text: table(list.map(({ address, label, petname }) => [address, label, mailOf(petname)])) || words.contacts.list.none,
    };
  },
};
