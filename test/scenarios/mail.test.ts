/** Two gateways, two processes, one private network: what a person sees in a mail program at either end. */
import assert from 'node:assert/strict';
import { simpleParser } from 'mailparser';
import { type GatewayProcess, rigOfSuite } from '../support/gateway-rig.js';
import { readFolder, untilFolder, untilMail } from '../support/mailbox-watch.js';

const SUBJECT = 'Grüße aus Köln: äöü ß €';
const TEXT = 'Schöne Grüße!\n\nÜber allen Gipfeln ist Ruh, 日本語 😀.\n';

describe('scenario: two gateways', function () {
  this.timeout(90_000);
  const rig = rigOfSuite();
  let alice: GatewayProcess;
  let bob: GatewayProcess;

  before(async () => {
    alice = await rig.start();
    bob = await rig.start([alice.asPeer]);
  });

  it('a mail with umlauts goes from compose to inbox, and comes back as delivered', async () => {
    const [sender, reader] = [await rig.imap(alice), await rig.imap(bob)];
    const arrives = untilMail(reader, 'INBOX', ({ subject }) => subject === SUBJECT);
    await alice.smtp().sendMail({
      from: `${alice.address}@bitmessage`,
      to: `${bob.address}@bitmessage`,
      subject: SUBJECT,
      text: TEXT,
      messageId: '<one@alice.example>',
    });
    const mail = await simpleParser((await arrives).source);
    assert.equal(mail.subject, SUBJECT);
    assert.equal(mail.text?.trim(), TEXT.trim());
    assert.equal(mail.from?.value[0].address, `${alice.address}@bitmessage`);
    const sent = await untilMail(sender, 'Sent', ({ flags }) => flags.has('$Delivered'));
    assert.equal(sent.subject, SUBJECT);
    assert.ok(!sent.flags.has('$SubmitPending') && !sent.flags.has('$Failed'));
    assert.deepEqual(await readFolder(sender, 'Outbox'), []);
  });

  it('an answer goes the other way, to a login of one identity', async () => {
    const reader = await rig.imap(alice, `${alice.address}@bitmessage`);
    const arrives = untilMail(reader, 'INBOX', ({ subject }) => subject === `Re: ${SUBJECT}`);
    await bob
      .smtp()
      .sendMail({ from: `${bob.address}@bitmessage`, to: `${alice.address}@bitmessage`, subject: `Re: ${SUBJECT}`, text: TEXT });
    assert.equal((await simpleParser((await arrives).source)).text?.trim(), TEXT.trim());
  });

  it("the mail program's own copy in Sent is recognised", async () => {
    const sender = await rig.imap(alice);
    const before = (await readFolder(sender, 'Sent')).length;
    const copy = `From: ${alice.address}@bitmessage\r\nTo: ${bob.address}@bitmessage\r\nMessage-ID: <one@alice.example>\r\nSubject: Copy\r\n\r\nText\r\n`;
    const answer = await sender.append('Sent', copy, ['\\Seen']);
    assert.ok(answer && answer.uid !== undefined);
    assert.equal((await readFolder(sender, 'Sent')).length, before);
  });

  it("a broadcast reaches the subscriber's folder", async () => {
    const { address } = await bob.ask('subscribe', { address: alice.address });
    assert.equal(address, alice.address);
    const [sender, reader] = [await rig.imap(alice), await rig.imap(bob)];
    const arrives = untilMail(reader, `Subscriptions/${alice.address}`, ({ subject }) => subject === 'An alle');
    await alice.smtp().sendMail({ from: `${alice.address}@bitmessage`, to: 'broadcast@bitmessage', subject: 'An alle', text: TEXT });
    assert.equal((await simpleParser((await arrives).source)).text?.trim(), TEXT.trim());
    await untilMail(sender, 'Sent', ({ subject, flags }) => subject === 'An alle' && flags.has('$Submitted'));
  });

  it('a chan post reaches both members, one of whom joined by making the folder', async () => {
    const { address, folder } = (await alice.ask('chan join', { passphrase: 'Tür und Tor' })) as { address: string; folder: string };
    assert.equal(folder, 'Chans/Tür und Tor');
    const [own, other] = [await rig.imap(alice), await rig.imap(bob)];
    await other.mailboxCreate('Chans/Tür und Tor');
    assert.equal(((await bob.ask('chan list')) as { chans: { address: string }[] }).chans[0].address, address);
    const arrive = [own, other].map((client) => untilMail(client, folder, ({ subject }) => subject === 'Hallo Chan'));
    await alice.smtp().sendMail({ from: `${address}@bitmessage`, to: `${address}@bitmessage`, subject: 'Hallo Chan', text: TEXT });
    for (const mail of await Promise.all(arrive)) assert.equal((await simpleParser(mail.source)).text?.trim(), TEXT.trim());
  });

  it('a late member finds what was posted before', async () => {
    const folder = 'Chans/Tür und Tor';
    const late = await rig.start([alice.asPeer]);
    const reader = await rig.imap(late);
    await reader.mailboxCreate(folder);
    await untilMail(reader, folder, ({ subject }) => subject === 'Hallo Chan');
  });

  it('a mail to two people is delivered when both have it', async () => {
    const carol = await rig.start([alice.asPeer]);
    const sender = await rig.imap(alice);
    await alice.smtp().sendMail({
      from: `${alice.address}@bitmessage`,
      to: [`${bob.address}@bitmessage`, `${carol.address}@bitmessage`],
      subject: 'Beide',
      text: TEXT,
    });
    await untilMail(sender, 'Sent', ({ subject, flags }) => subject === 'Beide' && flags.has('$Delivered'));
    for (const gateway of [bob, carol]) {
      const inbox = await readFolder(await rig.imap(gateway), 'INBOX');
      assert.equal(inbox.filter(({ subject }) => subject === 'Beide').length, 1);
    }
  });

  it('a mail to oneself crosses the node, and is delivered at once', async () => {
    const client = await rig.imap(alice);
    await alice.smtp().sendMail({ from: `${alice.address}@bitmessage`, to: `${alice.address}@bitmessage`, subject: 'An mich', text: TEXT });
    await untilMail(client, 'INBOX', ({ subject }) => subject === 'An mich');
    await untilMail(client, 'Sent', ({ subject, flags }) => subject === 'An mich' && flags.has('$Delivered'));
    await untilFolder(client, 'Outbox', (mails) => mails.length === 0);
  });
});
