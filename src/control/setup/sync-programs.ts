/** Settings of programs that fetch, send or script mail: mbsync, msmtp, offlineimap, imapflow. Pure. */
import { passwordOf, quoted, type Setup, type SetupAccount, serverName } from './account.js';

/** Since 1.5 mbsync calls it TLSType, and goes on to understand SSLType; before, it knows nothing else. */
export function mbsyncSetup(account: SetupAccount): Setup {
  const { imap, user, caPath, words } = account;
  const name = '~/.mbsyncrc';
  const text = `# Postern in mbsync: ${name}. ${words.setup.holdsPassword}
# ${words.setup.maildir('~/Mail/postern')}
IMAPAccount postern
Host ${serverName(imap.host)}
Port ${imap.port}
User ${quoted(user)}
Pass ${quoted(passwordOf(account))}
SSLType STARTTLS
CertificateFile ${quoted(caPath)}

IMAPStore postern-remote
Account postern

MaildirStore postern-local
Path ~/Mail/postern/
Inbox ~/Mail/postern/INBOX
SubFolders Verbatim

Channel postern
Far :postern-remote:
Near :postern-local:
Patterns *
Create Near
SyncState *
`;
  return { client: 'mbsync', hint: words.setup.settingsFor(name), files: [{ name, text }] };
}

export function msmtpSetup(account: SetupAccount): Setup {
  const { smtp, user, address, caPath, words } = account;
  const name = '~/.msmtprc';
  const text = `# Postern in msmtp: ${name}. ${words.setup.ownersAlone('msmtp')}
account postern
host ${serverName(smtp.host)}
port ${smtp.port}
tls on
tls_starttls on
tls_trust_file "${caPath}"
auth on
user "${user}"
password "${passwordOf(account)}"
from ${address}

account default : postern
`;
  return { client: 'msmtp', hint: words.setup.settingsFor(name), files: [{ name, text }] };
}

/** TLS from the first byte: with STARTTLS, offlineimap 8.0 has been seen to wait for ever for what the server had sent already. */
export function offlineimapSetup(account: SetupAccount): Setup {
  const { imap, user, caPath, words } = account;
  const name = '~/.offlineimaprc';
  // "%" begins a substitution in files that Python's ConfigParser reads.
  const plain = (text: string): string => text.replaceAll('%', '%%');
  const text = `# Postern in offlineimap: ${name}. ${words.setup.holdsPassword}
[general]
accounts = Postern

[Account Postern]
localrepository = Postern-local
remoterepository = Postern-remote

[Repository Postern-local]
type = Maildir
localfolders = ~/Mail/postern

[Repository Postern-remote]
type = IMAP
remotehost = ${serverName(imap.host)}
remoteport = ${imap.tlsPort}
remoteuser = ${plain(user)}
remotepass = ${plain(passwordOf(account))}
ssl = yes
starttls = no
sslcacertfile = ${plain(caPath)}
`;
  return { client: 'offlineimap', hint: words.setup.settingsFor(name), files: [{ name, text }] };
}

/** For programs of one's own: imapflow to read, nodemailer to send. */
export function imapflowSetup(account: SetupAccount): Setup {
  const { imap, smtp, user, address, caPath, words } = account;
  const js = (text: string): string => JSON.stringify(text);
  const text = `// ${words.setup.moduleComment}
import { readFileSync } from 'node:fs';

const tls = { ca: readFileSync(${js(caPath)}) };
const auth = { user: ${js(user)}, pass: ${js(passwordOf(account))} };

/** new ImapFlow(imap) */
export const imap = { host: ${js(serverName(imap.host))}, port: ${imap.port}, secure: false, doSTARTTLS: true, auth, tls };
/** createTransport(smtp) */
export const smtp = { host: ${js(serverName(smtp.host))}, port: ${smtp.port}, secure: false, requireTLS: true, auth, tls };
export const from = ${js(address)};
`;
  return { client: 'imapflow', hint: words.setup.module, files: [{ name: 'postern-mail.mjs', text }] };
}
