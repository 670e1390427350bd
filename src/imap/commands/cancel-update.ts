/** CANCELUPDATE, RFC 5267 §4.3.5. */
import { type Command, SELECTED } from '../command.js';
import { ImapNo } from '../folder-rules.js';

export const cancelUpdate: Command<string[]> = {
  states: SELECTED,
  parse: (args) => {
    const tags: string[] = [];
    do {
      args.space();
      tags.push(args.string().toString('latin1'));
    } while (!args.atEnd);
    return tags;
  },
  run: async (tags, session) => {
    const { view } = session;
    if (!tags.every((tag) => view.updatingSearches.some((search) => search.tag === tag))) throw new ImapNo('NONEXISTENT', 'No such search');
    view.updatingSearches = view.updatingSearches.filter((search) => !tags.includes(search.tag));
    return undefined;
  },
};
