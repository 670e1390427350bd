/** Programs that keep a copy of the mailbox, in Maildirs or in another account: how each is set up, and what it carries. */
import { decodeUtf7, encodeUtf7 } from '../../src/imap/wire/mailbox-name.js';
import { type Account, ENCRYPTIONS, type Encryption } from './mail-client.js';
import type { MaildirSpelling } from './maildir-side.js';

export interface SyncProgram {
  readonly name: string;
  readonly encryptions: readonly Encryption[];
  /** What it carries besides the system flags: both ways, or from the server alone. */
  readonly keywords: { readonly bothWays: readonly string[]; readonly fromServer: readonly string[] };
  /** It takes away on one side the empty folders that are gone on the other. */
  readonly removesFolders: boolean;
  readonly spelling: MaildirSpelling;
  readonly configuration: (account: Account, maildir: string) => string;
  readonly words: (configurationFile: string) => string[];
}

export const mbsync: SyncProgram = {
  name: 'mbsync',
  encryptions: ENCRYPTIONS,
  keywords: { bothWays: ['$Forwarded'], fromServer: [] },
  removesFolders: true,
  spelling: { encode: encodeUtf7, decode: (name) => decodeUtf7(name)!, parentsAreFolders: false, letters: {} },
  configuration: ({ encryption, imapPort, user, password, certificateFile, home }, maildir) => `
IMAPAccount gateway
Host localhost
Port ${imapPort}
User ${user}
Pass ${password}
SSLType ${{ none: 'None', starttls: 'STARTTLS', implicit: 'IMAPS' }[encryption]}
${encryption === 'none' ? 'AuthMechs PLAIN' : `CertificateFile ${certificateFile}`}

IMAPStore far
Account gateway

MaildirStore near
Path ${maildir}/
Inbox ${maildir}/INBOX
SubFolders Verbatim

Channel all
Far :far:
Near :near:
Patterns *
Create Both
Remove Both
Expunge Both
SyncState ${home}/
`,
  words: (file) => ['-c', file, 'all'],
};

export const offlineimap: SyncProgram = {
  name: 'offlineimap',
  // Without STARTTLS: after the handshake its reading thread now and then waits in the TLS library, which lets the writing one wait too
  // (seen with TLS 1.3 session tickets and Debian 12's Python); the server has nothing to answer then.
  encryptions: ['none', 'implicit'],
  // It reads the letters of its keywords in the names of files, and tells the server nothing of them.
  keywords: { bothWays: [], fromServer: ['$Label1', 'Later'] },
  removesFolders: false,
  spelling: { encode: (path) => path, decode: (name) => name, parentsAreFolders: true, letters: { a: '$Label1', b: 'Later' } },
  configuration: ({ encryption, imapPort, user, password, certificateFile, home }, maildir) => `
[general]
accounts = gateway
metadata = ${home}/metadata
[Account gateway]
localrepository = near
remoterepository = far
utf8foldernames = yes
[Repository near]
type = Maildir
localfolders = ${maildir}
sep = /
customflag_a = $Label1
customflag_b = Later
[Repository far]
type = IMAP
remotehost = localhost
remoteport = ${imapPort}
remoteuser = ${user}
remotepass = ${password}
ssl = ${encryption === 'implicit' ? 'yes' : 'no'}
starttls = ${encryption === 'starttls' ? 'yes' : 'no'}
${encryption === 'none' ? '' : `sslcacertfile = ${certificateFile}`}
`,
  words: (file) => ['-c', file, '-o', '-u', 'quiet'],
};

/** One that copies between two accounts. */
export interface AccountsProgram {
  readonly name: string;
  /** What it carries besides the system flags. */
  readonly keywords: readonly string[];
  readonly removesFolders: boolean;
  readonly configuration: (near: Account, far: Account) => string;
  readonly words: (configurationFile: string) => string[];
}

const mbsyncStore = (name: string, { imapPort, user, password }: Account): string => `
IMAPAccount ${name}
Host localhost
Port ${imapPort}
User ${user}
Pass ${password}
SSLType None
AuthMechs PLAIN

IMAPStore ${name}
Account ${name}
`;

export const mbsyncBetween: AccountsProgram = {
  name: 'mbsync',
  keywords: ['$Forwarded'],
  removesFolders: true,
  configuration: (near, far) => `${mbsyncStore('near', near)}${mbsyncStore('far', far)}
Channel all
Far :far:
Near :near:
Patterns * !Outbox !Chans/* !Subscriptions/*
Create Both
Remove Both
Expunge Both
SyncState ${far.home}/
`,
  words: (file) => ['-c', file, 'all'],
};

/** Follows both by QRESYNC. */
export const interimap: AccountsProgram = {
  name: 'interimap',
  keywords: ['$Forwarded', '$Label1', 'Later'],
  // It does so on command only.
  removesFolders: false,
  configuration: (near, far) => `
database = ${far.home}/interimap.db
list-mailbox = "*"
ignore-mailbox = ^(?:Outbox|Chans|Subscriptions)(?:\\x00|$)
${[near, far].map(interimapSection).join('')}`,
  words: (file) => [`--config=${file}`],
};

function interimapSection({ imapPort, user, password }: Account, index: number): string {
  return `
[${['local', 'remote'][index]}]
type = imap
host = localhost
port = ${imapPort}
STARTTLS = NO
username = ${user}
password = ${password}
`;
}
