/** What the sender of a mail learns and decides, with nothing but SMTP and IMAP: reports, receipts, many recipients, second thoughts. */
import assert from 'node:assert/strict';
import { simpleParser } from 'mailparser';
import type { SendMailOptions } from 'nodemailer';
import { type GatewayProcess, rigOfSuite } from '../support/gateway-rig.js';
import { readFolder, untilFolder, untilMail } from '../support/mailbox-watch.js';
import { orderByMail } from '../support/order-by-mail.js';

/** A well-formed address of which nobody has the keys. */
const NOBODY = 'BM-2cWzSnwjJ7yRP3nLEWUV5LisTZyREWSzUK@bitmessage';

describe('scenario: what the sender learns', function () {
  this.timeout(90_000);
  const rig = rigOfSuite();
  let alice: GatewayProcess;
  let bob: GatewayProcess;

  before(async () => {
    alice = await rig.start();
    bob = await rig.start([alice.asPeer]);
  });

  const mailOf = ({ address }: GatewayProcess): string => `${address}@bitmessage`;
  const send = (mail: SendMailOptions): Promise<unknown> => alice.smtp().sendMail({ from: mailOf(alice), text: 'x', ...mail });
  const report = async (subject: string) => {
    const { source } = await untilMail(await rig.imap(alice), 'INBOX', (mail) => mail.subject === subject);
    return { source, ...(await simpleParser(source)) };
  };

  it('a report of success, asked for by DSN: what it says is what an acknowledgement means', async () => {
    await send({
      to: mailOf(bob),
      subject: 'Bericht',
      messageId: '<dsn@client>',
      dsn: { id: 'E1', return: 'headers', notify: ['success'], recipient: mailOf(bob) },
    });
    const { text = '', inReplyTo, source } = await report('Delivered: Bericht');
    assert.match(text, /was decrypted by the recipient's program\. Whether somebody has read it, nobody can tell\./);
    assert.equal(inReplyTo, '<dsn@client>');
    assert.match(source, /^Original-Envelope-Id: E1\r$/m);
    assert.match(source, new RegExp(`^Final-Recipient: rfc822; ${mailOf(bob)}\r\nAction: delivered\r\nStatus: 2\\.0\\.0\r$`, 'm'));
  });

  it('a read receipt, as mail programs ask for one: the same report, and no request travels', async () => {
    await send({ to: mailOf(bob), subject: 'Quittung', headers: { 'Disposition-Notification-To': mailOf(alice) } });
    assert.match((await report('Delivered: Quittung')).text ?? '', /decrypted by the recipient's program/);
    const { source } = await untilMail(await rig.imap(bob), 'INBOX', ({ subject }) => subject === 'Quittung');
    assert.doesNotMatch(source, /Disposition-Notification/i);
  });

  it('To, Cc and Bcc: each gets a message that names nobody else', async () => {
    const other = String((await bob.ask('identity new', { label: 'other' })).address);
    await send({ to: mailOf(bob), cc: `${other}@bitmessage`, bcc: mailOf(alice), subject: 'Drei', text: 'An drei.' });
    const arrived = await untilFolder(
      await rig.imap(bob),
      'INBOX',
      (mails) => mails.filter(({ subject }) => subject === 'Drei').length === 2,
    );
    const copies = arrived.filter(({ subject }) => subject === 'Drei');
    for (const { source } of copies) {
      const named = [bob.address, other].filter((address) => source.includes(address));
      assert.deepEqual([named.length, /^(Cc|Bcc):/im.test(source)], [1, false], source);
    }
    const { source } = await untilMail(await rig.imap(alice), 'INBOX', ({ subject }) => subject === 'Drei');
    assert.doesNotMatch(source, new RegExp(`${bob.address}|${other}`));
  });

  it('several recipients stand each for themselves, and taking the mail out of Outbox stops those that have not got it', async () => {
    const client = await rig.imap(alice);
    await send({
      to: [mailOf(bob), NOBODY],
      subject: 'Halb',
      dsn: { id: 'E2', return: 'headers', notify: ['success', 'failure'], recipient: mailOf(bob) },
    });
    const { text = '' } = await report('Delivered: Halb');
    assert.match(text, new RegExp(mailOf(bob)));
    const [waiting] = await untilFolder(client, 'Outbox', (mails) =>
      mails.some(({ subject, flags }) => subject === 'Halb' && flags.has('$SubmitPending')),
    );
    assert.deepEqual(
      (await readFolder(client, 'Sent')).filter(({ subject }) => subject === 'Halb'),
      [],
    );
    const lock = await client.getMailboxLock('Outbox');
    await client.messageDelete(`${waiting.uid}`, { uid: true });
    lock.release();
    const sent = await untilMail(client, 'Sent', ({ subject }) => subject === 'Halb');
    assert.ok(sent.flags.has('$Delivered'), 'of those who were not left out');
    assert.deepEqual(await readFolder(client, 'Outbox'), []);
    const { text: outbox } = await orderByMail(rig, alice, 'outbox list');
    assert.doesNotMatch(outbox, /waiting/);
  });

  it('a mail to nobody, taken out of Outbox, was never sent', async () => {
    const client = await rig.imap(alice);
    await send({ to: NOBODY, subject: 'Doch nicht' });
    const waiting = await untilMail(client, 'Outbox', ({ subject }) => subject === 'Doch nicht');
    const lock = await client.getMailboxLock('Outbox');
    await client.messageMove(`${waiting.uid}`, 'Trash', { uid: true });
    lock.release();
    const kept = await untilMail(client, 'Trash', ({ subject }) => subject === 'Doch nicht');
    assert.ok(!kept.flags.has('$SubmitPending') && !kept.flags.has('$Submitted'));
    assert.deepEqual(
      (await readFolder(client, 'Sent')).filter(({ subject }) => subject === 'Doch nicht'),
      [],
    );
  });
});
