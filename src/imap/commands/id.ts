/** ID, RFC 2971. */
import { ANY_STATE, type Command } from '../command.js';
import { ImapBad } from '../wire/imap-bad.js';
import type { Lexer } from '../wire/lexer.js';

/** RFC 2971 §3.3. */
const MAX_FIELDS = 30;

export const id: Command<undefined> = {
  states: ANY_STATE,
  parse: (args) => {
    args.space();
    if (!args.skip('NIL')) parseFields(args);
    return undefined;
  },
  run: async (_, session) => {
    session.send('* ID ("name" "Postern")\r\n');
    return undefined;
  },
};

function parseFields(args: Lexer): void {
  const values = args.list(() => args.nstring());
  if (values.length % 2 !== 0 || values.length > 2 * MAX_FIELDS) throw new ImapBad('ID takes pairs of field and value, at most 30');
}
