/** IDLE, RFC 2177 and RFC 9051 §6.3.13: tells every change as it happens, until DONE. */
import { tellChanges } from '../announcements.js';
import { type Command, LOGGED_IN, parseNothing } from '../command.js';
import { ImapBad } from '../wire/imap-bad.js';

export const idle: Command<undefined> = {
  states: LOGGED_IN,
  parse: parseNothing,
  run: async (_, session) => {
    session.pace.keepQuiet();
    session.send('+ idling\r\n');
    let ended = false;
    const end = session.connection.receiveLine(session.patienceMs).then((line) => {
      ended = true;
      return line;
    });
    while (!ended && !session.over) {
      await tellChanges(session, true);
      await session.notifications?.tell();
      await session.connection.flush();
      await Promise.race([end, session.news()]);
    }
    if (session.over) return undefined;
    const line = await end;
    if (line.kind === 'timed-out') session.hangUp('Idle for too long');
    if (line.kind !== 'line' || line.text.toUpperCase() !== 'DONE') throw new ImapBad('Expected DONE');
    return { text: 'IDLE terminated' };
  },
};
