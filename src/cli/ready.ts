/** What `postern start` prints once all ports are open: one line for programs, or what to type for people. */
import { lockedText } from '../control/keys.js';
import { serverRows } from '../control/status.js';
import { table } from '../control/table.js';
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
    mailIsSealed: keys.isMailSealed,
    identities: identities.map(({ address, label }) => ({ address, label })),
    certificate: { fingerprint: mail.fingerprint, caPath: mail.caPath },
  });
}

/** @param keptForOthers it goes where it is kept and others can read it: without what lets anybody in */
export function greeting(ready: Ready, keptForOthers: boolean, words: Words): string {
  const { ready: told } = words.commandLine;
  const { mail, network, login, keys, identities, domain, dataDirectory, profile, page } = ready;
  const password = keptForOthers ? words.setup.inLoginFile : (login.password ?? told.chosen);
  const addresses = identities.map(({ address, label }) => `  ${address}@${domain}  ${label}`.trimEnd());
  return `${network === null ? told.running(profile) : told.listening(profile, network.host, network.port)}

${addresses.length === 0 ? '' : `${told.addresses(addresses.length)}\n\n${addresses.join('\n')}\n\n`}${told.type}

${table([...serverRows(words, mail), [words.setup.password, password]]).replace(/^/gm, '  ')}

${told.certificate}

${halves(mail.fingerprint).join('\n').replace(/^/gm, '  ')}

${lockedText(words, keys).replace(/.$/, '$&\n\n')}${told.settings}
${told.page}
${keptForOthers ? told.pageElsewhere : `  ${page}\n${told.pageAgain}`}

${told.data(dataDirectory)}
${told.stop}
`;
}

/** Two lines of a fingerprint, for terminals of 80 columns. */
function halves(fingerprint: string): string[] {
  const middle = (fingerprint.length + 1) / 2;
  return [fingerprint.slice(0, middle), fingerprint.slice(middle)];
}
