/** What one sets for an address of one's own, by mail, and what others feel of it. */
import assert from 'node:assert/strict';
import { type GatewayProcess, rigOfSuite } from '../support/gateway-rig.js';
import { untilMail } from '../support/mailbox-watch.js';
import { orderByMail } from '../support/order-by-mail.js';

describe('scenario: settings of an address', function () {
  this.timeout(60_000);
  const rig = rigOfSuite();
  let alice: GatewayProcess;
  let bob: GatewayProcess;

  before(async () => {
    bob = await rig.start();
    alice = await rig.start([bob.asPeer, 'pow.max_nonce_trials_per_byte=1000']);
  });

  const send = (subject: string, headers: Record<string, string> = {}): Promise<{ response?: string }> =>
    alice.smtp().sendMail({ from: `${alice.address}@bitmessage`, to: `${bob.address}@bitmessage`, subject, text: 'x', headers });

  it('lets a message live as long as the identity says', async () => {
    const { text } = await orderByMail(rig, alice, `identity set ${alice.address} --ttl 7d`);
    assert.match(text, /ttlSeconds: 604800/);
    await send('Sieben Tage');
    const { source } = await untilMail(await rig.imap(bob), 'INBOX', ({ subject }) => subject === 'Sieben Tage');
    const expires = Date.parse(/^X-Bitmessage-Expires: (.*)\r$/m.exec(source)?.[1] ?? '');
    const days = (expires - Date.now()) / 86_400_000;
    assert.ok(days > 6.9 && days < 7.1, String(days));
  });

  it('tells how long the work takes', async () => {
    await alice.untilOutbox(({ state }) => state === 'delivered');
    assert.match((await send('Schätzung')).response ?? '', /; the proof of work takes (less than a second|about \d+ s)/);
  });

  it('shows mail that waits for its time, and stops it', async () => {
    await send('Später', { Date: new Date(Date.now() + 86_400_000).toUTCString() });
    const { text } = await orderByMail(rig, alice, 'status');
    const [, number] = /(h\d+) {2}BM-\S+ {2}.+ {2}will be sent then/.exec(text) ?? assert.fail(text);
    assert.match((await orderByMail(rig, alice, `outbox cancel ${number}`)).text, /will not be sent/);
    await untilMail(await rig.imap(alice), 'Trash', ({ subject }) => subject === 'Später');
  });

  it('refuses to write to who demands more than the settings allow', async () => {
    await orderByMail(rig, bob, `identity set ${bob.address} --nonce-trials 1001`);
    const client = await rig.imap(alice);
    // The new demand travels with bob's next message.
    await bob.smtp().sendMail({ from: `${bob.address}@bitmessage`, to: `${alice.address}@bitmessage`, subject: 'Teurer', text: 'x' });
    await untilMail(client, 'INBOX', ({ subject }) => subject === 'Teurer');
    await assert.rejects(send('Zu teuer'), /550 5\.7\.1 BM-\w+ demands more work than your settings allow: 1001 trials per byte/);
  });
});
