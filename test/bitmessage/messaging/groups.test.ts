import assert from 'node:assert/strict';
import { systemClock } from '../../../src/base/clock.js';
import type { UsableIdentity } from '../../../src/bitmessage/messaging/identities.js';
import { OBJECT_BROADCAST, OBJECT_GETPUBKEY, OBJECT_MSG, OBJECT_PUBKEY } from '../../../src/bitmessage/wire/params.js';
import { stopSharedMiner, TestNode } from '../../support/messaging-node.js';

describe('broadcasts and chans', () => {
  let alice: TestNode;
  let bob: TestNode;
  let author: UsableIdentity;

  beforeEach(async () => {
    alice = new TestNode({ messaging: { publishPubkeys: false } }).start();
    bob = new TestNode({ messaging: { publishPubkeys: false } }).start();
    author = await alice.messaging.identities.create({ label: 'alice' });
  });
  afterEach(async () => {
    await alice.remove();
    await bob.remove();
  });
  after(stopSharedMiner);

  const text = (node: TestNode): string[] => node.delivered.map(({ content }) => Buffer.from(content).toString());
  const broadcast = (from: UsableIdentity, content: string): number =>
    alice.enqueue({ kind: 'broadcast', from: from.address, to: from.address, content: Buffer.from(content) });

  for (const [version, objectVersion] of [
    [3, 4n],
    [4, 5n],
  ] as const) {
    it(`carries a broadcast of a v${version} address (object v${objectVersion}) to subscribers, ourselves among them`, async () => {
      const from = await alice.messaging.identities.create({ label: 'news', version });
      alice.messaging.subscriptions.put(from.address, 'my own');
      bob.messaging.subscriptions.put(from.address, 'news');
      alice.connect(bob);
      const id = broadcast(from, 'hello all');
      await alice.untilState(id, 'sent');
      await alice.until(() => alice.delivered.length === 1);
      await bob.until(() => bob.delivered.length === 1);
      const [{ kind, from: sender, to, chan }] = bob.delivered;
      assert.deepEqual([kind, sender, to, chan], ['broadcast', from.address, from.address, false]);
      assert.equal(bob.inventory.scan([OBJECT_BROADCAST], 0, 1)[0].object.version, objectVersion);
    });

    it(`gives a broadcast of a v${version} address the time to live that is asked for, within an hour and 28 days`, async () => {
      const from = await alice.messaging.identities.create({ label: 'news', version });
      for (const [asked, given] of [
        [60, 3600],
        [86_400, 86_400],
        [100 * 86_400, 28 * 86_400],
      ] as const) {
        const id = alice.enqueue({ kind: 'broadcast', from: from.address, to: from.address, ttlSeconds: asked });
        await alice.untilState(id, 'sent');
        const { object } = alice.inventory.scan([OBJECT_BROADCAST], 0, 10).at(-1)!;
        assert.ok(Math.abs(object.expiresAt - systemClock.now() - given) <= 360, `${object.expiresAt - systemClock.now()}`);
      }
    });

    it(`finds earlier broadcasts of a v${version} address when it is subscribed to, and again after leaving`, async () => {
      const from = await alice.messaging.identities.create({ label: 'news', version });
      alice.connect(bob);
      for (const word of ['one', 'two']) await alice.untilState(broadcast(from, word), 'sent');
      await bob.until(() => bob.inventory.scan([OBJECT_BROADCAST], 0, 9).length === 2 && bob.inventory.unprocessedCount() === 0);
      assert.equal(bob.delivered.length, 0);
      bob.messaging.subscriptions.put(from.address, 'news');
      await bob.until(() => bob.delivered.length === 2);
      bob.messaging.subscriptions.put(from.address, 'a new label');
      assert.equal(bob.messaging.subscriptions.find(from.address)?.label, 'a new label');
      bob.messaging.unsubscribe(from.address);
      bob.messaging.subscriptions.put(from.address, 'news');
      await bob.until(() => bob.delivered.length === 4);
      assert.deepEqual(text(bob).sort(), ['one', 'one', 'two', 'two']);
    });
  }

  it('lets a broadcast answer the question for a key', async () => {
    const reader = await bob.messaging.identities.create({ label: 'bob' });
    const id = bob.enqueue({ from: reader.address, to: author.address });
    await bob.untilState(id, 'awaiting-pubkey');
    bob.messaging.subscriptions.put(author.address, 'news');
    await alice.untilState(broadcast(author, 'hello'), 'sent');
    bob.take(alice.inventory.scan([OBJECT_BROADCAST], 0, 1)[0].object.bytes);
    await bob.untilState(id, 'awaiting-ack');
  });

  it('carries posts of a chan to all members, from the chan or from an identity, without acks', async () => {
    alice.connect(bob);
    const [chan, same] = await Promise.all([alice.messaging.identities.joinChan('general'), bob.messaging.identities.joinChan('general')]);
    assert.equal(chan.address, same.address);
    assert.equal(chan.chan, true);
    const anonymous = alice.enqueue({ from: chan.address, to: chan.address, content: Buffer.from('from nobody') });
    await alice.untilState(anonymous, 'sent');
    await bob.until(() => bob.delivered.length === 1);
    const named = alice.enqueue({ from: author.address, to: chan.address, content: Buffer.from('from alice') });
    await alice.untilState(named, 'sent');
    await bob.until(() => bob.delivered.length === 2);
    const back = bob.enqueue({ from: chan.address, to: chan.address, content: Buffer.from('from bob') });
    await bob.untilState(back, 'sent');
    for (const node of [alice, bob]) {
      await node.until(() => node.delivered.length === 3);
      assert.deepEqual(text(node).sort(), ['from alice', 'from bob', 'from nobody']);
      assert.ok(node.delivered.every((message) => message.chan && message.to === chan.address));
      assert.equal(node.inventory.scan([OBJECT_MSG], 0, 10).length, 3);
      assert.equal(node.inventory.scan([OBJECT_PUBKEY, OBJECT_GETPUBKEY], 0, 10).length, 0);
    }
  });

  it('makes the address that PyBitmessage makes of a chan name, and joins twice without harm', async () => {
    const [first, second] = await Promise.all([1, 2].map(() => alice.messaging.identities.joinChan('bitmessage')));
    assert.equal(first.address, second.address);
    assert.equal(alice.messaging.identities.all().length, 2);
    assert.equal((await alice.messaging.identities.joinChan('bitmessage')).address, first.address);
  });

  it('joins an old chan, by its version or by its address, and reads in it what is sent to either', async () => {
    const old = await alice.messaging.identities.joinChan('general', { version: 3 });
    assert.equal(old.address, 'BM-2DAV89w336ovy6BUJnfVRD5B9qipFbRgmr');
    const chan = await bob.messaging.identities.joinChan('general', { address: old.address });
    assert.deepEqual([chan.address, chan.chan, chan.label], [old.address, true, 'general']);
    alice.connect(bob);
    alice.enqueue({ from: author.address, to: old.address, content: Buffer.from('to version 3') });
    await bob.until(() => bob.delivered.length === 1);
    assert.deepEqual([text(bob), bob.delivered[0].to], [['to version 3'], old.address]);
    const present = await bob.messaging.identities.joinChan('general');
    assert.equal(present.address, old.address, 'the keys are the same, and one set of them is enough');
  });

  it('does not join by a passphrase that makes another address', async () => {
    // The second one has the right keys, but chans have no addresses of version 2.
    for (const address of [author.address, 'BM-opt93dkKvM49f3PHNLAw5oPXLTsYXfyaK']) {
      await assert.rejects(alice.messaging.identities.joinChan('general', { address }), /"general" is not the passphrase of BM-/);
    }
    assert.equal(alice.messaging.identities.all().length, 1);
  });

  it('fills a chan from the inventory on joining, goes on after a restart, and again after leaving and joining', async () => {
    const chan = await alice.messaging.identities.joinChan('general');
    const posts = Array.from({ length: 70 }, (_, index) => `post ${index}`);
    const ids = posts.map((post) => alice.enqueue({ from: chan.address, to: chan.address, content: Buffer.from(post) }));
    await alice.untilState(ids[ids.length - 1], 'sent');
    alice.connect(bob);
    await bob.until(() => bob.inventory.scan([OBJECT_MSG], 0, 100).length === posts.length && bob.inventory.unprocessedCount() === 0);
    await bob.messaging.identities.joinChan('general');
    await bob.until(() => bob.delivered.length >= 3);
    await bob.stop();
    bob.start({ publishPubkeys: false });
    await bob.until(() => bob.messaging.identities.find(chan.address)?.rescanAfter === -1);
    assert.deepEqual([...new Set(text(bob))].sort(), [...posts].sort());
    const before = bob.delivered.length;
    bob.messaging.leaveChan(chan.address);
    assert.equal(bob.messaging.identities.find(chan.address), undefined);
    await bob.messaging.identities.joinChan('general');
    await bob.until(() => bob.delivered.length === before + posts.length);
  });

  it('does not leave an identity that is no chan', () => {
    alice.messaging.leaveChan(author.address);
    assert.ok(alice.messaging.identities.find(author.address));
  });

  it('reads earlier mail of a passphrase’s identity when it is made again', async () => {
    const lost = await alice.messaging.identities.create({ label: 'lost', passphrase: 'correct horse' });
    await alice.untilState(alice.enqueue({ from: author.address, to: lost.address }), 'sent');
    alice.connect(bob);
    await bob.until(() => bob.inventory.scan([OBJECT_MSG], 0, 2).length === 1 && bob.inventory.unprocessedCount() === 0);
    const found = await bob.messaging.identities.create({ label: 'found', passphrase: 'correct horse' });
    assert.equal(found.address, lost.address);
    await bob.until(() => bob.delivered.length === 1);
  });

  it('cancels what a removed identity has not sent', async () => {
    const id = alice.enqueue({ from: author.address, to: 'BM-2cW67GEKkHGonXKZLCzouLLxnLym3azS8r' });
    await alice.untilState(id, 'awaiting-pubkey');
    alice.messaging.removeIdentity(author.address);
    await alice.untilState(id, 'cancelled');
  });

  it('lets others have their turn while keys are searched', async () => {
    // The first find of this passphrase is its 489th pair of keys, and a slice tries 16 of them.
    let turns = 0;
    let searching = true;
    const count = (): void => {
      turns++;
      if (searching) setImmediate(count);
    };
    setImmediate(count);
    await alice.messaging.identities.joinChan('bitmessage');
    searching = false;
    assert.ok(turns > 20, `${turns} turns`);
  });
});
