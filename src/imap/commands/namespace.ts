/** NAMESPACE, RFC 2342 and RFC 9051 §6.3.10: everything is one personal namespace without a prefix. */
import { type Command, LOGGED_IN, parseNothing } from '../command.js';
import { DELIMITER } from '../wire/mailbox-name.js';

export const namespace: Command<undefined> = {
  states: LOGGED_IN,
  parse: parseNothing,
  run: async (_, session) => {
    session.send(`* NAMESPACE (("" "${DELIMITER}")) NIL NIL\r\n`);
    return undefined;
  },
};
