/** Pure: who a mail is from, and whether this login may say so. */
import type { Login } from '../access/login.js';
import type { Identity } from '../bitmessage/node.js';
import type { ReadMail } from '../mime/read-mail.js';
import { type Envelope, SmtpRefusal } from '../smtp/submission.js';
import { findAddress, MAIL_DOMAIN } from './address.js';

/** The identity that an address in MAIL FROM or From stands for. @throws SmtpRefusal */
export function findSender(from: string, login: Login, identities: readonly Identity[]): Identity {
  const address = findAddress(from, () => identities.map((identity) => identity.address));
  const identity = identities.find((candidate) => candidate.address === address) ?? findNamedByLogin(from, login, identities);
  if (identity === undefined) throw new SmtpRefusal(553, '5.7.1', ({ sending }) => sending.notYours(from, ownAddress(identities)));
  if (login.identity !== null && login.identity !== identity.address) {
    throw new SmtpRefusal(553, '5.7.1', ({ sending }) => sending.otherIdentity(String(login.identity), identity.address));
  }
  if (!identity.enabled) throw new SmtpRefusal(553, '5.7.1', ({ sending }) => sending.switchedOff(identity.address));
  return identity;
}

/** Who set an account up by logging in as "new+label" may have left that as its mail address. */
function findNamedByLogin(from: string, login: Login, identities: readonly Identity[]): Identity | undefined {
  const [, label] = /^"?new\+(.+?)"?(?:@bitmessage\.?)?$/i.exec(from.trim()) ?? [];
  return identities.find((each) => each.address === login.identity && each.label.toLowerCase() === label?.toLowerCase());
}

/**
 * The From field decides, for it is what the person sees. Where it names no Bitmessage address at all (some programs write the
 * name of the machine there), the envelope does; both must be allowed. @throws SmtpRefusal
 */
export function chooseSender(envelope: Envelope, mail: Pick<ReadMail, 'from'>, identities: readonly Identity[]): Identity {
  const enveloped = findSender(envelope.from, envelope.login, identities);
  const known = (): string[] => identities.map((identity) => identity.address);
  const written = mail.from.find(({ address }) => findAddress(address, known) !== null);
  return written === undefined ? enveloped : findSender(written.address, envelope.login, identities);
}

/** One to write as; there is always one. */
function ownAddress(identities: readonly Identity[]): string {
  const own = identities.find(({ chan, enabled }) => !chan && enabled) ?? identities[0];
  return `${own?.address ?? 'BM-...'}@${MAIL_DOMAIN}`;
}
