/** Settings of mail programs in a terminal: mutt, neomutt, aerc, alpine. Pure. */
import { passwordOf, quoted, type Setup, type SetupAccount, serverName } from './account.js';

/** mutt and neomutt know the same settings; only the file has another name. */
export function muttSetup(account: SetupAccount, client: 'mutt' | 'neomutt'): Setup {
  const { imap, smtp, user, address, caPath, words } = account;
  const login = encodeURIComponent(user);
  const name = client === 'mutt' ? '~/.muttrc' : '~/.neomuttrc';
  const text = `# Postern in ${client}: ${name}. ${words.setup.holdsPassword}
set imap_pass    = ${quoted(passwordOf(account))}
set smtp_pass    = ${quoted(passwordOf(account))}
set folder       = "imap://${login}@${serverName(imap.host)}:${imap.port}/"
set spoolfile    = "+INBOX"
set record       = "+Sent"
set postponed    = "+Drafts"
set trash        = "+Trash"
set smtp_url     = "smtp://${login}@${serverName(smtp.host)}:${smtp.port}/"
set from         = ${quoted(address)}
set use_from     = yes
set hostname     = "bitmessage"
set imap_idle    = yes
set imap_check_subscribed = yes
set ssl_starttls = yes
set ssl_force_tls = yes
set certificate_file = ${quoted(caPath)}
`;
  return { client, hint: words.setup.settingsFor(name), files: [{ name, text }] };
}

/**
 * aerc trusts the system's authorities, and those of a file that its environment names. It hangs at sending where STARTTLS is
 * offered and not told of, and releases differ in how it is told: so TLS from the first byte.
 */
export function aercSetup(account: SetupAccount): Setup {
  const { imap, smtp, user, address, caPath, words } = account;
  const login = `${encodeURIComponent(user)}:${encodeURIComponent(passwordOf(account))}`;
  const name = '~/.config/aerc/accounts.conf';
  const text = `# Postern in aerc: ${name}. ${words.setup.ownersAlone('aerc')}
# ${words.setup.aercTrust(`SSL_CERT_FILE=${quoted(caPath)} aerc`)}
[Postern]
source   = imaps://${login}@${serverName(imap.host)}:${imap.tlsPort ?? imap.port}
outgoing = smtps+plain://${login}@${serverName(smtp.host)}:${smtp.tlsPort ?? smtp.port}
from     = <${address}>
default  = INBOX
copy-to  = Sent
postpone = Drafts
archive  = Archive
`;
  return { client: 'aerc', hint: words.setup.settingsFor(name), files: [{ name, text }] };
}

/** alpine cannot be told of an authority either; it asks for the password and can keep it. */
export function alpineSetup({ imap, smtp, user, address, words }: SetupAccount): Setup {
  const server = `{${serverName(imap.host)}:${imap.port}/tls/novalidate-cert/user=${user}}`;
  const name = '~/.pinerc';
  const text = `# Postern in alpine: ${words.setup.asksPassword(name)}
user-domain=bitmessage
inbox-path=${server}INBOX
folder-collections=Postern ${server}[]
smtp-server=${serverName(smtp.host)}:${smtp.port}/tls/novalidate-cert/user=${user}
default-fcc=${server}Sent
postponed-folder=${server}Drafts
customized-hdrs=From: ${address}
feature-list=allow-changing-from
`;
  return { client: 'alpine', hint: words.setup.settingsFor(name), files: [{ name, text }] };
}
