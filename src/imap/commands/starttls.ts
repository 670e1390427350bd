/** STARTTLS, RFC 9051 §6.2.1. */
import { type Command, parseNothing } from '../command.js';
import { ImapBad } from '../wire/imap-bad.js';

export const starttls: Command<undefined> = {
  states: ['not-authenticated'],
  parse: parseNothing,
  run: async (_, session) => {
    const context = session.options.tlsContext;
    if (context === null || session.connection.secure) throw new ImapBad('TLS is not available');
    return { text: 'Begin TLS negotiation now', afterwards: () => session.connection.startTls(context()) };
  },
};
