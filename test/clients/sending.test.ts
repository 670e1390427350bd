/** Mail programs of other people send through the gateway: in each kind of encryption, with both kinds of login, checking the certificate. */
import assert from 'node:assert/strict';
import { simpleParser } from 'mailparser';
import { type GatewayProcess, rigOfSuite } from '../support/gateway-rig.js';
import { Account, ENCRYPTIONS, isInstalled } from '../support/mail-client.js';
import { readFolder, untilMail } from '../support/mailbox-watch.js';

type Send = (account: Account, subject: string) => Promise<unknown>;

const TEXT = 'Grüße, 日本語\n';

const curl: Send = (account, subject) => {
  const { encryption, from, user, password, smtpPort } = account;
  const mail = account.file('mail', `From: ${from}\r\nTo: ${from}\r\nSubject: ${subject}\r\n\r\n${TEXT.replace('\n', '\r\n')}`);
  const scheme = encryption === 'implicit' ? 'smtps' : 'smtp';
  const tls = encryption === 'none' ? [] : ['--ssl-reqd', '--cacert', account.certificateFile];
  const envelope = ['--mail-from', from, '--mail-rcpt', from, '--user', `${user}:${password}`, '--upload-file', mail];
  return account.run('curl', ['-sS', `${scheme}://localhost:${smtpPort}`, ...tls, ...envelope]);
};

const msmtp: Send = (account, subject) => {
  const { encryption, from, user, password, smtpPort } = account;
  const tls =
    encryption === 'none'
      ? 'tls off'
      : `tls on\ntls_starttls ${encryption === 'starttls' ? 'on' : 'off'}\ntls_trust_file ${account.certificateFile}`;
  const settings = `account default\nhost localhost\nport ${smtpPort}\n${tls}\nauth on\nuser ${user}\npassword ${password}\nfrom ${from}\n`;
  const mail = `From: ${from}\nTo: ${from}\nSubject: ${subject}\n\n${TEXT}`;
  return account.run('msmtp', ['-C', account.file('msmtprc', settings), '-t'], mail);
};

/** mutt and neomutt; both also store a copy of their own in Sent. */
const mutt =
  (program: string): Send =>
  (account, subject) => {
    const { encryption, from, user, password, imapPort, smtpPort } = account;
    const secure = encryption === 'implicit' ? 's' : '';
    const settings = `
      set folder = "imap${secure}://localhost:${imapPort}/"
      set imap_user = "${user}" imap_pass = "${password}" smtp_pass = "${password}"
      set smtp_url = "smtp${secure}://${encodeURIComponent(user)}@localhost:${smtpPort}/"
      set spoolfile = +INBOX record = +Sent copy = yes
      set from = "${from}" use_from = yes hostname = bitmessage
      set certificate_file = "${account.certificateFile}"
      set ssl_starttls = ${encryption === 'starttls' ? 'yes' : 'no'} ssl_force_tls = ${encryption === 'none' ? 'no' : 'yes'}`;
    return account.run(program, ['-n', '-F', account.file('muttrc', settings), '-s', subject, '--', from], TEXT);
  };

const PROGRAMS: Readonly<Record<string, Send>> = { curl, msmtp, mutt: mutt('mutt'), neomutt: mutt('neomutt') };

describe('mail clients, sending', function () {
  this.timeout(60_000);
  const rig = rigOfSuite();
  let gateway: GatewayProcess;
  before(async () => {
    gateway = await rig.start();
  });

  for (const [program, send] of Object.entries(PROGRAMS)) {
    (isInstalled(program) ? it : it.skip)(`${program}${isInstalled(program) ? '' : ' (not installed)'}`, async () => {
      const reader = await rig.imap(gateway);
      for (const encryption of ENCRYPTIONS) {
        for (const login of ['combined', 'identity']) {
          const subject = `${program} ${encryption} ${login}`;
          const account = new Account(
            gateway,
            encryption,
            login === 'combined' ? gateway.ready.login.user : `${gateway.address}@bitmessage`,
          );
          try {
            await send(account, subject);
          } finally {
            account.remove();
          }
          const mail = await untilMail(reader, 'INBOX', (seen) => seen.subject === subject);
          assert.equal((await simpleParser(mail.source)).text?.trim(), TEXT.trim());
          await untilMail(reader, 'Sent', (seen) => seen.subject === subject && seen.flags.has('$Submitted'));
          const copies = (await readFolder(reader, 'Sent')).filter((seen) => seen.subject === subject);
          assert.equal(copies.length, 1, `${subject}: the program's own copy and ours are one`);
        }
      }
    });
  }
});
