/** "page": the address of the local page, with a ticket that lets one browser in. */
import type { Operation } from './operation.js';

export const page: Operation = {
  name: 'page',
  help: ({ orders }) => orders.page.help,
  parameters: [],
  run(_, { openPage }) {
    const url = openPage();
    return { value: { url }, text: url };
  },
};
