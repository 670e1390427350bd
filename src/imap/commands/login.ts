/** LOGIN, RFC 9051 §6.2.3, and what it shares with AUTHENTICATE. */
import { type Login, LoginUnavailable } from '../../access/login.js';
import type { Command, Completion } from '../command.js';
import { ImapNo } from '../folder-rules.js';
import type { Session } from '../session.js';

export const login: Command<{ user: string; password: string }> = {
  states: ['not-authenticated'],
  parse: (args) => {
    args.space();
    const user = args.astringText();
    args.space();
    return { user, password: args.astringText() };
  },
  run: async ({ user, password }, session) => {
    requirePrivacy(session);
    return enter(session, user, password);
  },
};

/** A password may only cross an encrypted line, or none at all. @throws ImapNo */
export function requirePrivacy(session: Session): void {
  if (!session.mayLogIn) throw new ImapNo('PRIVACYREQUIRED', ({ folders }) => folders.needsTls);
}

/** @throws ImapNo when user and password do not fit */
export async function enter(session: Session, user: string, password: string): Promise<Completion> {
  const login = await whenAvailable(session.rooms.logins.check(user, password, session.connection.remoteAddress));
  if (login === null) throw refuseLogin(session);
  return admit(session, login);
}

/** RFC 5530 §3: the client is told that it is not the password. @throws ImapNo */
export async function whenAvailable(check: Promise<Login | null>): Promise<Login | null> {
  try {
    return await check;
  } catch (error) {
    throw error instanceof LoginUnavailable ? new ImapNo('UNAVAILABLE', error.say) : error;
  }
}

/** Counts the attempt; the answer does not say what was wrong. */
export function refuseLogin(session: Session): ImapNo {
  session.noteLoginFailure();
  return new ImapNo('AUTHENTICATIONFAILED', ({ folders }) => folders.wrongLogin);
}

export function admit(session: Session, login: Login): Completion {
  session.logIn(login);
  return { code: `CAPABILITY ${session.capabilities()}`, text: 'Logged in' };
}
