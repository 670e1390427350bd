/** AUTHENTICATE PLAIN, RFC 9051 §6.2.2 with RFC 4616, with or without an initial response (RFC 4959). */
import { decodePlain, type PlainCredentials } from '../../access/sasl.js';
import type { Command } from '../command.js';
import { ImapNo } from '../folder-rules.js';
import type { Session } from '../session.js';
import { ImapBad } from '../wire/imap-bad.js';
import { enter, requirePrivacy } from './login.js';

const BASE64 = /(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?/y;
const WHOLE_BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

export const authenticate: Command<{ mechanism: string; initial: string | null }> = {
  states: ['not-authenticated'],
  parse: (args) => {
    args.space();
    const mechanism = args.keyword();
    if (!args.skip(' ')) return { mechanism, initial: null };
    // "=" is the empty response, which differs from none.
    return { mechanism, initial: args.skip('=') ? '' : (args.match(BASE64) ?? '') };
  },
  run: async ({ mechanism, initial }, session) => {
    if (mechanism !== 'PLAIN') throw new ImapNo('CANNOT', 'No such mechanism; there is PLAIN');
    requirePrivacy(session);
    const { authorizationId, user, password } = readPlain(initial ?? (await askResponse(session)));
    if (authorizationId !== '' && authorizationId !== user) {
      session.noteLoginFailure();
      throw new ImapNo('AUTHORIZATIONFAILED', 'Nobody can act for another user here');
    }
    return enter(session, user, password);
  },
};

async function askResponse(session: Session): Promise<string> {
  session.send('+ \r\n');
  await session.connection.flush();
  const answer = await session.connection.receiveLine(session.patienceMs);
  if (answer.kind !== 'line') {
    session.hangUp(answer.kind === 'too-long' ? 'Line too long' : 'No answer');
    throw new ImapBad('No response');
  }
  if (answer.text === '*') throw new ImapBad('Cancelled');
  return answer.text;
}

/** @throws ImapBad */
function readPlain(base64: string): PlainCredentials {
  if (!WHOLE_BASE64.test(base64)) throw new ImapBad('Not base64');
  const credentials = decodePlain(Buffer.from(base64, 'base64'));
  if (credentials === null) throw new ImapBad('PLAIN takes three fields');
  return credentials;
}
