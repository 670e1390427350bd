/** What `postern start` prints once all ports are open: one line for programs, or what to type for people. */
import { lockedText } from '../control/keys.js';
import { mailText } from '../control/status.js';
import type { Ready } from '../gateway.js';
import type { Words } from '../words/words.js';

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
export function greeting(ready: Ready, command: string, keptForOthers: boolean, words: Words): string {
  const { ready: told } = words.commandLine;
  const { mail, network, login, keys, identities, domain, dataDirectory, profile, page } = ready;
  const password = login.password ?? told.chosen;
  const addresses = identities.map(({ address, label }) => `  ${address}@${domain}  ${label}`.trimEnd());
  return `${network === null ? told.running(profile) : told.listening(profile, network.host, network.port)}

${told.type}

${mailText(words, mail, keptForOthers ? undefined : password).replace(/^/gm, '  ')}

${told.addresses(addresses.length)}

${addresses.join('\n')}

${lockedText(words, keys, command).replace(/.$/, '$&\n\n')}${told.settings(command)}
${keptForOthers ? told.pageElsewhere(command) : `${told.page(page)}\n${told.pageAgain(command)}`}

${told.data(dataDirectory)}
${told.stop}
`;
}
