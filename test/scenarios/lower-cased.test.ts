/** Addresses that mail programs and people get wrong: without capital letters, or with a slip of the pen. */
import assert from 'node:assert/strict';
import { simpleParser } from 'mailparser';
import { type GatewayProcess, rigOfSuite } from '../support/gateway-rig.js';
import { readFolder, untilFolder, untilMail } from '../support/mailbox-watch.js';
import { orderByMail } from '../support/order-by-mail.js';

/** Passphrases whose addresses have few letters with two spellings, so that the search takes 2^15 to 2^18 hashes; usual are 2^23. */
const FEW_LETTERS = [117, 23, 3].map((n) => `few capital letters ${n}`);

describe('scenario: addresses without their capital letters', function () {
  this.timeout(60_000);
  const rig = rigOfSuite();
  let alice: GatewayProcess;
  let bob: GatewayProcess;
  /** Of bob's, which alice has never met. */
  let strangers: string[];

  before(async () => {
    bob = await rig.start();
    alice = await rig.start([bob.asPeer]);
    const { text } = await orderByMail(rig, bob, 'identities', FEW_LETTERS.map((it) => `new identity Few --passphrase "${it}"`).join('\n'));
    strangers = [...text.matchAll(/^BM-\w+$/gm)].map(([address]) => address);
  });

  const send = (to: string, subject: string, gateway = alice): Promise<{ response?: string; messageId: string }> =>
    gateway.smtp().sendMail({ from: `${gateway.address}@bitmessage`, to, subject, text: 'x' });
  const lower = (address: string): string => `${address.toLowerCase()}@bitmessage`;

  it('finds a stranger by the check digits, and says so', async () => {
    const { response, messageId } = await send(lower(strangers[0]), 'Kleingeschrieben');
    assert.match(response ?? '', /^250 2\.0\.0 held in Outbox: finding the right spelling of 2c/);
    await untilMail(await rig.imap(bob), 'INBOX', ({ subject }) => subject === 'Kleingeschrieben');
    const client = await rig.imap(alice);
    const told = await untilMail(client, 'INBOX', ({ subject }) => subject === 'Address found: Kleingeschrieben');
    const { text, inReplyTo } = await simpleParser(told.source);
    assert.ok(text?.includes(`${strangers[0]}@bitmessage`), text);
    assert.equal(inReplyTo, messageId);
    await untilMail(client, 'Sent', ({ subject, flags }) => subject === 'Kleingeschrieben' && flags.has('$Delivered'));
    assert.deepEqual(await readFolder(client, 'Outbox'), []);
  });

  it('knows it the next time', async () => {
    assert.match((await send(lower(strangers[0]), 'Noch einmal')).response ?? '', /^250 2\.0\.0 queued as/);
  });

  it('reports an address that is none, and refuses it from then on', async () => {
    // The digits have no case; the first one stays, so that it could be an address but for its check digits.
    const wrong = lower(strangers[1]).replace(/(?<=bm-.+)[2-9]/g, '5');
    await send(wrong, 'Vertippt');
    const client = await rig.imap(alice);
    const report = await untilMail(client, 'INBOX', ({ subject }) => subject === 'Not delivered: Vertippt');
    assert.match(report.source, /^Content-Type: multipart\/report; report-type=delivery-status/m);
    assert.match(report.source, /^Action: failed\r\nStatus: 5\.1\.1\r$/m);
    const [{ flags }] = await untilFolder(client, 'Outbox', (mails) => mails.length === 1);
    assert.ok(flags.has('$Failed'));
    await assert.rejects(send(wrong, 'Wieder vertippt'), /550 5\.1\.1 .* is mistyped/);
  });

  it('asks for the one that a person nearly wrote: at RCPT, in an order, as a folder', async () => {
    const slip = strangers[0].replace(/.(?=..$)/, (digit) => (digit === 'x' ? 'y' : 'x'));
    const question = new RegExp(`did you mean ${strangers[0]}\\?`, 'i');
    await assert.rejects(send(`${slip}@bitmessage`, 'Verschrieben'), question);
    await assert.rejects(send(lower(slip), 'Klein und verschrieben'), question);
    assert.match((await orderByMail(rig, alice, `subscribe ${slip}`)).text, question);
    const client = await rig.imap(alice);
    await assert.rejects(client.mailboxCreate(`Subscriptions/${slip}`), (error: { responseText?: string }) =>
      question.test(error.responseText ?? ''),
    );
  });

  it('shows what it does, and ends with the mail that is deleted from Outbox', async () => {
    // 2^26 hashes: half a minute of a core.
    const address = 'bm-2ctakkkkkkkkkkkkkkkkkkkkkkkkkkkkkk@bitmessage';
    await send(address, 'Vieldeutig');
    assert.match(
      (await orderByMail(rig, alice, 'outbox list')).text,
      /h\d+ +bm-2ctak+@bitmessage .*finding the right spelling of 2ctak+: \d+%/,
    );
    const client = await rig.imap(alice);
    const lock = await client.getMailboxLock('Outbox');
    try {
      const found = await client.search({ subject: 'Vieldeutig' });
      await client.messageDelete(found as number[]);
    } finally {
      lock.release();
    }
    assert.doesNotMatch((await orderByMail(rig, alice, 'outbox list')).text, /finding/);
    // The next search has the threads at once.
    await send(lower(strangers[2]), 'Gleich darauf');
    await untilMail(await rig.imap(bob), 'INBOX', ({ subject }) => subject === 'Gleich darauf');
  });

  it('goes on after kill -9', async () => {
    const directory = rig.directory();
    // With nobody to talk to, and killed as soon as the mail is accepted.
    const lonely = await rig.start([], directory);
    await send(lower(strangers[2]), 'Unterbrochen', lonely);
    await lonely.end('SIGKILL');
    const again = await rig.start([bob.asPeer], directory);
    await untilMail(await rig.imap(bob), 'INBOX', ({ subject }) => subject === 'Unterbrochen');
    await untilMail(await rig.imap(again), 'INBOX', ({ subject }) => subject === 'Address found: Unterbrochen');
  });
});
