/** What `postern start` prints once all ports are open: one line for programs, or what to type for people. */
import { lockedText } from '../control/keys.js';
import { mailText } from '../control/status.js';
import type { Ready } from '../gateway.js';

/** The line of --ready-json. Its form is promised to others: add keys, change none. */
export function readyLine({ mail, network, login, keys, identities }: Ready): string {
  return JSON.stringify({
    ready: true,
    imap: mail.imap,
    smtp: mail.smtp,
    network,
    login,
    keys: keys.state,
    identities: identities.map(({ address, label }) => ({ address, label })),
    certificate: { fingerprint: mail.fingerprint, caPath: mail.caPath },
  });
}

/**
 * @param command how this user calls the command line: "postern", or "npx postern" in a clone
 * @param keptForOthers it goes where it is kept and others can read it: without what lets anybody in
 */
export function greeting(ready: Ready, command: string, keptForOthers: boolean): string {
  const { mail, network, login, keys, identities, domain, dataDirectory, profile, page } = ready;
  const password = login.password ?? 'the one you chose';
  const addresses = identities.map(({ address, label }) => `  ${address}@${domain}  ${label}`.trimEnd());
  return `Postern is running (network: ${profile}${network === null ? '' : `, listening on ${network.host} port ${network.port}`}).

Type this into your mail program:

${mailText(mail, keptForOthers ? undefined : password).replace(/^/gm, '  ')}

Your ${addresses.length === 1 ? 'address' : 'addresses'}:

${addresses.join('\n')}

${lockedText(keys, command).replace(/.$/, '$&\n\n')}Ready settings: ${command} setup thunderbird (or apple, mutt, aerc, mbsync and more)
Local page: ${keptForOthers ? `"${command} page" prints its address` : `${page}\n(good once, for ten minutes; "${command} page" prints another)`}

Data: ${dataDirectory}
Ctrl-C stops it.
`;
}
