/** SUBSCRIBE and UNSUBSCRIBE, RFC 9051 §6.3.7 and §6.3.8. */
import { type Command, LOGGED_IN } from '../command.js';
import { quietly } from '../own-changes.js';
import type { Lexer } from '../wire/lexer.js';
import { findName } from './folder.js';

export const subscribe: Command<string | null> = {
  states: LOGGED_IN,
  parse: parseMailbox,
  run: async (path, session) => {
    const name = findName(session, path).path;
    quietly(session, () => session.rooms.mailboxes.subscribe(name));
    return undefined;
  },
};

/** Of a folder that is gone too; of a name that was never subscribed it changes nothing. */
export const unsubscribe: Command<string | null> = {
  states: LOGGED_IN,
  parse: parseMailbox,
  run: async (path, session) => {
    if (path !== null) quietly(session, () => session.rooms.mailboxes.unsubscribe(path));
    return undefined;
  },
};

function parseMailbox(args: Lexer): string | null {
  args.space();
  return args.mailbox();
}
