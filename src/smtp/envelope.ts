/** Turns the library's session into the envelope that the house reads. */
import type { SMTPServerAddress, SMTPServerSession } from 'smtp-server';
import type { Login } from '../access/login.js';
import type { Envelope, EnvelopeRecipient } from './submission.js';

export function readEnvelope(login: Login, session: SMTPServerSession): Envelope {
  const { mailFrom, rcptTo, dsn } = session.envelope;
  return {
    login,
    from: mailFrom ? mailFrom.address : '',
    recipients: rcptTo.map(readRecipient),
    ...(dsn?.envid ? { envelopeId: dsn.envid } : {}),
    ...(dsn?.ret === 'FULL' || dsn?.ret === 'HDRS' ? { returnContent: dsn.ret } : {}),
  };
}

function readRecipient({ address, dsn }: SMTPServerAddress): EnvelopeRecipient {
  return {
    address,
    notify: (dsn?.notify ?? []) as EnvelopeRecipient['notify'],
    // RFC 3461 §4.2: "rfc822;address"; the library has undone the xtext already.
    ...(dsn?.orcpt ? { originalRecipient: dsn.orcpt.replace(/^[^;]*;/, '') } : {}),
  };
}
