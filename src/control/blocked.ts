/** "blocked": the addresses that no messages are taken from. */
import type { Operation } from './operation.js';
import { table } from './table.js';

export const blocked: Operation = {
  name: 'blocked',
  help: ({ contacts }) => contacts.blocked.help,
  parameters: [],
  run(_, { blocking, words }) {
    const senders = blocking.blocked().map(({ address, label }) => ({ address, label }));
    return {
      value: { blocked: senders },
      text: table(senders.map(({ address, label }) => [address, label])) || words.contacts.blocked.nobody,
    };
  },
};
