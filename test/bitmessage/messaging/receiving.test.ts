import assert from 'node:assert/strict';
import { type Clock, ManualClock } from '../../../src/base/clock.js';
import { authorOf, type UsableIdentity } from '../../../src/bitmessage/messaging/identities.js';
import { buildAckBody, buildAckPacket, drawAckdata } from '../../../src/bitmessage/objects/ack.js';
import { buildGetpubkey } from '../../../src/bitmessage/objects/getpubkey.js';
import { buildMsg } from '../../../src/bitmessage/objects/msg.js';
import { DOES_ACK } from '../../../src/bitmessage/objects/pubkey-data.js';
import { withNonce } from '../../../src/bitmessage/wire/object.js';
import { OBJECT_MSG, OBJECT_PUBKEY, PRIVATE } from '../../../src/bitmessage/wire/params.js';
import { initialHash, target } from '../../../src/pow/target.js';
import { MINIMUM, sharedMiner, stopSharedMiner, TestNode, type TestNodeOptions } from '../../support/messaging-node.js';

describe('receiving', () => {
  let clock: ManualClock;
  let nodes: TestNode[];
  let bob: TestNode;
  let author: UsableIdentity;
  let to: UsableIdentity;

  function node(options: TestNodeOptions = {}): TestNode {
    const made = new TestNode({ clock, ...options, messaging: { publishPubkeys: false, ...options.messaging } }).start();
    nodes.push(made);
    return made;
  }

  beforeEach(async () => {
    clock = new ManualClock(Math.floor(Date.now() / 1000));
    nodes = [];
    const stranger = node();
    author = await stranger.messaging.identities.create({ label: 'author' });
    bob = node();
    to = await bob.messaging.identities.create({ label: 'bob' });
  });
  afterEach(async () => {
    for (const made of nodes) await made.remove();
  });
  after(stopSharedMiner);

  /** A body for Bob, not yet mined; each call signs anew. */
  function body(options: { text?: string; encoding?: number; ack?: Uint8Array; recipient?: UsableIdentity } = {}): Uint8Array {
    const recipient = options.recipient ?? to;
    return buildMsg({
      author: authorOf(author, MINIMUM),
      recipient: { ...recipient.decoded, encryptionKey: recipient.keys.encryptionKey },
      encoding: options.encoding ?? 2,
      message: Buffer.from(options.text ?? 'Subject:a\nBody:b'),
      ack: options.ack ?? new Uint8Array(0),
      expiresAt: clock.now() + 3600,
    });
  }

  async function ackObject(expiresAt = clock.now() + 86_400): Promise<Uint8Array> {
    return mined(buildAckBody(drawAckdata(1n), expiresAt), clock);
  }

  /** Resolves when nothing is left to look at. */
  async function settled(of: TestNode = bob): Promise<void> {
    await of.until(() => of.inventory.unprocessedCount() === 0);
  }

  /** What is in the inventory beside what was put there by hand. */
  function released(ack: Uint8Array): boolean {
    return bob.inventory.scan([OBJECT_MSG], 0, 100).some(({ object }) => Buffer.from(object.bytes).equals(ack));
  }

  it('shows one message once, however often it is mined anew', async () => {
    const one = body();
    bob.take(await mined(one, clock));
    bob.take(await mined(one, clock, true));
    await bob.until(() => bob.delivered.length > 0 && bob.inventory.unprocessedCount() === 0);
    assert.equal(bob.inventory.scan([OBJECT_MSG], 0, 10).length, 2);
    assert.equal(bob.delivered.length, 1);
  });

  it('shows a message that was sent again once, and acknowledges it again', async () => {
    const ackdata = drawAckdata(1n);
    const acks = [
      await mined(buildAckBody(ackdata, clock.now() + 86_400), clock),
      await mined(buildAckBody(ackdata, clock.now() + 90_000), clock),
    ];
    for (const ack of acks) bob.take(await mined(body({ ack: buildAckPacket(PRIVATE.magic, ack) }), clock));
    await bob.until(() => acks.every(released));
    assert.equal(bob.delivered.length, 1);
    clock.advance(60 * 86_400 + 1);
    const late = await mined(buildAckBody(ackdata, clock.now() + 86_400), clock);
    bob.take(await mined(body({ ack: buildAckPacket(PRIVATE.magic, late) }), clock));
    await bob.until(() => bob.delivered.length === 2);
  });

  it('shows the same words twice when they were written twice', async () => {
    for (const ack of [await ackObject(), await ackObject()])
      bob.take(await mined(body({ ack: buildAckPacket(PRIVATE.magic, ack) }), clock));
    bob.take(await mined(body(), clock));
    bob.take(await mined(body(), clock));
    await bob.until(() => bob.delivered.length === 4);
  });

  it('publishes the ack only when the house has the message', async () => {
    const ack = await ackObject();
    let full = true;
    bob.onDeliver = async ({ content }) => {
      if (Buffer.from(content).toString() !== 'later') assert.equal(released(ack), false);
      if (full) throw new Error('disk full');
    };
    bob.take(await mined(body({ ack: buildAckPacket(PRIVATE.magic, ack) }), clock));
    bob.take(await mined(body({ text: 'later' }), clock));
    await turns();
    assert.equal(bob.inventory.unprocessedCount(), 2);
    full = false;
    for (let second = 0; second < 20 && bob.delivered.length < 2; second++) {
      clock.advance(1);
      await turns();
    }
    await bob.until(() => released(ack));
    assert.equal(bob.delivered.length, 2);
  });

  it('delivers again, under the same hash, what a crash interrupted', async () => {
    const seen: string[] = [];
    bob.onDeliver = async (message) => {
      seen.push(Buffer.from(message.objectHash).toString('hex'));
      if (seen.length === 1) throw new Error('the program ends here, the mail is on the disk');
    };
    bob.take(await mined(body(), clock));
    await until(() => seen.length === 1);
    await bob.stop();
    bob.start();
    await bob.until(() => bob.delivered.length === 1);
    assert.deepEqual(seen, [seen[0], seen[0]]);
    await settled();
    await bob.stop();
    bob.start();
    await turns();
    assert.equal(seen.length, 2);
  });

  it('goes on with the others when it stumbles over an object, and tries that again for hours before it gives up', async () => {
    let stumbles = 0;
    const carol = node({
      standing: () => {
        stumbles++;
        throw new Error('a fault of ours');
      },
    });
    const recipient = await carol.messaging.identities.create({ label: 'carol' });
    carol.take(await mined(body({ recipient }), clock));
    carol.take(await mined(buildGetpubkey(recipient.decoded, clock.now() + 3600), clock));
    await carol.until(() => carol.inventory.scan([OBJECT_PUBKEY], 0, 1).length === 1);
    await turns();
    assert.equal(stumbles, 1);
    assert.equal(carol.inventory.unprocessedCount(), 1);
    for (let tries = 2; tries <= 8; tries++) {
      clock.advance(10 * 4 ** (tries - 2));
      await carol.until(() => stumbles === tries);
    }
    await carol.until(() => carol.inventory.unprocessedCount() === 0);
  });

  it('ignores who does less work than is demanded, unless a friend', async () => {
    const friends = new Set<string>();
    const carol = node({ standing: (address) => (friends.has(address) ? 'friend' : 'stranger') });
    const recipient = await carol.messaging.identities.create({ label: 'carol' });
    carol.messaging.identities.update(recipient.address, { demandTrials: 1_000_000 });
    carol.take(await mined(body({ recipient, text: 'stranger' }), clock));
    await turns();
    await settled(carol);
    friends.add(author.address);
    carol.take(await mined(body({ recipient, text: 'friend' }), clock));
    await carol.until(() => carol.delivered.length === 1);
    assert.equal(Buffer.from(carol.delivered[0].content).toString(), 'friend');
  });

  it('takes little work of whom one has subscribed to, for that makes a friend', async () => {
    bob.messaging.identities.update(to.address, { demandTrials: 1_000_000 });
    bob.take(await mined(body({ text: 'stranger' }), clock));
    await settled();
    bob.messaging.subscriptions.put(author.address, '');
    bob.take(await mined(body({ text: 'author' }), clock));
    await bob.until(() => bob.delivered.length === 1);
    assert.equal(Buffer.from(bob.delivered[0].content).toString(), 'author');
  });

  it('acknowledges nothing for an identity whose owner does not want it, and says so to whom it writes', async () => {
    const bit = ({ address }: UsableIdentity): number =>
      authorOf(bob.messaging.identities.usable().find((own) => own.address === address) ?? to, MINIMUM).behavior;
    assert.equal(bit(to), DOES_ACK);
    bob.messaging.identities.update(to.address, { sendsAcks: false });
    assert.equal(bit(to), 0);
    const ack = await ackObject();
    bob.take(await mined(body({ ack: buildAckPacket(PRIVATE.magic, ack) }), clock));
    await bob.until(() => bob.delivered.length === 1);
    await turns();
    assert.equal(released(ack), false);
    const chan = await bob.messaging.identities.joinChan('general');
    assert.equal(authorOf(chan as UsableIdentity, MINIMUM).behavior, 0, 'nor for a chan, whose members are many');
    const asked = await ackObject();
    bob.take(await mined(body({ recipient: chan as UsableIdentity, ack: buildAckPacket(PRIVATE.magic, asked) }), clock));
    await bob.until(() => bob.delivered.length === 2);
    await turns();
    assert.equal(released(asked), false);
  });

  it('delivers what a blocked sender writes without an ack, and nothing of encoding 0', async () => {
    const carol = node({ standing: () => 'blocked' });
    const recipient = await carol.messaging.identities.create({ label: 'carol' });
    const ack = await ackObject();
    carol.take(await mined(body({ recipient, encoding: 0 }), clock));
    carol.take(await mined(body({ recipient, ack: buildAckPacket(PRIVATE.magic, ack) }), clock));
    await carol.until(() => carol.delivered.length === 1);
    await turns();
    assert.equal(carol.delivered[0].encoding, 2);
    assert.equal(carol.inventory.scan([OBJECT_MSG], 0, 10).length, 2);
  });

  it('refuses a message written to somebody else and encrypted anew to us', async () => {
    const other = await nodes[0].messaging.identities.create({ label: 'other' });
    const recipient = { ...to.decoded, ripe: other.decoded.ripe, encryptionKey: to.keys.encryptionKey };
    const forwarded = buildMsg({
      author: authorOf(author, MINIMUM),
      recipient,
      encoding: 2,
      message: new Uint8Array(1),
      ack: new Uint8Array(0),
      expiresAt: clock.now() + 3600,
    });
    bob.take(await mined(forwarded, clock));
    bob.take(await mined(body(), clock));
    await bob.until(() => bob.delivered.length === 1);
    await settled();
    assert.equal(bob.delivered.length, 1);
  });

  describe('acks', () => {
    const tooLong = new Uint8Array(1600);

    for (const [why, make] of [
      ['of another network', async () => buildAckPacket(0xe9beb4d9, await ackObject())],
      ['without work', async () => buildAckPacket(PRIVATE.magic, unmined(buildAckBody(drawAckdata(1n), clock.now() + 2_000_000)))],
      [
        'of a foreign stream',
        async () => buildAckPacket(PRIVATE.magic, await mined(buildAckBody(drawAckdata(7n), clock.now() + 3600), clock)),
      ],
      ['that is too large', async () => buildAckPacket(PRIVATE.magic, tooLong)],
      ['that lives too long', async () => buildAckPacket(PRIVATE.magic, await ackObject(clock.now() + 3_000_000))],
      ['that is no packet', async () => tooLong.subarray(0, 40)],
    ] as const) {
      it(`delivers the message, but does not publish an ack ${why}`, async () => {
        bob.take(await mined(body({ ack: await make() }), clock));
        await bob.until(() => bob.delivered.length === 1);
        await settled();
        await turns();
        assert.equal(bob.inventory.scan([OBJECT_MSG], 0, 10).length, 1);
      });
    }

    it('waits a while, over a restart too', async () => {
      await bob.stop();
      bob.start({ ackDelay: { min: 60, max: 180 }, publishPubkeys: false });
      const ack = await ackObject();
      bob.take(await mined(body({ ack: buildAckPacket(PRIVATE.magic, ack) }), clock));
      await bob.until(() => bob.delivered.length === 1);
      await settled();
      clock.advance(59);
      await turns();
      assert.equal(released(ack), false);
      await bob.stop();
      bob.start({ publishPubkeys: false });
      clock.advance(122);
      await bob.until(() => released(ack));
    });
  });

  describe('getpubkeys', () => {
    async function ask(version?: number): Promise<void> {
      const address = version === undefined ? to.decoded : { ...to.decoded, version };
      bob.take(await mined(buildGetpubkey(address, clock.now() + 3600), clock));
      await settled();
    }
    const answers = (): number => bob.inventory.scan([OBJECT_PUBKEY], 0, 10).length;

    it('answers with a new object each time, those close together with one', async () => {
      await bob.stop();
      bob.start({ publishPubkeys: false, pubkeyAnswerIntervalSeconds: 3600 });
      await ask();
      await bob.until(() => answers() === 1);
      clock.advance(600);
      await ask();
      await ask();
      clock.advance(2999);
      await turns();
      assert.equal(answers(), 1);
      clock.advance(1);
      await bob.until(() => answers() === 2);
    });

    it('does not answer for another version, a chan, or an identity that is switched off', async () => {
      const chan = await bob.messaging.identities.joinChan('general');
      await ask(3);
      bob.take(await mined(buildGetpubkey(chan.decoded, clock.now() + 3600), clock));
      bob.messaging.identities.update(to.address, { enabled: false });
      await ask();
      await turns();
      assert.equal(answers(), 0);
    });

    it('publishes the pubkey of a new identity, and again a day before it expires', async () => {
      await bob.stop();
      bob.start({ publishPubkeys: true });
      await bob.until(() => answers() === 1);
      clock.advance(27 * 86_400 - 301);
      await turns();
      assert.equal(answers(), 1);
      clock.advance(602);
      await bob.until(() => answers() === 2);
    });

    it('publishes it again, and answers, when the clock was years ahead the first time', async () => {
      clock.advance(1000 * 86_400);
      await bob.stop();
      bob.start({ publishPubkeys: true });
      await bob.until(() => answers() === 1);
      await ask();
      await bob.until(() => answers() === 2);
      await bob.stop();
      clock.setBack(1000 * 86_400);
      bob.start({ publishPubkeys: true });
      await bob.until(() => answers() === 3);
      await ask();
      await bob.until(() => answers() === 4);
    });

    it('publishes none of a chan', async () => {
      const chan = await bob.messaging.identities.joinChan('general');
      const later = await bob.messaging.identities.create({ label: 'later' });
      await bob.stop();
      bob.start({ publishPubkeys: true });
      // Each in its turn, the oldest first.
      await bob.until(() => (bob.messaging.identities.find(later.address)?.pubkeyExpiresAt ?? 0) > 0);
      assert.equal(bob.messaging.identities.find(chan.address)?.pubkeyExpiresAt, 0);
      assert.equal(answers(), 2);
    });
  });
});

/** Does the network's minimum of work; `again`: with another nonce, which makes another object of it. */
async function mined(body: Uint8Array, clock: Clock, again = false): Promise<Uint8Array> {
  const view = new DataView(body.buffer, body.byteOffset);
  const ttlSeconds = Number(view.getBigUint64(0)) - clock.now() + 300;
  const limit = target({ lengthBytes: body.length + 8, ttlSeconds, ...MINIMUM });
  const mine = async (harder: bigint): Promise<bigint> =>
    (await sharedMiner().mine({ initialHash: initialHash(body), target: limit / harder })).nonce;
  const first = await mine(1n);
  if (!again) return withNonce(first, body);
  for (let harder = 2n; ; harder *= 2n) {
    const other = await mine(harder);
    if (other !== first) return withNonce(other, body);
  }
}

/** A nonce that certainly does not suffice. */
function unmined(body: Uint8Array): Uint8Array {
  return withNonce(0n, body);
}

/** Lets everything that is ready run, threads included. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setTimeout(resolve, 2));
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
