/** AUTHENTICATE, RFC 9051 §6.2.2, with PLAIN (RFC 4616), LOGIN and SCRAM-SHA-256, and initial responses (RFC 4959). */
import { decodeLoginAnswer, decodePlain, LOGIN_CHALLENGES } from '../../access/sasl.js';
import type { Command, Completion } from '../command.js';
import { ImapNo } from '../folder-rules.js';
import type { Session } from '../session.js';
import { ImapBad } from '../wire/imap-bad.js';
import { authenticateScram } from './authenticate-scram.js';
import { enter, requirePrivacy } from './login.js';

const BASE64 = /(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?/y;
const WHOLE_BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Asks the client for its next response; the first one may have come with the command. @throws ImapBad */
export type Ask = (challenge: string) => Promise<Buffer>;

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
    if (!session.mechanisms.includes(mechanism) && session.mayLogIn) throw new ImapNo('CANNOT', 'No such mechanism');
    requirePrivacy(session);
    const ask = asker(session, initial);
    switch (mechanism) {
      case 'PLAIN':
        return authenticatePlain(session, ask);
      case 'LOGIN':
        return authenticateLogin(session, ask);
      default:
        return authenticateScram(session, mechanism, ask);
    }
  },
};

async function authenticatePlain(session: Session, ask: Ask): Promise<Completion> {
  const credentials = decodePlain(await ask(''));
  if (credentials === null) throw new ImapBad('PLAIN takes three fields');
  refuseOtherIdentity(session, credentials.authorizationId, credentials.user);
  return enter(session, credentials.user, credentials.password);
}

async function authenticateLogin(session: Session, ask: Ask): Promise<Completion> {
  const user = decodeLoginAnswer(await ask(LOGIN_CHALLENGES[0]));
  const password = decodeLoginAnswer(await ask(LOGIN_CHALLENGES[1]));
  if (user === null || password === null) throw new ImapBad('Not UTF-8');
  return enter(session, user, password);
}

/** @throws ImapNo when the client wants to act for somebody else */
export function refuseOtherIdentity(session: Session, authorizationId: string, user: string): void {
  if (authorizationId === '' || authorizationId === user) return;
  session.noteLoginFailure();
  throw new ImapNo('AUTHORIZATIONFAILED', 'Nobody can act for another user here');
}

function asker(session: Session, initial: string | null): Ask {
  let given = initial;
  return async (challenge) => {
    const response = given ?? (await askLine(session, challenge));
    given = null;
    if (!WHOLE_BASE64.test(response)) throw new ImapBad('Not base64');
    return Buffer.from(response, 'base64');
  };
}

async function askLine(session: Session, challenge: string): Promise<string> {
  session.send(`+ ${Buffer.from(challenge).toString('base64')}\r\n`);
  await session.connection.flush();
  const answer = await session.connection.receiveLine(session.patienceMs);
  if (answer.kind !== 'line') {
    session.hangUp(answer.kind === 'too-long' ? 'Line too long' : 'No answer');
    throw new ImapBad('No response');
  }
  if (answer.text === '*') throw new ImapBad('Cancelled');
  return answer.text;
}
