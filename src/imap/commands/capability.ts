/** CAPABILITY, RFC 9051 §6.1.1. */
import { ANY_STATE, type Command, parseNothing } from '../command.js';

export const capability: Command<undefined> = {
  states: ANY_STATE,
  parse: parseNothing,
  run: async (_, session) => {
    session.send(`* CAPABILITY ${session.capabilities()}\r\n`);
    return undefined;
  },
};
