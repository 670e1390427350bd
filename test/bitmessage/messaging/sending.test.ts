import assert from 'node:assert/strict';
import { ManualClock } from '../../../src/base/clock.js';
import { formatAddress } from '../../../src/bitmessage/crypto/address.js';
import { authorOf, type UsableIdentity } from '../../../src/bitmessage/messaging/identities.js';
import { MAX_SENT_OBJECT_BYTES, OBJECT_GETPUBKEY, OBJECT_MSG, OBJECT_PUBKEY } from '../../../src/bitmessage/wire/params.js';
import type { Mined, MineJob } from '../../../src/pow/miner.js';
import { OutboxTable } from '../../../src/store/node/outbox.js';
import { PubkeyTable } from '../../../src/store/node/pubkeys.js';
import { MINIMUM, sharedMiner, stopSharedMiner, TestNode } from '../../support/messaging-node.js';

const DAY = 86_400;

describe('sending', () => {
  let clock: ManualClock;
  let alice: TestNode;
  let bob: TestNode;
  let from: UsableIdentity;
  let to: UsableIdentity;
  /** While set, work begins only when it resolves. */
  let hold: Promise<void> | undefined;
  let jobs: MineJob[];

  const miner = {
    mine: async (job: MineJob): Promise<Mined> => {
      jobs.push(job);
      if (hold !== undefined) await Promise.race([hold, aborted(job.signal)]);
      return sharedMiner().mine(job);
    },
  };

  beforeEach(async () => {
    hold = undefined;
    jobs = [];
    clock = new ManualClock(Math.floor(Date.now() / 1000));
    alice = new TestNode({ clock, miner, messaging: { publishPubkeys: false } }).start();
    bob = new TestNode({ clock, messaging: { publishPubkeys: false } }).start();
    from = await alice.messaging.identities.create({ label: 'alice' });
    to = await bob.messaging.identities.create({ label: 'bob' });
  });
  afterEach(async () => {
    await alice.remove();
    await bob.remove();
  });
  after(stopSharedMiner);

  for (const version of [3, 4] as const) {
    it(`asks for the key of a v${version} recipient, sends, and sees the ack`, async () => {
      const recipient = await bob.messaging.identities.create({ label: 'bob', version });
      const id = alice.enqueue({ from: from.address, to: recipient.address });
      await alice.untilState(id, 'awaiting-pubkey');
      alice.connect(bob);
      await alice.untilState(id, 'delivered');
      assert.equal(bob.delivered.length, 1);
      const [message] = bob.delivered;
      assert.deepEqual([message.kind, message.from, message.to, message.chan], ['message', from.address, recipient.address, false]);
      assert.equal(Buffer.from(message.content).toString(), 'Subject:hello\nBody:world');
      assert.equal(alice.messaging.outbox.get(id)?.objectHash, Buffer.from(message.objectHash).toString('hex'));
    });
  }

  it('finds a key that lies in the inventory, by its tag, and asks nobody', async () => {
    await restart(bob, { publishPubkeys: true });
    alice.connect(bob);
    await alice.until(() => alice.inventory.byTag(1, to.tag).length > 0);
    const id = alice.enqueue({ from: from.address, to: to.address });
    await alice.untilState(id, 'delivered');
    assert.equal(alice.inventory.scan([OBJECT_GETPUBKEY], 0, 10).length, 0);
  });

  it('finds the key of a v3 recipient that came before anybody wanted it', async () => {
    const old = await bob.messaging.identities.create({ label: 'old', version: 3 });
    await restart(bob, { publishPubkeys: true });
    alice.connect(bob);
    await bob.until(() => (bob.messaging.identities.find(old.address)?.pubkeyExpiresAt ?? 0) > 0);
    await alice.until(() => alice.inventory.scan([1], 0, 10).length === 2 && alice.inventory.unprocessedCount() === 0);
    const id = alice.enqueue({ from: from.address, to: old.address });
    await alice.untilState(id, 'delivered');
    assert.equal(alice.inventory.scan([OBJECT_GETPUBKEY], 0, 10).length, 0);
  });

  it('wakes when the recipient writes, for its message carries the key', async () => {
    const id = alice.enqueue({ from: from.address, to: to.address });
    await alice.untilState(id, 'awaiting-pubkey');
    // Bob learns Alice's key without answering her getpubkey: he is told of it by hand.
    new PubkeyTable(bob.database).put(keyOf(from), clock.now());
    bob.enqueue({ from: to.address, to: from.address });
    await bob.until(() => bob.inventory.scan([OBJECT_MSG], 0, 1).length === 1);
    alice.take(bob.inventory.scan([OBJECT_MSG], 0, 1)[0].object.bytes);
    await alice.untilState(id, 'awaiting-ack');
  });

  it('sends mail between own identities over the network, without an ack, and it is delivered when it is here', async () => {
    const second = await alice.messaging.identities.create({ label: 'second' });
    let open!: () => void;
    const house = new Promise<void>((resolve) => (open = resolve));
    alice.onDeliver = () => house;
    const id = alice.enqueue({ from: from.address, to: second.address });
    await alice.untilState(id, 'sent');
    assert.equal(alice.state(id), 'sent');
    open();
    await alice.untilState(id, 'delivered');
    assert.equal(alice.delivered[0].to, second.address);
    assert.equal(alice.inventory.scan([OBJECT_MSG], 0, 10).length, 1);
    assert.equal(jobs.length, 1); // the message, and no ack object
  });

  it('leaves a post to a chan at "sent": that we can read it says nothing of others', async () => {
    const chan = await alice.messaging.identities.joinChan('general');
    const id = alice.enqueue({ from: from.address, to: chan.address });
    await alice.until(() => alice.delivered.length === 1 && alice.inventory.unprocessedCount() === 0);
    assert.equal(alice.state(id), 'sent');
  });

  it('sends again what was sent while the clock was years ahead: nobody took it', async () => {
    clock.advance(1000 * DAY);
    const id = alice.enqueue({ from: from.address, to: to.address });
    new PubkeyTable(alice.database).put(keyOf(to), clock.now());
    await alice.untilState(id, 'awaiting-ack');
    await alice.stop();
    clock.setBack(1000 * DAY);
    alice.start({ publishPubkeys: false });
    await alice.until(() => alice.messaging.outbox.get(id)?.attempts === 2);
    alice.connect(bob);
    await alice.untilState(id, 'delivered');
  });

  it('expects no ack of a recipient whose program sends none', async () => {
    new PubkeyTable(alice.database).put({ ...keyOf(to), bitfield: 0 }, clock.now());
    const id = alice.enqueue({ from: from.address, to: to.address });
    await alice.untilState(id, 'sent');
    assert.equal(jobs.length, 1); // the message, and no ack object
  });

  it('refuses what is too large before any work is done', async () => {
    new PubkeyTable(alice.database).put(keyOf(to), clock.now());
    const limit = alice.enqueue({ from: from.address, to: to.address, content: new Uint8Array(MAX_SENT_OBJECT_BYTES - 700) });
    const over = alice.enqueue({ from: from.address, to: to.address, content: new Uint8Array(MAX_SENT_OBJECT_BYTES - 300) });
    const broadcast = alice.enqueue({
      kind: 'broadcast',
      from: from.address,
      to: from.address,
      content: new Uint8Array(MAX_SENT_OBJECT_BYTES),
    });
    const stranger = alice.enqueue({
      from: from.address,
      to: 'BM-2cW67GEKkHGonXKZLCzouLLxnLym3azS8r',
      content: new Uint8Array(MAX_SENT_OBJECT_BYTES + 1),
    });
    await alice.untilState(stranger, 'failed');
    assert.deepEqual(
      [limit, over, broadcast, stranger].map((id) => alice.messaging.outbox.get(id)?.outgoing),
      [
        { state: 'awaiting-ack', expiresAt: clock.now() + 3960 },
        { state: 'failed', reason: 'too-large' },
        { state: 'failed', reason: 'too-large' },
        { state: 'failed', reason: 'too-large' },
      ],
    );
    assert.equal(jobs.length, 2);
    const [{ object }] = alice.inventory.scan([OBJECT_MSG], 0, 1);
    assert.ok(object.bytes.length <= MAX_SENT_OBJECT_BYTES);
  });

  it('does not work for a recipient that demands too much, unless the user insists', async () => {
    new PubkeyTable(alice.database).put({ ...keyOf(to), demandTrials: 10_001 }, clock.now());
    const id = alice.enqueue({ from: from.address, to: to.address });
    await alice.untilState(id, 'failed');
    assert.deepEqual(alice.messaging.outbox.get(id)?.outgoing, { state: 'failed', reason: 'too-difficult' });
    hold = new Promise(() => {});
    alice.messaging.outbox.retry(id);
    await alice.untilState(id, 'mining');
    await alice.until(() => jobs.length === 1); // the ack, which costs no more than the network demands
  });

  describe('when it was too difficult', () => {
    let id: number;
    beforeEach(async () => {
      new PubkeyTable(alice.database).put({ ...keyOf(to), demandTrials: 20_000 }, clock.now());
      id = alice.enqueue({ from: from.address, to: to.address });
      await alice.untilState(id, 'failed');
      hold = new Promise(() => {});
    });

    it('goes on when the settings allow more', async () => {
      await restart(alice);
      assert.equal(alice.state(id), 'failed');
      await restart(alice, { maxDemand: { nonceTrialsPerByte: 20_000, extraBytes: 10_000 } });
      await alice.untilState(id, 'mining');
    });

    it('goes on when the recipient demands less', async () => {
      bob.messaging.identities.update(to.address, { demandTrials: 1 });
      new PubkeyTable(bob.database).put(keyOf(from), clock.now());
      alice.connect(bob);
      bob.enqueue({ from: to.address, to: from.address });
      await alice.untilState(id, 'mining');
    });

    it('stays as it is when it is older than its owner would wait', async () => {
      clock.advance(28 * DAY);
      await restart(alice, { maxDemand: { nonceTrialsPerByte: 20_000, extraBytes: 10_000 } });
      assert.equal(alice.state(id), 'failed');
    });
  });

  it('waits at random before anything is done, at most as long as the settings or the identity say, over a restart', async () => {
    await restart(alice, { sendDelaySeconds: 600 });
    new PubkeyTable(alice.database).put(keyOf(to), clock.now());
    const random = Math.random;
    Math.random = () => 0.5;
    const [first, second] = [1, 2].map(() => alice.enqueue({ from: from.address, to: to.address }));
    Math.random = random;
    const heldBack = { state: 'held-back', until: clock.now() + 300 };
    assert.deepEqual(alice.messaging.outbox.get(first)?.outgoing, heldBack);
    alice.messaging.outbox.cancel(second);
    await alice.untilState(second, 'cancelled');
    await restart(alice);
    assert.deepEqual(alice.messaging.outbox.get(first)?.outgoing, heldBack);
    clock.advance(299);
    await alice.until(() => alice.inventory.unprocessedCount() === 0);
    assert.deepEqual([alice.state(first), jobs.length], ['held-back', 0]);
    clock.advance(1);
    await alice.untilState(first, 'awaiting-ack');
    // The wait is no part of its life.
    near(alice.inventory.scan([OBJECT_MSG], 0, 1)[0].object.expiresAt - clock.now(), 3600);
    await restart(alice, { sendDelaySeconds: 600 });
    alice.messaging.updateIdentity(from.address, { sendDelaySeconds: 0 });
    await alice.untilState(alice.enqueue({ from: from.address, to: to.address }), 'awaiting-ack');
  });

  for (const [level, type, least] of [
    [0, OBJECT_MSG, 54],
    [1, OBJECT_GETPUBKEY, 54],
    [2, OBJECT_MSG, 350],
  ] as const) {
    it(`knows its ack again at stealth level ${level}`, async () => {
      await restart(alice, { ackStealth: level });
      new PubkeyTable(alice.database).put(keyOf(to), clock.now());
      alice.connect(bob);
      const id = alice.enqueue({ from: from.address, to: to.address });
      await alice.untilState(id, 'delivered');
      const acks = bob.inventory.scan([type], 0, 10).filter(({ object }) => object.own);
      assert.equal(acks.length, 1);
      assert.ok(least === 54 ? acks[0].object.bytes.length === 54 : acks[0].object.bytes.length >= least);
    });
  }

  it('signs with SHA-1 where that is set, and publishes its key signed so', async () => {
    await restart(alice, { publishPubkeys: true });
    await alice.until(() => alice.inventory.scan([OBJECT_PUBKEY], 0, 9).length === 1);
    alice.messaging.updateIdentity(from.address, { signatureDigest: 'sha1' });
    await alice.until(() => alice.inventory.scan([OBJECT_PUBKEY], 0, 9).length === 2);
    const [changed] = alice.messaging.identities.usable();
    assert.equal(authorOf(changed, MINIMUM).digest, 'sha1');
    bob.messaging.subscriptions.put(from.address, '');
    alice.connect(bob);
    alice.enqueue({ kind: 'broadcast', from: from.address, to: from.address });
    await bob.until(() => bob.delivered.length === 1);
  });

  it('does the work that the network demands for a recipient who says that less will do', async () => {
    new PubkeyTable(alice.database).put({ ...keyOf(to), demandTrials: 0, demandExtraBytes: 0 }, clock.now());
    alice.connect(bob);
    await alice.untilState(alice.enqueue({ from: from.address, to: to.address }), 'delivered');
    assert.equal(bob.delivered.length, 1);
  });

  it('does the work that the recipient demands', async () => {
    bob.messaging.identities.update(to.address, { demandTrials: 50, demandExtraBytes: 500 });
    alice.connect(bob);
    const id = alice.enqueue({ from: from.address, to: to.address });
    await alice.untilState(id, 'delivered');
    assert.equal(bob.delivered.length, 1);
  });

  it('demands what is set of strangers, and of friends no more than the network does', async () => {
    const friends = new Set<string>();
    const standing = (address: string) => (friends.has(address) ? 'friend' : 'stranger');
    const carol = new TestNode({ clock, messaging: { publishPubkeys: false }, standing }).start();
    try {
      const author = await carol.messaging.identities.create({ label: 'carol' });
      carol.messaging.identities.update(author.address, { demandTrials: 50, demandExtraBytes: 500 });
      carol.connect(bob);
      const told = async (): Promise<number | undefined> => {
        const id = carol.enqueue({ from: author.address, to: to.address, content: Buffer.from(`Subject:${friends.size}\nBody:`) });
        await carol.untilState(id, 'delivered');
        return new PubkeyTable(bob.database).get(author.address)?.demandTrials;
      };
      assert.equal(await told(), 50);
      friends.add(to.address);
      assert.equal(await told(), MINIMUM.nonceTrialsPerByte);
    } finally {
      await carol.remove();
    }
  });

  it('gives up a recipient whose key is none', async () => {
    new PubkeyTable(alice.database).put({ ...keyOf(to), encryptionKey: new Uint8Array(64).fill(1) }, clock.now());
    const id = alice.enqueue({ from: from.address, to: to.address });
    await alice.untilState(id, 'failed');
    assert.deepEqual(alice.messaging.outbox.get(id)?.outgoing, { state: 'failed', reason: 'bad-key' });
  });

  it('sends again with a doubled TTL when no ack comes, and the recipient sees it once', async () => {
    new PubkeyTable(alice.database).put(keyOf(to), clock.now());
    const id = alice.enqueue({ from: from.address, to: to.address, ttlSeconds: 4 * DAY });
    await alice.untilState(id, 'awaiting-ack');
    const first = alice.inventory.scan([OBJECT_MSG], 0, 10).map(({ object }) => object);
    assert.equal(first.length, 1);
    near(first[0].expiresAt - clock.now(), 4 * DAY);
    // Bob reads it, but his ack is lost.
    bob.take(first[0].bytes);
    await bob.until(() => bob.inventory.scan([OBJECT_MSG], 0, 10).length === 2);
    clock.advance(4 * DAY * 1.1 - 1);
    assert.equal(alice.state(id), 'awaiting-ack');
    clock.advance(1);
    await alice.until(() => alice.messaging.outbox.get(id)?.attempts === 2);
    const second = alice.inventory.scan([OBJECT_MSG], 0, 10).map(({ object }) => object)[1];
    near(second.expiresAt - clock.now(), 8 * DAY);
    alice.connect(bob);
    await alice.untilState(id, 'delivered');
    assert.equal(bob.delivered.length, 1);
  });

  it('gives up after five attempts; an ack that comes later still counts', async () => {
    new PubkeyTable(alice.database).put(keyOf(to), clock.now());
    const id = alice.enqueue({ from: from.address, to: to.address, ttlSeconds: 3600 });
    for (let attempt = 1; attempt <= 5; attempt++) {
      await alice.until(() => alice.messaging.outbox.get(id)?.attempts === attempt && alice.state(id) === 'awaiting-ack');
      // Bob gets the last attempt only, and his ack is on its way for longer than we wait.
      if (attempt === 5) bob.take(alice.inventory.scan([OBJECT_MSG], 0, 10)[4].object.bytes);
      if (attempt === 5) await bob.until(() => bob.inventory.scan([OBJECT_MSG], 0, 10).length === 2);
      clock.advance(3600 * 2 ** (attempt - 1) * 1.1);
    }
    await alice.untilState(id, 'failed');
    assert.deepEqual(alice.messaging.outbox.get(id)?.outgoing, { state: 'failed', reason: 'no-acknowledgement' });
    alice.connect(bob);
    await alice.untilState(id, 'delivered');
  });

  it('gives up after as many attempts and days as the settings say', async () => {
    await restart(alice, { resend: { maxAttempts: 2, giveUpAfterSeconds: 3 * DAY } });
    new PubkeyTable(alice.database).put(keyOf(to), clock.now());
    const id = alice.enqueue({ from: from.address, to: to.address, ttlSeconds: 3600 });
    await alice.untilState(id, 'awaiting-ack');
    clock.advance(3960);
    await alice.until(() => alice.messaging.outbox.get(id)?.attempts === 2);
    const long = alice.enqueue({ from: from.address, to: to.address, ttlSeconds: 3 * DAY });
    await alice.untilState(long, 'awaiting-ack');
    clock.advance(7920);
    await alice.untilState(id, 'failed');
    clock.advance(3.3 * DAY);
    await alice.untilState(long, 'failed');
    assert.equal(alice.messaging.outbox.get(long)?.attempts, 1);
  });

  it('lets nothing expire at the moment that its TTL alone would tell', async () => {
    new PubkeyTable(alice.database).put(keyOf(to), clock.now());
    const random = Math.random;
    const expiries: number[] = [];
    for (const drawn of [0, 0.999999]) {
      Math.random = () => drawn;
      await alice.untilState(alice.enqueue({ from: from.address, to: to.address }), 'awaiting-ack').finally(() => (Math.random = random));
      expiries.push(alice.inventory.scan([OBJECT_MSG], 0, 10).at(-1)!.object.expiresAt - clock.now());
    }
    assert.deepEqual(expiries, [3600 - 300, 3600 + 299]);
  });

  it('asks again for a key with a doubled TTL, and gives up after 28 days', async () => {
    const id = alice.enqueue({ from: from.address, to: to.address });
    const ttls: number[] = [];
    for (let request = 1; request <= 3; request++) {
      await alice.until(() => alice.inventory.scan([OBJECT_GETPUBKEY], 0, 10).length === request && alice.state(id) === 'awaiting-pubkey');
      const { object } = alice.inventory.scan([OBJECT_GETPUBKEY], 0, 10)[request - 1];
      ttls.push(Math.round((object.expiresAt - clock.now()) / (DAY / 2)) / 2);
      clock.advance((2.5 * 2 ** (request - 1) * DAY * 11) / 10);
    }
    assert.deepEqual(ttls, [2.5, 5, 10]);
    await alice.until(() => alice.inventory.scan([OBJECT_GETPUBKEY], 0, 10).length === 4);
    clock.advance(28 * DAY);
    await alice.untilState(id, 'failed');
    assert.deepEqual(alice.messaging.outbox.get(id)?.outgoing, { state: 'failed', reason: 'no-pubkey' });
  });

  it('asks once for several messages to one address', async () => {
    const ids = [1, 2, 3].map(() => alice.enqueue({ from: from.address, to: to.address }));
    for (const id of ids) await alice.untilState(id, 'awaiting-pubkey');
    assert.equal(alice.inventory.scan([OBJECT_GETPUBKEY], 0, 10).length, 1);
  });

  it('sends all that wait for a key when it comes, and counts anew how often such a key was asked for', async () => {
    const ids = [1, 2, 3].map((number) =>
      alice.enqueue({ from: from.address, to: to.address, content: Buffer.from(`Subject:${number}\nBody:`) }),
    );
    for (const id of ids) await alice.untilState(id, 'awaiting-pubkey');
    assert.equal(new PubkeyTable(alice.database).request(to.address)?.requests, 1);
    alice.connect(bob);
    for (const id of ids) await alice.untilState(id, 'delivered');
    assert.equal(new PubkeyTable(alice.database).request(to.address), undefined);
  });

  it('cancels a message that is queued, waits for a key, or is worked on', async () => {
    hold = new Promise(() => {});
    new PubkeyTable(alice.database).put(keyOf(to), clock.now());
    const mining = alice.enqueue({ from: from.address, to: to.address });
    const queued = alice.enqueue({ from: from.address, to: to.address });
    await alice.untilState(mining, 'mining');
    await alice.until(() => jobs.length === 1);
    alice.messaging.outbox.cancel(queued);
    alice.messaging.outbox.cancel(mining);
    await alice.untilState(mining, 'cancelled');
    assert.equal(jobs[0].signal?.aborted, true);
    hold = undefined;
    const waiting = alice.enqueue({ from: from.address, to: 'BM-2cW67GEKkHGonXKZLCzouLLxnLym3azS8r' });
    await alice.untilState(waiting, 'awaiting-pubkey');
    alice.messaging.outbox.cancel(waiting);
    await alice.untilState(waiting, 'cancelled');
    assert.deepEqual(
      [mining, queued, waiting].map((id) => alice.state(id)),
      ['cancelled', 'cancelled', 'cancelled'],
    );
    assert.equal(alice.inventory.scan([OBJECT_MSG], 0, 10).length, 0);
  });

  it('goes on with the next message when it stumbles over one', async () => {
    new PubkeyTable(alice.database).put(keyOf(to), clock.now());
    const broken = alice.enqueue({ from: from.address, to: to.address });
    alice.database.run("UPDATE outbox SET recipient = 'nonsense' WHERE id = ?", broken);
    const fine = alice.enqueue({ from: from.address, to: to.address });
    await alice.untilState(fine, 'awaiting-ack');
    assert.equal(alice.state(broken), 'queued');
  });

  it('goes on by itself when the disk was full and has room again', async () => {
    const own = await alice.messaging.identities.create({ label: 'own' });
    let open!: () => void;
    hold = new Promise<void>((resolve) => (open = resolve));
    const id = alice.enqueue({ from: from.address, to: own.address });
    await alice.untilState(id, 'mining');
    const run = alice.database.run.bind(alice.database);
    let refused = 0;
    alice.database.run = (sql, ...values) => {
      if (!sql.includes('UPDATE outbox')) return run(sql, ...values);
      refused++;
      throw new Error('database or disk is full');
    };
    open();
    // The object could not be stored, and neither could that its work was lost.
    await alice.until(() => refused >= 2);
    alice.database.run = run;
    await alice.until(() => {
      clock.advance(60);
      return alice.state(id) === 'sent';
    });
  });

  it('refuses a sender that is not ours, and recipients of foreign streams', () => {
    assert.throws(() => alice.enqueue({ from: to.address, to: from.address }), /not one of your identities/);
    assert.throws(() => alice.enqueue({ from: from.address, to: 'BM-nonsense' }), /not a Bitmessage address|mistyped/);
    const elsewhere = formatAddress({ ...to.decoded, stream: 7n });
    assert.throws(() => alice.enqueue({ from: from.address, to: elsewhere }), /lives in stream 7, which this program is not in/);
  });

  describe('over a restart', () => {
    it('goes on when it was queued', async () => {
      await alice.messaging.stop();
      const id = alice.enqueue({ from: from.address, to: from.address });
      alice.database.close();
      alice.start();
      await alice.untilState(id, 'sent');
    });

    it('goes on waiting for a key, and takes it when it comes', async () => {
      const id = alice.enqueue({ from: from.address, to: to.address });
      await alice.untilState(id, 'awaiting-pubkey');
      await restart(alice);
      assert.equal(alice.state(id), 'awaiting-pubkey');
      alice.connect(bob);
      await alice.untilState(id, 'delivered');
      assert.equal(alice.inventory.scan([OBJECT_GETPUBKEY], 0, 10).length, 1);
    });

    it('begins the work again when it was lost', async () => {
      let release: () => void = () => {};
      hold = new Promise((resolve) => (release = resolve));
      new PubkeyTable(alice.database).put(keyOf(to), clock.now());
      const id = alice.enqueue({ from: from.address, to: to.address });
      await alice.untilState(id, 'mining');
      await restart(alice);
      release();
      alice.connect(bob);
      await alice.untilState(id, 'delivered');
      assert.equal(alice.messaging.outbox.get(id)?.attempts, 1);
    });

    it('does not send again what was committed, and recognises its ack', async () => {
      new PubkeyTable(alice.database).put(keyOf(to), clock.now());
      const id = alice.enqueue({ from: from.address, to: to.address });
      await alice.untilState(id, 'awaiting-ack');
      const before = jobs.length;
      await restart(alice);
      alice.connect(bob);
      await alice.untilState(id, 'delivered');
      assert.equal(jobs.length, before);
      assert.equal(bob.delivered.length, 1);
    });

    it('keeps message and object together: neither without the other when the commit fails', async () => {
      const id = alice.enqueue({ from: from.address, to: from.address });
      const table = new OutboxTable(alice.database);
      await alice.untilState(id, 'sent');
      const row = table.get(id);
      assert.ok(row?.objectHash && alice.inventory.has(row.objectHash));
      // A store that fails in the middle of the publishing transaction.
      alice.database.exec("CREATE TRIGGER fail BEFORE UPDATE OF attempts ON outbox BEGIN SELECT RAISE(ABORT, 'disk full'); END");
      const second = alice.enqueue({ from: from.address, to: from.address });
      await alice.until(() => alice.reported.some((message) => message.id === second && message.outgoing.state === 'mining'));
      await alice.until(() => alice.state(second) === 'queued');
      assert.equal(alice.inventory.scan([OBJECT_MSG], 0, 10).length, 1);
      alice.database.exec('DROP TRIGGER fail');
      clock.advance(60);
      await alice.untilState(second, 'sent');
    });
  });
});

function keyOf(identity: UsableIdentity) {
  return {
    address: identity.address,
    bitfield: 1,
    signingKey: identity.keys.signingKey,
    encryptionKey: identity.keys.encryptionKey,
    demandTrials: 1,
    demandExtraBytes: 1,
    objectExpiresAt: 0,
  };
}

async function restart(node: TestNode, options: Parameters<TestNode['start']>[0] = {}): Promise<void> {
  await node.stop();
  node.start(options);
}

function aborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }));
}

/** TTLs are jittered by up to five minutes. */
function near(seconds: number, expected: number): void {
  assert.ok(Math.abs(seconds - expected) <= 300, `${seconds} s is not about ${expected} s`);
}
