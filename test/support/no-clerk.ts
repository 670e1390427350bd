/** Nobody behind the control address, for houses in which nothing is ordered. */
import type { Clerk } from '../../src/mapping/order-desk.js';

export const noClerk: Clerk = {
  understands: () => false,
  carryOut: async () => ({ done: false, text: '' }),
  help: () => '',
};
