/** Whom one reads, and what others can read: Junk, the white list, and recipients that show plain text only. */
import assert from 'node:assert/strict';
import type { ImapFlow } from 'imapflow';
import { simpleParser } from 'mailparser';
import { explainFailure, type GatewayProcess, Rig } from '../support/gateway-rig.js';
import { readFolder, untilMail } from '../support/mailbox-watch.js';
import { orderByMail } from '../support/order-by-mail.js';

/** One pixel. */
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

describe('scenario: junk', function () {
  this.timeout(60_000);
  const rig = new Rig();
  let alice: GatewayProcess;
  let bob: GatewayProcess;
  /** A second address of bob's: what comes from it shows that nothing else is on its way. */
  let carol: string;
  let client: ImapFlow;

  before(async () => {
    bob = await rig.start();
    alice = await rig.start([bob.asPeer]);
    client = await rig.imap(alice);
    carol = /^BM-\w+$/m.exec((await orderByMail(rig, bob, 'new identity Carol')).text)?.[0] ?? assert.fail();
  });
  afterEach(function () {
    explainFailure(rig, this.currentTest);
  });
  after(() => rig.end());

  const send = (subject: string, from: string, to = alice.address): Promise<unknown> =>
    bob.smtp().sendMail({ from: `${from}@bitmessage`, to: `${to}@bitmessage`, subject, text: 'x' });
  const arrival = (subject: string, path = 'INBOX'): Promise<{ uid: number; flags: ReadonlySet<string> }> =>
    untilMail(client, path, (mail) => mail.subject === subject);
  const isOut = (to: string): Promise<unknown> => bob.untilOutbox(({ recipient, state }) => recipient === to && state === 'awaiting-ack');
  /** Whether something came, once all that was sent before `Danach` has. */
  const cameBefore = async (subject: string, danach: string): Promise<boolean> => {
    await send(danach, carol);
    await arrival(danach);
    return (await readFolder(client, 'INBOX')).some((mail) => mail.subject === subject);
  };
  const inFolder = async <T>(path: string, work: () => Promise<T>): Promise<T> => {
    const lock = await client.getMailboxLock(path);
    try {
      return await work();
    } finally {
      lock.release();
    }
  };

  it('blocks whose mail is moved there: nothing comes any more, and nothing is acknowledged', async () => {
    await send('Werbung', bob.address);
    const { uid } = await arrival('Werbung');
    await inFolder('INBOX', () => client.messageMove(String(uid), 'Junk', { uid: true }));
    const { flags } = await arrival('Werbung', 'Junk');
    assert.deepEqual([flags.has('$Junk'), flags.has('$NotJunk')], [true, false]);
    assert.match((await orderByMail(rig, alice, 'blocked')).text, new RegExp(bob.address));
    await send('Mehr Werbung', bob.address);
    await isOut(alice.address);
    assert.equal(await cameBefore('Mehr Werbung', 'Danach 1'), false);
    const sent = await readFolder(await rig.imap(bob), 'Sent');
    assert.equal(sent.find(({ subject }) => subject === 'Mehr Werbung')?.flags.has('$Delivered'), false);
  });

  it('frees whose mail is moved out again', async () => {
    const { uid } = await arrival('Werbung', 'Junk');
    await inFolder('Junk', () => client.messageMove(String(uid), 'INBOX', { uid: true }));
    const { flags } = await arrival('Werbung');
    assert.deepEqual([flags.has('$Junk'), flags.has('$NotJunk')], [false, true]);
    await send('Versöhnung', bob.address);
    await arrival('Versöhnung');
  });

  it('blocks in the same way for programs that copy and delete', async () => {
    const { uid } = await arrival('Versöhnung');
    await inFolder('INBOX', async () => {
      await client.messageCopy(String(uid), 'Junk', { uid: true });
      await client.messageDelete(String(uid), { uid: true });
    });
    assert.match((await orderByMail(rig, alice, 'blocked')).text, new RegExp(bob.address));
    assert.match((await orderByMail(rig, alice, `unblock ${bob.address}`)).text, /BM-/);
    await send('Frei durch ein Wort', bob.address);
    await arrival('Frei durch ein Wort');
  });

  it('leaves out the posts of the blocked in a chan, and only theirs', async () => {
    for (const gateway of [alice, bob]) await orderByMail(rig, gateway, 'join Markt');
    const [chan] = /BM-\w+(?= +Chans\/Markt)/.exec((await orderByMail(rig, alice, 'chans')).text) ?? assert.fail();
    const folder = 'Chans/Markt';
    await send('Angebot', bob.address, chan);
    const { uid } = await arrival('Angebot', folder);
    await inFolder(folder, () => client.messageMove(String(uid), 'Junk', { uid: true }));
    await send('Noch ein Angebot', bob.address, chan);
    await send('Eine Frage', carol, chan);
    await arrival('Eine Frage', folder);
    assert.ok(!(await readFolder(client, folder)).some(({ subject }) => subject === 'Noch ein Angebot'));
    await orderByMail(rig, alice, `unblock ${bob.address}`);
  });

  it('takes mail of friends only, where that is set', async () => {
    const dave = await rig.start([bob.asPeer, 'mail.accept=known']);
    const [sender, reader] = [dave.smtp(), await rig.imap(dave)];
    await send('Von Fremden', bob.address, dave.address);
    await isOut(dave.address);
    await sender.sendMail({ from: `${dave.address}@bitmessage`, to: `${carol}@bitmessage`, subject: 'Guten Tag', text: 'x' });
    await untilMail(await rig.imap(bob), 'INBOX', ({ subject }) => subject === 'Guten Tag');
    await send('Antwort', carol, dave.address);
    await untilMail(reader, 'INBOX', ({ subject }) => subject === 'Antwort');
    assert.ok(!(await readFolder(reader, 'INBOX')).some(({ subject }) => subject === 'Von Fremden'));
  });

  it('sends images to who reads plain text only, and refuses other files with a sentence', async () => {
    assert.match((await orderByMail(rig, alice, `reads ${bob.address} plain`)).text, /plain/);
    const mail = { from: `${alice.address}@bitmessage`, to: `${bob.address}@bitmessage`, text: 'Siehe Anlage.' };
    const file = { filename: 'Vertrag.pdf', content: Buffer.from('%PDF-1.4') };
    await assert.rejects(
      alice.smtp().sendMail({ ...mail, subject: 'Vertrag', attachments: [file] }),
      /554 5\.6\.1 .*"Vertrag\.pdf" would not be shown/,
    );
    const image = { filename: 'Punkt.png', content: PNG };
    await alice.smtp().sendMail({ ...mail, subject: 'Punkt', attachments: [image] });
    const { source } = await untilMail(await rig.imap(bob), 'INBOX', ({ subject }) => subject === 'Punkt');
    const { attachments } = await simpleParser(source);
    assert.deepEqual(attachments[0].content, PNG);
    await orderByMail(rig, alice, `reads ${bob.address} unknown`);
    await alice.smtp().sendMail({ ...mail, subject: 'Vertrag', attachments: [file] });
    await untilMail(await rig.imap(bob), 'INBOX', ({ subject }) => subject === 'Vertrag');
  });
});
