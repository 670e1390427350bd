import assert from 'node:assert/strict';
import { ContactRefusal } from '../../src/mapping/contacts.js';
import { findNamed, guessNamed, toPetname } from '../../src/mapping/petnames.js';
import type { SmtpRefusal } from '../../src/smtp/submission.js';
import { ALICE, BOB, CAROL, DAVE, House } from './house.js';

describe('petnames', () => {
  for (const [label, petname] of [
    ['Alice', 'alice'],
    ['Jörg  Müller-Lüdenscheidt', 'jörg.müller.lüdenscheidt'],
    [' .Dr. No. ', 'dr.no'],
    ['日本 太郎', '日本.太郎'],
    ['a+b@c', 'a.b.c'],
    ['🎉', ''],
  ])
    it(`makes "${petname}" of "${label}"`, () => assert.equal(toPetname(label), petname));

  const book = [
    { address: BOB, label: 'Bob Müller' },
    { address: CAROL, label: 'Carol' },
    { address: DAVE, label: 'carol' },
  ];
  it('lets dots, dashes and underscores stand for blanks, and forgives missing accents', () => {
    for (const text of ['bob.müller', 'Bob-Müller', 'bob_muller', 'BOB MÜLLER'])
      assert.deepEqual(
        findNamed(text, book).map(({ address }) => address),
        [BOB],
        text,
      );
    assert.equal(findNamed('CAROL', book).length, 2);
    assert.deepEqual(findNamed('', book), []);
  });
  it('guesses from four letters on', () => {
    assert.deepEqual(
      guessNamed('bob.muller', book).map(({ address }) => address),
      [BOB],
    );
    assert.deepEqual(guessNamed('bo', book), []);
  });
});

describe('contacts', () => {
  let house: House;
  beforeEach(async () => {
    house = await House.open();
  });
  afterEach(() => house.close());

  it('are reached by name', async () => {
    house.mapping.contacts.add(BOB, 'Bob Müller');
    await house.submit('bob.muller+ttl=2d@bitmessage', 'Subject: hi\n\nhello');
    await house.submit('"Bob Müller"@bitmessage', 'Subject: hi\n\nhello');
    assert.deepEqual(
      house.node.sent.map(({ to }) => to),
      [BOB, BOB],
    );
    assert.equal(house.node.sent[0].ttlSeconds, 172_800);
  });

  it('with one name are not guessed between, but listed', async () => {
    house.mapping.contacts.add(BOB, 'Bob');
    house.mapping.contacts.add(CAROL, 'bob');
    await assert.rejects(
      house.submit('bob@bitmessage', 'Subject: hi\n\nhello'),
      (error: SmtpRefusal) => error.enhanced === '5.1.4' && error.message.includes(BOB) && error.message.includes(CAROL),
    );
    assert.equal(house.mapping.contacts.find(BOB).petname, '');
    assert.throws(() => house.mapping.contacts.find('bob'), ContactRefusal);
  });

  it('come before chans and own addresses of the same name', async () => {
    await house.mapping.groups.joinChan('Tür und Tor', '');
    const [own] = house.node.identities();
    await house.submit('tür.und.tor@bitmessage', 'Subject: hi\n\nhello');
    assert.equal(house.node.sent[0].to, house.mapping.groups.chans()[0].address);
    await house.submit(`${toPetname(own.label)}@bitmessage`, 'Subject: hi\n\nhello');
    assert.equal(house.node.sent[1].to, own.address);
    house.mapping.contacts.add(BOB, 'Tür und Tor');
    await house.submit('tür.und.tor@bitmessage', 'Subject: hi\n\nhello');
    assert.equal(house.node.sent[2].to, BOB);
  });

  it('are suggested for a mistyped name', async () => {
    house.mapping.contacts.add(BOB, 'Robert');
    await assert.rejects(house.submit('rboert@bitmessage', 'Subject: hi\n\nhello'), /Did you mean robert@bitmessage/);
  });

  it('give display names to received mail', async () => {
    house.mapping.contacts.add(BOB, 'Bob Müller');
    await house.deliver({ from: BOB });
    assert.match(house.mails('INBOX')[0], /^From: .*B=C3=BCller|^From: =\?utf-8/im);
    assert.match(house.mails('INBOX')[0], /known/);
  });

  it('have any form of address, and a name', () => {
    const { contacts } = house.mapping;
    assert.equal(contacts.add(`${BOB}@bitmessage`, 'Bob\r\n').label, 'Bob');
    assert.equal(contacts.add(BOB.toLowerCase(), 'Robert').address, BOB);
    assert.deepEqual(
      contacts.list().map(({ label }) => label),
      ['Robert'],
    );
    for (const [address, label] of [
      ['nobody', 'x'],
      [CAROL, ' '],
      [CAROL, 'x'.repeat(201)],
      [ALICE, 'me'],
    ])
      assert.throws(() => contacts.add(address, label), ContactRefusal);
  });

  it('can be renamed and removed by name', () => {
    const { contacts } = house.mapping;
    contacts.add(BOB, 'Bob');
    assert.equal(contacts.rename('bob', 'Robert').petname, 'robert');
    assert.equal(contacts.remove('ROBERT').address, BOB);
    assert.deepEqual(contacts.list(), []);
  });
});

describe('blocking', () => {
  let house: House;
  const uidsOf = (path: string): number[] => house.entries(path).map(({ uid }) => uid);
  const transfer = async (from: string, to: string, kind: 'move' | 'copy' = 'move'): Promise<void> => {
    const uids = uidsOf(from);
    await house.mapping.folderRules.beforeTransfer({ user: 'me', identity: null }, from, to, uids, kind);
    house.mailboxes[kind](house.mailboxes.find(from)!.id, uids, house.mailboxes.find(to)!.id);
  };
  beforeEach(async () => {
    house = await House.open();
  });
  afterEach(() => house.close());

  for (const kind of ['move', 'copy'] as const)
    it(`begins with a ${kind} to Junk, and ends with moving back`, async () => {
      await house.deliver({ from: BOB });
      await transfer('INBOX', 'Junk', kind);
      assert.equal(house.mapping.blocking.standing(BOB), 'blocked');
      assert.deepEqual(house.entries('Junk')[0].flags, ['$Junk']);
      const before = house.entries('INBOX').length;
      await house.deliver({ from: BOB, body: 'again' });
      assert.equal(house.entries('INBOX').length, before);
      await transfer('Junk', 'Archive');
      assert.equal(house.mapping.blocking.standing(BOB), 'stranger');
      assert.deepEqual(house.entries('Archive')[0].flags, ['$NotJunk']);
      await house.deliver({ from: BOB, body: 'once more' });
      assert.equal(house.entries('INBOX').length, before + 1);
    });

  it('learns from many messages a few at a time', async () => {
    await house.deliver({ from: BOB });
    const inbox = house.mailboxes.find('INBOX')!.id;
    for (let copies = 1; copies < 256; copies *= 2) house.mailboxes.copy(inbox, uidsOf('INBOX').slice(-copies), inbox);
    assert.ok(uidsOf('INBOX').length > 250);
    let turns = 0;
    let immediate: NodeJS.Immediate | undefined;
    const countTurn = (): void => {
      turns++;
      immediate = setImmediate(countTurn);
    };
    countTurn();
    await transfer('INBOX', 'Junk');
    clearImmediate(immediate);
    assert.ok(turns > 2, `others had ${turns} turns`);
    assert.ok(house.entries('Junk').every(({ flags }) => flags.includes('$Junk')));
    assert.equal(house.mapping.blocking.standing(BOB), 'blocked');
  });

  it('does not end with throwing junk away', async () => {
    await house.deliver({ from: BOB });
    await transfer('INBOX', 'Junk');
    await transfer('Junk', 'Trash');
    assert.deepEqual(
      house.mapping.blocking.blocked().map(({ address }) => address),
      [BOB],
    );
  });

  it('weighs more than being a contact, and is not for oneself', () => {
    house.mapping.contacts.add(BOB, 'Bob');
    assert.equal(house.mapping.blocking.standing(BOB), 'friend');
    assert.ok(house.mapping.blocking.block(BOB));
    assert.equal(house.mapping.blocking.standing(BOB), 'blocked');
    assert.equal(house.mapping.blocking.block(ALICE), false);
  });

  it('does not keep broadcasts away, nor a chan from itself', async () => {
    house.node.subscribe(BOB, 'News');
    house.mapping.blocking.block(BOB);
    await house.deliver({ kind: 'broadcast', from: BOB, to: BOB });
    assert.equal(house.entries('Subscriptions/News').length, 1);
    const chan = await house.node.joinChan('general');
    await house.deliver({ from: chan.address, to: chan.address, chan: true });
    await transfer('Chans/general', 'Junk');
    assert.equal(house.mapping.blocking.blocked().length, 1);
  });

  it('works in chans', async () => {
    const chan = await house.node.joinChan('general');
    house.mapping.blocking.block(BOB);
    await house.deliver({ from: BOB, to: chan.address, chan: true });
    await house.deliver({ from: CAROL, to: chan.address, chan: true });
    assert.equal(house.entries('Chans/general').length, 1);
  });

  it('of all strangers leaves those whom one knows', async () => {
    await house.close();
    house = await House.open({ accept: 'known' });
    const { blocking, contacts } = house.mapping;
    assert.equal(blocking.standing(BOB), 'blocked');
    contacts.add(BOB, 'Bob');
    assert.equal(blocking.standing(BOB), 'friend');
    await house.submit(`${CAROL}@bitmessage`, 'Subject: hi\n\nhello');
    assert.equal(blocking.standing(CAROL), 'stranger');
    const chan = await house.node.joinChan('general');
    assert.equal(blocking.refuses({ kind: 'message', chan: true, from: DAVE }), false);
    assert.equal(blocking.refuses({ kind: 'message', chan: false, from: DAVE }), true);
    assert.equal(blocking.refuses({ kind: 'message', chan: false, from: chan.address }), false);
  });
});
