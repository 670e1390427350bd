/** LOGOUT, RFC 9051 §6.1.3. */
import { ANY_STATE, type Command, parseNothing } from '../command.js';

export const logout: Command<undefined> = {
  states: ANY_STATE,
  parse: parseNothing,
  run: async (_, session) => {
    session.select(null);
    session.hangUp('Good bye');
    return undefined;
  },
};
