/** GNU SASL logs in to IMAP over STARTTLS, by each mechanism that it shares with us, bound to the TLS connection and not. */
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

  for (const [mechanism, ...words] of [['SCRAM-SHA-256-PLUS'], ['SCRAM-SHA-256', '--no-cb'], ['PLAIN'], ['LOGIN']]) {
    const installed = isInstalled('gsasl');
    (installed ? it : it.skip)(`gsasl, ${mechanism}${installed ? '' : ' (not installed)'}`, async () => {
      const account = new Account(gateway, 'starttls', gateway.ready.login.user);
      const { user, imapPort, certificateFile } = account;
      const logIn = (password: string): Promise<string> =>
        account.run('gsasl', [
          ...['--connect', `localhost:${imapPort}`, '--imap', '--mechanism', mechanism, ...words],
          ...['--x509-ca-file', certificateFile, '--authentication-id', user, '--authorization-id', '', '--password', password],
        ]);
      try {
        assert.match(await logIn(account.password), /OK LOGOUT completed/);
        await assert.rejects(logIn('wrong'));
      } finally {
        account.remove();
      }
    });
  }
});
