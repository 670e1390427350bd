/** Turns the library's session into the envelope that the house reads. */
import type { SMTPServerAddress, SMTPServerSession } from 'smtp-server';
import type { Login } from '../access/login.js';
import { type Envelope, type EnvelopeRecipient, SmtpRefusal } from './submission.js';

export function readEnvelope(login: Login, session: SMTPServerSession): Envelope {
  const { mailFrom, rcptTo, dsn } = session.envelope;
  return {
    login,
    from: mailFrom ? mailFrom.address : '',
    recipients: rcptTo.map(readRecipient),
    ...(mailFrom ? readHold(mailFrom) : {}),
    ...(dsn?.envid ? { envelopeId: dsn.envid } : {}),
    ...(dsn?.ret === 'FULL' || dsn?.ret === 'HDRS' ? { returnContent: dsn.ret } : {}),
  };
}

/** What the extensions that we announce add to MAIL and RCPT: RFC 1870, 6152, 6531, 3461, 4954 §5, 4865. */
const PARAMETERS = {
  MAIL: ['SIZE', 'BODY', 'SMTPUTF8', 'RET', 'ENVID', 'AUTH', 'HOLDFOR', 'HOLDUNTIL'],
  RCPT: ['NOTIFY', 'ORCPT'],
};

/** RFC 5321 §4.1.1.11: a client that relies on something must hear that it is not there. @throws SmtpRefusal */
export function refuseUnknownParameters(command: keyof typeof PARAMETERS, { args }: Pick<SMTPServerAddress, 'args'>): void {
  const unknown = Object.keys(args || {}).find((name) => !PARAMETERS[command].includes(name.toUpperCase()));
  if (unknown !== undefined) throw new SmtpRefusal(555, '5.5.4', `${unknown} is not known here`);
}

/** HOLDFOR and HOLDUNTIL, RFC 4865 §4. @throws SmtpRefusal */
export function readHold({ args }: Pick<SMTPServerAddress, 'args'>): Pick<Envelope, 'hold'> {
  const { HOLDFOR, HOLDUNTIL } = (args || {}) as Record<string, unknown>;
  if (HOLDFOR === undefined && HOLDUNTIL === undefined) return {};
  if (HOLDFOR !== undefined && HOLDUNTIL !== undefined) throw new SmtpRefusal(501, '5.5.4', 'HOLDFOR and HOLDUNTIL cannot be combined');
  if (HOLDFOR !== undefined) {
    if (!/^[1-9]\d{0,8}$/.test(String(HOLDFOR))) throw new SmtpRefusal(501, '5.5.4', 'HOLDFOR takes a number of seconds');
    return { hold: { forSeconds: Number(HOLDFOR) } };
  }
  // RFC 3339 §5.6, as erratum 2040 says.
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i.test(String(HOLDUNTIL));
  const until = isTime ? Math.floor(Date.parse(String(HOLDUNTIL)) / 1000) : Number.NaN;
  if (Number.isNaN(until)) throw new SmtpRefusal(501, '5.5.4', 'HOLDUNTIL takes a time such as 2030-12-24T18:00:00Z');
  return { hold: { until } };
}

function readRecipient({ address, dsn }: SMTPServerAddress): EnvelopeRecipient {
  return {
    address,
    notify: (dsn?.notify ?? []) as EnvelopeRecipient['notify'],
    // RFC 3461 §4.2: "rfc822;address"; the library has undone the xtext already.
    ...(dsn?.orcpt ? { originalRecipient: dsn.orcpt.replace(/^[^;]*;/, '') } : {}),
  };
}
