import assert from 'node:assert/strict';
import { stopSharedMiner, TestNode } from '../../support/messaging-node.js';

describe('messaging', () => {
  let alice: TestNode;
  let bob: TestNode;

  beforeEach(() => {
    alice = new TestNode().start();
    bob = new TestNode().start();
  });
  afterEach(async () => {
    await alice.remove();
    await bob.remove();
  });
  after(stopSharedMiner);

  for (const version of [3, 4] as const) {
    it(`asks for the key of a v${version} recipient, sends, and sees the ack`, async () => {
      await restart(bob, { publishPubkeys: false });
      const from = await alice.messaging.identities.create({ label: 'alice' });
      const to = await bob.messaging.identities.create({ label: 'bob', version });
      const id = alice.enqueue({ from: from.address, to: to.address });
      await alice.untilState(id, 'awaiting-pubkey');
      alice.connect(bob);
      await alice.untilState(id, 'delivered');
      assert.equal(bob.delivered.length, 1);
      const [message] = bob.delivered;
      assert.equal(message.from, from.address);
      assert.equal(message.to, to.address);
      assert.equal(Buffer.from(message.content).toString(), 'Subject:hello\nBody:world');
      assert.equal(message.chan, false);
      assert.deepEqual(alice.messaging.outbox.get(id)?.objectHash, Buffer.from(message.objectHash).toString('hex'));
    });
  }

  it('finds a key published before, by its tag, and asks nobody', async () => {
    const from = await alice.messaging.identities.create({ label: 'alice' });
    const to = await bob.messaging.identities.create({ label: 'bob' });
    alice.connect(bob);
    await bob.until(() => (bob.messaging.identities.find(to.address)?.pubkeyExpiresAt ?? 0) > 0);
    await alice.until(() => alice.inventory.byTag(1, to.tag).length > 0);
    const id = alice.enqueue({ from: from.address, to: to.address });
    await alice.untilState(id, 'delivered');
    assert.equal(alice.inventory.scan([0], 0, 10).length, 0);
  });
});

async function restart(node: TestNode, options: Parameters<TestNode['start']>[0] = {}): Promise<void> {
  await node.stop();
  node.start(options);
}
