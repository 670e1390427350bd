/** GNU SASL logs in to IMAP and SMTP over STARTTLS, by each mechanism that it shares with us, bound to the TLS connection and not. */
import assert from 'node:assert/strict';
import { type GatewayProcess, rigOfSuite } from '../support/gateway-rig.js';
import { Account, isInstalled } from '../support/mail-client.js';

describe('mail clients, authenticating', function () {
  this.timeout(60_000);
  const rig = rigOfSuite();
  let gateway: GatewayProcess;
  before(async () => {
    gateway = await rig.start();
  });

  const mechanisms = [['SCRAM-SHA-256', '--no-cb'], ['PLAIN'], ['LOGIN']];
  for (const [protocol, offered] of [
    ['imap', [['SCRAM-SHA-256-PLUS'], ...mechanisms]],
    ['smtp', mechanisms],
  ] as const) {
    for (const [mechanism, ...words] of offered) {
      const installed = isInstalled('gsasl');
      (installed ? it : it.skip)(`gsasl, ${protocol}, ${mechanism}${installed ? '' : ' (not installed)'}`, async () => {
        const account = new Account(gateway, 'starttls', gateway.ready.login.user);
        const { user, certificateFile } = account;
        const logIn = (password: string): Promise<string> =>
          account.run('gsasl', [
            ...['--connect', `localhost:${account[`${protocol}Port`]}`, `--${protocol}`, '--mechanism', mechanism, ...words],
            ...['--x509-ca-file', certificateFile, '--authentication-id', user, '--authorization-id', '', '--password', password],
          ]);
        try {
          assert.match(await logIn(account.password), protocol === 'imap' ? /OK LOGOUT completed/ : /^235 2\.7\.0 /m);
          await assert.rejects(logIn('wrong'));
        } finally {
          account.remove();
        }
      });
    }
  }
});
