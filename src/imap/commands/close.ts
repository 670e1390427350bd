/** CLOSE and UNSELECT, RFC 9051 §6.4.1 and §6.4.2. */
import { type Command, parseNothing, SELECTED } from '../command.js';
import { expungeDeleted, highestModseq } from './expunge.js';

/** Expunges without a word, then leaves the folder. */
export const close: Command<undefined> = {
  states: SELECTED,
  parse: parseNothing,
  run: async (_, session) => {
    if (!session.view.readOnly) await expungeDeleted(session, session.view.uids);
    const completion = highestModseq(session);
    session.select(null);
    return completion;
  },
};

export const unselect: Command<undefined> = {
  states: SELECTED,
  parse: parseNothing,
  run: async (_, session) => {
    session.select(null);
    return undefined;
  },
};
