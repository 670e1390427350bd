/** Addresses of one's own: made by logging in, from a passphrase, short, given up and taken back. */
import assert from 'node:assert/strict';
import type { ImapFlow } from 'imapflow';
import { simpleParser } from 'mailparser';
import { createTransport } from 'nodemailer';
import { type GatewayProcess, rigOfSuite } from '../support/gateway-rig.js';
import { readFolder, untilMail } from '../support/mailbox-watch.js';
import { orderByMail } from '../support/order-by-mail.js';

describe('scenario: identities', function () {
  this.timeout(60_000);
  const rig = rigOfSuite();
  let alice: GatewayProcess;
  let bob: GatewayProcess;

  before(async () => {
    bob = await rig.start();
    alice = await rig.start([bob.asPeer]);
  });

  const order = async (subject: string): Promise<string> => (await orderByMail(rig, alice, subject)).text;
  const ownAddresses = async (): Promise<string[]> => [...(await order('identities')).matchAll(/^BM-\w+/gm)].map(([address]) => address);
  /** Sends as an account of that user name does. */
  const sendAs = (user: string, from: string, subject: string): Promise<{ response?: string }> => {
    const { host, port } = alice.ready.smtp;
    const auth = { user, pass: alice.ready.login.password };
    const transport = createTransport({ host, port, secure: false, auth, tls: { rejectUnauthorized: false } });
    return transport.sendMail({ from, to: `${bob.address}@bitmessage`, subject, text: 'x' });
  };
  const addressIn = async (client: ImapFlow): Promise<string> => {
    // As it was written by whoever came first.
    const { source } = await untilMail(client, 'INBOX', ({ subject }) => /^Your new address: Büro$/i.test(subject));
    const [address] = /BM-\w+/.exec((await simpleParser(source)).text ?? '') ?? assert.fail(source);
    return address;
  };

  describe('made by logging in', () => {
    let office: string;

    it('is there once, however many connections ask for it', async () => {
      const clients = await Promise.all(['new+Büro', 'NEW+büro@bitmessage', 'new+Büro'].map((user) => rig.imap(alice, user)));
      const addresses = await Promise.all(clients.map(addressIn));
      office = addresses[0];
      assert.deepEqual(addresses, [office, office, office]);
      assert.deepEqual(
        (await order('identities')).match(/^.* Büro$/gim)?.map((row) => row.toLowerCase()),
        [`${office}  büro`.toLowerCase()],
      );
    });

    it('sends under its address, and under the name that it was made with', async () => {
      for (const from of [`${office}@bitmessage`, '"new+Büro"@bitmessage']) {
        const subject = `Von ${from.length} Zeichen`;
        await sendAs('new+Büro', from, subject);
        const { source } = await untilMail(await rig.imap(bob), 'INBOX', (mail) => mail.subject === subject);
        assert.ok((await simpleParser(source)).from?.value[0].address?.startsWith(office));
      }
      await assert.rejects(sendAs('new+Büro', `${alice.address}@bitmessage`, 'Von anderen'), /553 5\.7\.1/);
    });

    it('shows its own mail only', async () => {
      const subjects = (await readFolder(await rig.imap(alice, 'new+Büro'), 'INBOX')).map(({ subject }) => subject);
      assert.deepEqual(
        subjects.map((subject) => subject.toLowerCase()),
        ['your new address: büro'],
      );
    });

    it('is not made without the password', async () => {
      await assert.rejects(alice.imap('new+Fremd', 'wrong'), { authenticationFailed: true });
      assert.doesNotMatch(await order('identities'), /Fremd/);
    });
  });

  it('comes out of a passphrase as in every program, of version 4 and 3', async () => {
    // test/vectors/deterministic.json, made with PyBitmessage.
    const v4 = await order('new identity Fest --passphrase "Grüße aus Köln"');
    const v3 = await order('new identity Alt --passphrase "Grüße aus Köln" --address-version 3');
    const [a4] = /^BM-\w+$/m.exec(v4) ?? assert.fail(v4);
    const [a3] = /^BM-\w+$/m.exec(v3) ?? assert.fail(v3);
    assert.deepEqual([a4, a3], ['BM-2cXf8wKV9ZzqMNfJPKrnkWronTJd93S6Vz', 'BM-2DC49q2CSPXxXwXDMuXUGPb29x3gNPn8Jc']);
    for (const address of [a4, a3]) assert.ok(await rig.imap(alice, `${address}@bitmessage`));
  });

  it('is shorter on demand', async () => {
    const text = await order('new identity Kurz --short');
    const [address] = /^BM-\w+$/m.exec(text) ?? assert.fail(text);
    assert.ok(address.length <= 'BM-'.length + 33, address);
  });

  describe('given up', () => {
    let spare: string;

    it('says first what it means', async () => {
      [spare] = /^BM-\w+$/m.exec(await order('new identity Ersatz')) ?? assert.fail();
      assert.match(await order('identity delete Ersatz'), new RegExp(`Nothing is done yet[\\s\\S]*identity delete ${spare} --yes`));
      assert.ok((await ownAddresses()).includes(spare));
    });

    it('has no login and sends nothing; its mail stays', async () => {
      const login = await rig.imap(alice, `${spare}@bitmessage`);
      await bob.smtp().sendMail({ from: `${bob.address}@bitmessage`, to: `${spare}@bitmessage`, subject: 'Vorher', text: 'x' });
      await untilMail(login, 'INBOX', ({ subject }) => subject === 'Vorher');
      assert.match(await order(`identity delete ${spare} --yes`), /Deleted BM-\w+ \(Ersatz\)\. Within 30 days/);
      await assert.rejects(alice.imap(`${spare}@bitmessage`), { authenticationFailed: true });
      await assert.rejects(sendAs(alice.ready.login.user, `${spare}@bitmessage`, 'Danach'), /553 5\.7\.1/);
      await untilMail(await rig.imap(alice), 'INBOX', ({ subject }) => subject === 'Vorher');
      assert.match(await order('identities'), new RegExp(`${spare} +Ersatz +\\(deleted; "identity undelete" until \\d\\d \\w+ 20`));
    });

    it('gets what was sent to it meanwhile once it is taken back', async () => {
      await bob.smtp().sendMail({ from: `${bob.address}@bitmessage`, to: `${spare}@bitmessage`, subject: 'Inzwischen', text: 'x' });
      // On the network, where alice's node has it as everybody's.
      await bob.untilOutbox(({ recipient, state }) => recipient === spare && state === 'awaiting-ack');
      assert.match(await order('identity undelete Ersatz'), /is yours again/);
      const login = await rig.imap(alice, `${spare}@bitmessage`);
      await untilMail(login, 'INBOX', ({ subject }) => subject === 'Inzwischen');
      assert.equal((await readFolder(login, 'INBOX')).filter(({ subject }) => subject === 'Vorher').length, 1);
    });

    it('is never the last one', async () => {
      await assert.rejects(orderRefused(bob, `identity delete ${bob.address} --yes`), /is your only address: make another one first/);
    });
  });

  async function orderRefused(gateway: GatewayProcess, subject: string): Promise<never> {
    throw new Error((await orderByMail(rig, gateway, subject)).text);
  }
});
