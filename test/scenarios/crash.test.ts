/** kill -9 at the worst moments: after the restart nothing is lost and nothing is there twice. */
import assert from 'node:assert/strict';
import { explainFailure, type GatewayProcess, Rig } from '../support/gateway-rig.js';
import { readFolder, untilFolder, untilMail } from '../support/mailbox-watch.js';

/** As much as the node does for anybody (ten times the main network's minimum): minutes, on any machine. */
const LONG_WORK = ['network.min_nonce_trials_per_byte=10000', 'network.min_extra_bytes=10000'];

describe('scenario: kill -9', function () {
  this.timeout(120_000);
  let rig: Rig;
  beforeEach(() => (rig = new Rig()));
  afterEach(async function () {
    explainFailure(rig, this.currentTest);
    await rig.end();
  });

  const send = async (from: GatewayProcess, to: string, subject: string): Promise<void> => {
    await from.smtp().sendMail({ from: `${from.address}@bitmessage`, to: `${to}@bitmessage`, subject, text: `Text of ${subject}` });
  };
  const deliveredOnce = async (sender: GatewayProcess, reader: GatewayProcess, subject: string): Promise<void> => {
    const [own, other] = [await rig.imap(sender), await rig.imap(reader)];
    await untilMail(own, 'Sent', (mail) => mail.subject === subject && mail.flags.has('$Delivered'));
    for (const [client, folder] of [
      [own, 'Sent'],
      [other, 'INBOX'],
    ] as const) {
      assert.equal((await readFolder(client, folder)).filter((mail) => mail.subject === subject).length, 1, folder);
    }
    assert.deepEqual(await readFolder(own, 'Outbox'), []);
  };

  it('while a message waits for its key', async () => {
    const bob = await rig.start();
    await bob.end('SIGTERM');
    const alice = await rig.start();
    await send(alice, bob.address, 'waiting');
    await alice.untilOutbox(({ recipient, state }) => recipient === bob.address && state === 'awaiting-pubkey');
    const [pending] = await readFolder(await rig.imap(alice), 'Outbox');
    assert.ok(pending.flags.has('$SubmitPending'));
    await alice.end('SIGKILL');
    const again = await rig.start([], alice.dataDirectory);
    await again.untilOutbox(({ recipient, state }) => recipient === bob.address && state === 'awaiting-pubkey');
    await deliveredOnce(again, await rig.start([again.asPeer], bob.dataDirectory), 'waiting');
  });

  it('during the proof of work', async () => {
    const bob = await rig.start();
    const alice = await rig.start([bob.asPeer]);
    await send(alice, bob.address, 'first');
    await deliveredOnce(alice, bob, 'first');
    await alice.end('SIGTERM');
    const begun = await rig.start([bob.asPeer, ...LONG_WORK], alice.dataDirectory);
    await send(begun, bob.address, 'second');
    await begun.untilOutbox(({ state }) => state === 'mining');
    const { code, milliseconds } = await begun.end('SIGTERM');
    assert.deepEqual([code, milliseconds < 5000], [0, true], `${milliseconds} ms`);
    const resumed = await rig.start([bob.asPeer, ...LONG_WORK], alice.dataDirectory);
    await resumed.untilOutbox(({ state }) => state === 'mining');
    await resumed.end('SIGKILL');
    await deliveredOnce(await rig.start([bob.asPeer], alice.dataDirectory), bob, 'second');
  });

  it('right after the 250', async () => {
    const bob = await rig.start();
    const alice = await rig.start([bob.asPeer]);
    await send(alice, bob.address, 'accepted');
    await alice.end('SIGKILL');
    await deliveredOnce(await rig.start([bob.asPeer], alice.dataDirectory), bob, 'accepted');
  });

  it('while messages are being delivered', async () => {
    const subjects = Array.from({ length: 8 }, (_, i) => `delivery ${i}`);
    const alice = await rig.start();
    const bob = await rig.start([alice.asPeer]);
    const reader = await rig.imap(bob);
    const some = untilFolder(reader, 'INBOX', (mails) => mails.some(({ subject }) => subjects.includes(subject)));
    for (const subject of subjects) await send(alice, bob.address, subject);
    await some;
    await bob.end('SIGKILL');
    const again = await rig.start([alice.asPeer], bob.dataDirectory);
    const isHere = (mails: { subject: string }[]): boolean => subjects.every((subject) => mails.some((mail) => mail.subject === subject));
    const inbox = await untilFolder(await rig.imap(again), 'INBOX', isHere);
    assert.deepEqual(
      inbox
        .map(({ subject }) => subject)
        .filter((subject) => subjects.includes(subject))
        .sort(),
      subjects,
    );
    const isDelivered = (mails: { flags: ReadonlySet<string> }[]): boolean =>
      mails.length === subjects.length && mails.every(({ flags }) => flags.has('$Delivered'));
    await untilFolder(await rig.imap(alice), 'Sent', isDelivered);
  });
});
