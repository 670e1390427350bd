/** What `postern start` prints once all ports are open: one line for programs, or what to type for people. */
import { mailText } from '../control/status.js';
import type { Ready } from '../gateway.js';

/** The line of --ready-json. Its form is promised to others: add keys, change none. */
export function readyLine({ mail, network, login, identities }: Ready): string {
  return JSON.stringify({
    ready: true,
    imap: mail.imap,
    smtp: mail.smtp,
    network,
    login,
    identities: identities.map(({ address, label }) => ({ address, label })),
    certificate: { fingerprint: mail.fingerprint, caPath: mail.caPath },
  });
}

export function greeting({ mail, network, login, identities, domain, dataDirectory, profile, page }: Ready): string {
  const addresses = identities.map(({ address, label }) => `  ${address}@${domain}  ${label}`.trimEnd());
  return `Postern is running (network: ${profile}${network === null ? '' : `, listening on ${network.host} port ${network.port}`}).

Type this into your mail program:

${mailText(mail, login.password ?? 'the one you chose').replace(/^/gm, '  ')}

Your ${addresses.length === 1 ? 'address' : 'addresses'}:

${addresses.join('\n')}

Local page: ${page}
(good once, for ten minutes; "postern page" prints another)

Data: ${dataDirectory}
Ctrl-C stops it.
`;
}
