/** SCRAM-SHA-256 and SCRAM-SHA-256-PLUS (RFC 5802, 7677), bound to the TLS connection by tls-exporter (RFC 9266). */
import { randomBytes } from 'node:crypto';
import { continueScram, finishScram, readScramFirst, type ScramFirst } from '../../access/sasl.js';
import type { Completion } from '../command.js';
import { ImapNo } from '../folder-rules.js';
import type { Session } from '../session.js';
import { ImapBad } from '../wire/imap-bad.js';
import { type Ask, refuseOtherIdentity } from './authenticate.js';
import { admit, refuseLogin, whenAvailable } from './login.js';

/** 144 bits, so that no two exchanges are ever the same. */
const NONCE_BYTES = 18;

export async function authenticateScram(session: Session, mechanism: string, ask: Ask): Promise<Completion> {
  const keys = session.rooms.logins.scramKeys;
  if (keys === null) throw new ImapNo('CANNOT', 'No such mechanism');
  const first = readScramFirst((await ask('')).toString('utf8'));
  if (first === null) throw new ImapBad('Not the first message of SCRAM');
  const bindingData = chooseBinding(session, mechanism, first);
  refuseOtherIdentity(session, first.authorizationId, first.user);
  const exchange = continueScram(first, keys, randomBytes(NONCE_BYTES).toString('base64'));
  const clientFinal = (await ask(exchange.serverFirst)).toString('utf8');
  let serverFinal: string | null = null;
  const prove = (): Uint8Array | null => {
    const proof = finishScram(exchange, clientFinal, bindingData);
    serverFinal = proof?.serverFinal ?? null;
    return proof?.clientKey ?? null;
  };
  const login = await whenAvailable(session.rooms.logins.checkProof(first.user, prove, session.connection.remoteAddress));
  if (login === null || serverFinal === null) throw refuseLogin(session);
  // RFC 9051 §6.2.2: what the server says last is one more challenge, to which the client has nothing to say.
  const nothing = await ask(serverFinal);
  if (nothing.length > 0) throw new ImapBad('Expected an empty response');
  return admit(session, login);
}

/** What the client must have bound to. @throws ImapNo */
function chooseBinding(session: Session, mechanism: string, { channelBinding }: ScramFirst): Buffer {
  const data = session.connection.channelBinding;
  if (mechanism.endsWith('-PLUS')) {
    if (channelBinding === 'tls-exporter' && data !== null) return data;
    throw new ImapNo('CANNOT', 'The only channel binding is tls-exporter');
  }
  // RFC 5802 §6: "y" says that we offered none. If we did, somebody in between took it out of our answer.
  if (channelBinding === 'y' && data !== null) throw refuseLogin(session);
  if (channelBinding !== 'n' && channelBinding !== 'y') throw new ImapBad('Channel binding goes with SCRAM-SHA-256-PLUS');
  return Buffer.alloc(0);
}
