/** A node whose private keys are encrypted: what it does before they are unlocked, and what is made good after. */
import assert from 'node:assert/strict';
import { Keystore } from '../../../src/access/keystore.js';
import { KeysLocked } from '../../../src/bitmessage/key-vault.js';
import type { UsableIdentity } from '../../../src/bitmessage/messaging/identities.js';
import { OBJECT_GETPUBKEY, OBJECT_MSG, OBJECT_PUBKEY } from '../../../src/bitmessage/wire/params.js';
import { KeySlots } from '../../../src/store/key-slots.js';
import { stopSharedMiner, TestNode } from '../../support/messaging-node.js';

const PASSPHRASE = 'correct horse battery';

describe('locked keys', function () {
  this.timeout(60_000);
  let keystore: Keystore;
  let alice: TestNode;
  let bob: TestNode;
  let from: UsableIdentity;
  let to: UsableIdentity;

  beforeEach(async () => {
    alice = new TestNode().start();
    bob = new TestNode({
      vault: (database) => {
        keystore = new Keystore({
          slots: new KeySlots(database),
          transaction: (work) => database.transaction(work),
          cleanse: async () => {},
        });
        return keystore;
      },
    }).start();
    from = await alice.messaging.identities.create({ label: 'alice' });
    to = await bob.messaging.identities.create({ label: 'bob' });
    await keystore.encrypt(PASSPHRASE, null);
  });
  afterEach(async () => {
    await alice.remove();
    await bob.remove();
  });
  after(stopSharedMiner);

  const restart = async (): Promise<void> => {
    await bob.stop();
    bob.start();
    assert.equal(keystore.state, 'locked');
  };

  it('are used as before in the run that encrypted them', async () => {
    alice.connect(bob);
    const id = alice.enqueue({ from: from.address, to: to.address });
    await alice.untilState(id, 'delivered');
    const more = await bob.messaging.identities.create({ label: 'more' });
    await alice.untilState(alice.enqueue({ from: from.address, to: more.address }), 'delivered');
    assert.equal(bob.delivered.length, 2);
  });

  it('read what came meanwhile once they are unlocked, over another restart too', async () => {
    alice.connect(bob);
    await alice.untilState(alice.enqueue({ from: from.address, to: to.address }), 'delivered');
    await restart();
    alice.connect(bob);
    const ids = ['one', 'two', 'three'].map((text) =>
      alice.enqueue({ from: from.address, to: to.address, content: Buffer.from(`Subject:${text}\nBody:`) }),
    );
    for (const id of ids) await alice.untilState(id, 'awaiting-ack');
    await bob.until(() => bob.inventory.scan([OBJECT_MSG], 0, 100).length >= 5 && bob.inventory.unprocessedCount() === 0);
    assert.equal(bob.delivered.length, 1);
    await restart();
    await bob.until(() => bob.inventory.unprocessedCount() === 0);
    assert.equal(bob.delivered.length, 1);
    assert.equal(await keystore.unlock(PASSPHRASE), true);
    alice.connect(bob);
    for (const id of ids) await alice.untilState(id, 'delivered');
    assert.equal(bob.delivered.length, 4);
    await bob.until(() => bob.messaging.identities.all().every(({ rescanAfter }) => rescanAfter === -1));
  });

  it('send what was queued meanwhile, and recognise an ack without being unlocked', async () => {
    alice.connect(bob);
    await restart();
    const id = bob.enqueue({ from: to.address, to: from.address });
    await bob.until(() => bob.inventory.unprocessedCount() === 0);
    assert.equal(bob.state(id), 'queued');
    await keystore.unlock(PASSPHRASE);
    await alice.until(() => alice.delivered.length === 1);
    await bob.untilState(id, 'delivered');
    bob.disconnect(alice);
    const second = bob.enqueue({ from: to.address, to: from.address, content: Buffer.from('Subject:again\nBody:') });
    await bob.untilState(second, 'awaiting-ack');
    await restart();
    bob.connect(alice);
    await bob.untilState(second, 'delivered');
  });

  it('answer who asked for a pubkey once they are unlocked', async () => {
    await restart();
    const before = bob.inventory.scan([OBJECT_PUBKEY], 0, 10).length;
    const id = alice.enqueue({ from: from.address, to: to.address });
    await alice.untilState(id, 'awaiting-pubkey');
    const [asked] = alice.inventory.scan([OBJECT_GETPUBKEY], 0, 1);
    bob.take(asked.object.bytes);
    await bob.until(() => (bob.messaging.identities.find(to.address)?.pubkeyDueAt ?? 0) > 0);
    assert.equal(bob.inventory.scan([OBJECT_PUBKEY], 0, 10).length, before);
    await keystore.unlock(PASSPHRASE);
    await bob.until(() => bob.inventory.scan([OBJECT_PUBKEY], 0, 10).length === before + 1);
  });

  it('cannot be joined by new ones, and chans keep their passphrase to themselves', async () => {
    const chan = await bob.messaging.identities.joinChan('general');
    await restart();
    assert.equal(bob.messaging.identities.find(chan.address)?.label, '');
    await assert.rejects(bob.messaging.identities.create({ label: 'new' }), KeysLocked);
    await assert.rejects(bob.messaging.identities.joinChan('another'), KeysLocked);
    assert.equal(bob.messaging.identities.all().length, 2);
    await keystore.unlock(PASSPHRASE);
    assert.equal(bob.messaging.identities.find(chan.address)?.label, 'general');
    assert.equal((await bob.messaging.identities.joinChan('general')).id, chan.id);
    await keystore.decrypt();
    await bob.stop();
    bob.start();
    assert.deepEqual([keystore.state, bob.messaging.identities.find(chan.address)?.label], ['open', 'general']);
    assert.deepEqual(bob.messaging.identities.find(to.address)?.keys, to.keys);
  });
});
