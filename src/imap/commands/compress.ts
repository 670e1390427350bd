/** COMPRESS DEFLATE, RFC 4978. */
import { type Command, LOGGED_IN } from '../command.js';
import { ImapNo } from '../folder-rules.js';
import { ImapBad } from '../wire/imap-bad.js';

export const compress: Command<string> = {
  states: LOGGED_IN,
  parse: (args) => {
    args.space();
    return args.keyword();
  },
  run: async (algorithm, session) => {
    if (algorithm !== 'DEFLATE') throw new ImapBad('The only algorithm is DEFLATE');
    if (session.connection.compressed) throw new ImapNo('COMPRESSIONACTIVE', 'The connection is compressed already');
    return { text: 'DEFLATE active', afterwards: async () => session.connection.compress() };
  },
};
