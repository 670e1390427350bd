import assert from 'node:assert/strict';
import { type FolderRules, ImapNo } from '../../src/imap/folder-rules.js';
import { ALICE, address, BOB, CAROL, COMBINED, House } from './house.js';

const IDENTITY = { user: ALICE, identity: ALICE };

describe('folders', () => {
  let house: House;
  let rules: FolderRules;
  beforeEach(async () => {
    house = await House.open();
    rules = house.mapping.folderRules;
  });
  afterEach(() => house.close());

  it('are there and subscribed from the first start on', () => {
    const standard = ['INBOX', 'Archive', 'Chans', 'Drafts', 'Junk', 'Outbox', 'Sent', 'Subscriptions', 'Trash'];
    assert.deepEqual(house.paths().sort(), standard.sort());
    assert.deepEqual(house.mailboxes.subscriptions().sort(), standard.sort());
    const uses = house.mailboxes.list().filter((mailbox) => mailbox.specialUse !== null);
    assert.deepEqual(Object.fromEntries(uses.map(({ path, specialUse }) => [path, specialUse])), {
      Archive: '\\Archive',
      Drafts: '\\Drafts',
      Junk: '\\Junk',
      Sent: '\\Sent',
      Trash: '\\Trash',
    });
    assert.deepEqual([house.mailboxes.find('Chans')?.selectable, house.mailboxes.find('Subscriptions')?.selectable], [false, false]);
  });

  it('are the same after the next start, and what the person unsubscribed stays so', async () => {
    house.mailboxes.unsubscribe('Junk');
    house.mailboxes.unsubscribe('INBOX');
    const before = house.mailboxes.list();
    await house.mapping.start();
    assert.deepEqual(house.mailboxes.list(), before);
    assert.ok(!house.mailboxes.subscriptions().some((path) => path === 'Junk' || path === 'INBOX'));
  });

  it('say hello once', async () => {
    const fresh = new House();
    fresh.node.add({ address: ALICE });
    await fresh.mapping.start();
    await fresh.mapping.start();
    const [mail, ...more] = fresh.mails('INBOX');
    assert.deepEqual(more, []);
    assert.match(mail, new RegExp(`^To: ${ALICE}@bitmessage\r$`, 'm'));
    await fresh.close();
  });

  it('come and go as the person likes', async () => {
    await rules.create(COMBINED, 'Arbeit/Übung', null);
    await rules.rename(COMBINED, 'Arbeit/Übung', 'Archive/Übung');
    assert.ok(house.paths().includes('Archive/Übung'));
    await rules.remove(COMBINED, 'Archive/Übung');
    assert.ok(!house.paths().includes('Archive/Übung'));
  });

  it('takes a trailing delimiter as a statement, not a name', async () => {
    await rules.create(COMBINED, 'Work/', null);
    assert.ok(house.paths().includes('Work'));
  });

  for (const [path, code, why] of [
    ['INBOX', 'ALREADYEXISTS', 'there already'],
    ['inbox', 'ALREADYEXISTS', 'INBOX in any case'],
    ['Chans', 'ALREADYEXISTS', 'the parent of the chans'],
    ['chans/x', 'CANNOT', 'one that only looks like a chan'],
    ['sent', 'CANNOT', 'one that only looks like a standard folder'],
    ['Chans/a/b', 'CANNOT', 'nested in a chan'],
    [`Subscriptions/${BOB}/x`, 'CANNOT', 'nested in a subscription'],
    ['Subscriptions/Bob', 'CANNOT', 'a subscription to no address'],
    ['Outbox/x', 'CANNOT', 'in Outbox'],
    ['a//b', 'CANNOT', 'without a name'],
  ] as const)
    it(`refuses to make one ${why}: ${path}`, async () => {
      const before = house.paths();
      await assert.rejects(rules.create(COMBINED, path, null), (error) => error instanceof ImapNo && error.code === code);
      assert.deepEqual(house.paths(), before);
    });

  for (const [from, to, code, why] of [
    ['Sent', 'Old', 'CANNOT', 'a standard folder'],
    ['Chans', 'Old', 'CANNOT', 'the parent of the chans'],
    ['Mine', 'Sent', 'ALREADYEXISTS', 'onto a standard folder'],
    ['Mine', 'Chans/Mine', 'CANNOT', 'into Chans, which would look like joining'],
    ['Mine', 'Mine/below', 'CANNOT', 'into itself'],
    ['Chans/general', 'general', 'CANNOT', 'a chan out of Chans'],
    ['Chans/general', 'Subscriptions/general', 'CANNOT', 'a chan into Subscriptions'],
    ['Gone', 'There', 'NONEXISTENT', 'what is not there'],
  ] as const)
    it(`refuses to rename ${why}`, async () => {
      await rules.create(COMBINED, 'Mine', null);
      await rules.create(COMBINED, 'Chans/general', null);
      const before = house.paths();
      await assert.rejects(rules.rename(COMBINED, from, to), (error) => error instanceof ImapNo && error.code === code);
      assert.deepEqual(house.paths(), before);
    });

  for (const path of ['INBOX', 'Sent', 'Outbox', 'Chans', 'Subscriptions'])
    it(`never removes ${path}`, async () => {
      await assert.rejects(rules.remove(COMBINED, path), { code: 'CANNOT' });
    });

  // Decision 13.
  for (const [path, limit] of [
    ['INBOX', 37_748_736],
    ['Archive', 37_748_736],
    ['Sent/2019', 37_748_736],
    ['Old mail', 37_748_736],
    ['Drafts', 423_379],
    ['Sent', 423_379],
    ['Chans/general', 423_379],
    ['Outbox', 0],
  ] as const)
    it(`take messages of ${limit} bytes at most: ${path}`, () => assert.equal(rules.appendLimit(path), limit));

  it('gives a special use once', async () => {
    await assert.rejects(rules.create(COMBINED, 'Bin', '\\Trash'), { code: 'USEATTR' });
    await rules.create(COMBINED, 'Starred', '\\Flagged');
    assert.equal(house.mailboxes.find('Starred')?.specialUse, '\\Flagged');
  });

  describe('of chans', () => {
    const isMember = (): boolean => house.node.identities().some(({ chan }) => chan);
    const chans = (): string[] =>
      house.node
        .identities()
        .filter(({ chan }) => chan)
        .map(({ address }) => address);
    const post = async (body: string): Promise<void> => {
      const { address } = house.node.identities().find(({ chan }) => chan)!;
      await house.deliver({ to: address, chan: true, body });
    };

    it('join when made, leave when removed', async () => {
      await rules.create(COMBINED, 'Chans/general', null);
      assert.ok(isMember());
      assert.ok(house.mailboxes.subscriptions().includes('Chans/general'));
      await assert.rejects(rules.create(COMBINED, 'Chans/general', null), { code: 'ALREADYEXISTS' });
      await rules.remove(COMBINED, 'Chans/general');
      assert.ok(!isMember());
      assert.ok(!house.paths().includes('Chans/general'));
    });

    it('keep their posts and UIDs over leaving and joining again', async () => {
      await rules.create(COMBINED, 'Chans/general', null);
      await post('one');
      const { id, uidValidity } = house.mailboxes.find('Chans/general')!;
      await rules.remove(COMBINED, 'Chans/general');
      await rules.create(COMBINED, 'Chans/general', null);
      const again = house.mailboxes.find('Chans/general')!;
      assert.deepEqual([again.id, again.uidValidity, house.entries('Chans/general').length], [id, uidValidity, 1]);
    });

    it('can have another name, so that the passphrase is not shown', async () => {
      await rules.create(COMBINED, 'Chans/secret words', null);
      await rules.rename(COMBINED, 'Chans/secret words', 'Chans/Friends');
      await post('hello');
      assert.equal(house.entries('Chans/Friends').length, 1);
      assert.doesNotMatch(house.mails('Chans/Friends')[0], /secret/);
      await assert.rejects(rules.create(COMBINED, 'Chans/secret words', null), /in this chan already: Chans\/Friends/);
    });

    it('can be old: the address behind the passphrase says so, and they come back as they were', async () => {
      const old = address(3, 1n, 'chan general');
      const path = `Chans/general ${old}`;
      await rules.create(COMBINED, path, null);
      assert.deepEqual(chans(), [old]);
      await rules.rename(COMBINED, path, 'Trash/general');
      assert.deepEqual(chans(), []);
      await rules.rename(COMBINED, 'Trash/general', 'Chans/General');
      assert.deepEqual(chans(), [old]);
    });

    it('are not joined by a passphrase that makes another address', async () => {
      await assert.rejects(rules.create(COMBINED, `Chans/general ${CAROL}`, null), { code: 'CANNOT' });
      assert.deepEqual(chans(), []);
    });

    it('leave when moved to Trash, come back when moved out of it', async () => {
      await rules.create(COMBINED, 'Chans/general', null);
      await post('one');
      await rules.rename(COMBINED, 'Chans/general', 'Trash/general');
      assert.ok(!isMember());
      await rules.rename(COMBINED, 'Trash/general', 'Chans/General');
      assert.ok(isMember());
      await post('two');
      assert.equal(house.entries('Chans/General').length, 2);
    });

    it('forget for good when removed from Trash: joining anew fills the folder anew', async () => {
      await rules.create(COMBINED, 'Chans/general', null);
      const { address } = house.node.identities().find(({ chan }) => chan)!;
      const old = { to: address, chan: true, objectHash: Buffer.alloc(32, 1), signatureHash: Buffer.alloc(32, 2) };
      await house.deliver(old);
      await rules.remove(COMBINED, 'Chans/general');
      await rules.remove(COMBINED, 'Trash/general');
      assert.ok(!house.paths().includes('Trash/general'));
      await rules.create(COMBINED, 'Chans/general', null);
      await house.deliver(old);
      assert.equal(house.entries('Chans/general').length, 1);
    });

    it('are made by the command line too', async () => {
      assert.equal((await house.mapping.groups.joinChan('a/b', '')).folder, 'Chans/a∕b');
      assert.equal((await house.mapping.groups.joinChan('a/b', 'ab')).folder, 'Chans/ab');
      assert.deepEqual(
        house.mapping.groups.chans().map(({ label, folder }) => ({ label, folder })),
        [{ label: 'ab', folder: 'Chans/ab' }],
      );
      await house.mapping.groups.leaveChan(house.mapping.groups.chans()[0].address);
      assert.deepEqual(house.mapping.groups.chans(), []);
      assert.ok(!house.paths().includes('Chans/ab'));
    });
  });

  describe('of subscriptions', () => {
    for (const name of [BOB, `${BOB}@bitmessage`, BOB.slice(3)])
      it(`subscribe when made: ${name}`, async () => {
        await rules.create(COMBINED, `Subscriptions/${name}`, null);
        assert.deepEqual(
          house.node.subscriptions().map(({ address }) => address),
          [BOB],
        );
        await house.deliver({ kind: 'broadcast', to: BOB });
        assert.equal(house.entries(`Subscriptions/${name}`).length, 1);
      });

    it('take the name of their folder', async () => {
      await rules.create(COMBINED, `Subscriptions/${BOB}`, null);
      await rules.rename(COMBINED, `Subscriptions/${BOB}`, 'Subscriptions/Bob');
      assert.deepEqual(house.node.subscriptions(), [{ address: BOB, label: 'Bob', enabled: true }]);
      assert.deepEqual(house.mapping.groups.subscriptions(), [{ address: BOB, label: 'Bob', folder: 'Subscriptions/Bob' }]);
    });

    it('end when the folder is removed or goes to Trash', async () => {
      await rules.create(COMBINED, `Subscriptions/${BOB}`, null);
      await rules.create(COMBINED, `Subscriptions/${CAROL}`, null);
      await rules.remove(COMBINED, `Subscriptions/${BOB}`);
      await rules.rename(COMBINED, `Subscriptions/${CAROL}`, 'Trash/carol');
      assert.deepEqual(house.node.subscriptions(), []);
    });
  });

  describe('in an identity login', () => {
    it('hide what belongs to the house', async () => {
      await rules.create(COMBINED, 'Chans/general', null);
      for (const path of ['Chans', 'Chans/general', 'Subscriptions']) assert.equal(rules.visible(IDENTITY, path), false);
      for (const path of ['INBOX', 'Sent', 'Outbox', 'Mine']) assert.equal(rules.visible(IDENTITY, path), true);
      await assert.rejects(rules.create(IDENTITY, 'Chans/other', null), { code: 'NOPERM' });
      await assert.rejects(rules.remove(IDENTITY, 'Chans/general'), { code: 'NONEXISTENT' });
    });

    it('store mail as that identity', async () => {
      const raw = Buffer.from('Subject: x\r\n\r\n');
      assert.deepEqual(await rules.append(IDENTITY, { path: 'Drafts', raw, flags: [] }), { kind: 'store', identity: ALICE });
      assert.deepEqual(await rules.append(COMBINED, { path: 'Drafts', raw, flags: [] }), { kind: 'store', identity: '' });
      const from = Buffer.from(`From: "A, B" <${ALICE.toLowerCase()}@bitmessage>\r\n\r\n`);
      assert.deepEqual(await rules.append(COMBINED, { path: 'Drafts', raw: from, flags: [] }), { kind: 'store', identity: ALICE });
    });
  });
});
