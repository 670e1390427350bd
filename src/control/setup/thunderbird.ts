/** A Thunderbird profile with the account in it, and the files that let an existing profile find it. Pure. */

import { type Setup, type SetupAccount, serverName } from './account.js';
import { autoconfigXml } from './autoconfig.js';

/** nsMsgSocketType: alwaysSTARTTLS; nsMsgAuthMethod: passwordCleartext. */
const STARTTLS = 2;
const PASSWORD = 3;

/** What has become of a mail (mapping/standing), and a colour that is readable on light and dark. */
const TAGS = [
  ['$SubmitPending', 'pending', '#B26B00'],
  ['$Submitted', 'submitted', '#2F7BD6'],
  ['$Delivered', 'delivered', '#2E9E44'],
  ['$Failed', 'failed', '#E0353B'],
] as const;

/** Where it is on no path; elsewhere, the shell finds it. */
const PROGRAM: Partial<Record<NodeJS.Platform, string>> = {
  darwin: '/Applications/Thunderbird.app/Contents/MacOS/thunderbird',
  win32: '"C:\\Program Files\\Mozilla Thunderbird\\thunderbird.exe"',
};

export function thunderbirdSetup(account: SetupAccount): Setup {
  return {
    client: 'thunderbird',
    hint: account.words.setup.thunderbirdHint,
    isDirectory: true,
    opensWith: (directory, platform) => `${PROGRAM[platform] ?? 'thunderbird'} --profile ${JSON.stringify(directory)}`,
    files: [
      { name: 'user.js', text: preferences(account) },
      { name: 'cert_override.txt', text: overrides(account) },
      { name: 'isp/bitmessage.xml', text: autoconfigXml(account, account.password) },
      { name: 'policies.json', text: policies(account) },
    ],
  };
}

function preferences({ imap, smtp, user, address, label, words }: SetupAccount): string {
  const folders = `imap://${encodeURIComponent(user)}@${serverName(imap.host)}`;
  const values: Record<string, string | number | boolean> = {
    'mail.accountmanager.accounts': 'account1,account2',
    'mail.accountmanager.defaultaccount': 'account1',
    'mail.accountmanager.localfoldersserver': 'server2',
    'mail.account.lastKey': 2,
    'mail.account.account1.server': 'server1',
    'mail.account.account1.identities': 'id1',
    'mail.account.account2.server': 'server2',
    'mail.server.server1.type': 'imap',
    'mail.server.server1.hostname': serverName(imap.host),
    'mail.server.server1.port': imap.port,
    'mail.server.server1.userName': user,
    'mail.server.server1.name': 'Postern',
    'mail.server.server1.socketType': STARTTLS,
    'mail.server.server1.authMethod': PASSWORD,
    'mail.server.server1.login_at_startup': true,
    'mail.server.server1.check_new_mail': true,
    'mail.server.server1.delete_model': 1,
    'mail.server.server1.trash_folder_name': 'Trash',
    'mail.server.server2.type': 'none',
    'mail.server.server2.hostname': 'Local Folders',
    'mail.server.server2.userName': 'nobody',
    'mail.server.server2.name': 'Local Folders',
    'mail.identity.id1.fullName': label || address,
    'mail.identity.id1.useremail': address,
    'mail.identity.id1.valid': true,
    'mail.identity.id1.smtpServer': 'smtp1',
    'mail.identity.id1.doFcc': true,
    'mail.identity.id1.fcc_folder': `${folders}/Sent`,
    'mail.identity.id1.draft_folder': `${folders}/Drafts`,
    'mail.identity.id1.archive_folder': `${folders}/Archive`,
    'mail.identity.id1.compose_html': false,
    'mail.smtpservers': 'smtp1',
    'mail.smtp.defaultserver': 'smtp1',
    'mail.smtpserver.smtp1.hostname': serverName(smtp.host),
    'mail.smtpserver.smtp1.port': smtp.port,
    'mail.smtpserver.smtp1.username': user,
    'mail.smtpserver.smtp1.authMethod': PASSWORD,
    'mail.smtpserver.smtp1.try_ssl': STARTTLS,
    'mail.smtpserver.smtp1.description': 'Postern',
    // What Thunderbird would otherwise ask or show before the mail.
    'mail.provider.suppress_dialog_on_startup': true,
    'mail.spotlight.firstRunDone': true,
    'mailnews.start_page.enabled': false,
    'mail.rights.version': 1,
    // It shows only keywords that it knows as tags, and knows them in lower case.
    ...Object.fromEntries(
      TAGS.flatMap(([keyword, name, colour]) => [
        [`mailnews.tags.${keyword.toLowerCase()}.tag`, words.setup.tags[name]],
        [`mailnews.tags.${keyword.toLowerCase()}.color`, colour],
      ]),
    ),
  };
  const lines = Object.entries(values).map(([key, value]) => `user_pref(${JSON.stringify(key)}, ${JSON.stringify(value)});`);
  return `// ${words.setup.thunderbirdComment}\n${lines.join('\n')}\n`;
}

/** The server's certificate as one that was looked at and accepted, for both ports; the dates and the name are right by themselves. */
function overrides({ imap, smtp, fingerprint }: SetupAccount): string {
  const SHA256_OID = 'OID.2.16.840.1.101.3.4.2.1';
  const lines = [imap, smtp].flatMap(({ host, port, tlsPort }) =>
    [port, tlsPort].filter((each) => each !== null).map((each) => `${serverName(host)}:${each}:\t${SHA256_OID}\t${fingerprint}\t`),
  );
  return `# PSM Certificate Override Settings file\n# This is a generated file!  Do not edit.\n${lines.join('\n')}\n`;
}

/** For all profiles of a machine: to be copied to /etc/thunderbird/policies/, or "distribution" in Thunderbird's directory. */
function policies({ caPath }: SetupAccount): string {
  return `${JSON.stringify({ policies: { Certificates: { Install: [caPath] } } }, null, 2)}\n`;
}
