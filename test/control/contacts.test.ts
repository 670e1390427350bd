import assert from 'node:assert/strict';
import { ControlRefusal, type ControlRooms, checkArguments } from '../../src/control/operation.js';
import { OPERATIONS } from '../../src/control/operations.js';
import { english } from '../../src/words/english/english.js';
import { ALICE, BOB, CAROL, House } from '../mapping/house.js';

describe('operations on contacts', () => {
  let house: House;
  beforeEach(async () => {
    house = await House.open();
  });
  afterEach(() => house.close());
  const ask = async (name: string, given: object = {}) => {
    const operation = OPERATIONS.find((candidate) => candidate.name === name)!;
    const { contacts, blocking } = house.mapping;
    return operation.run(checkArguments(operation, given), {
      node: house.node,
      contacts,
      blocking,
      words: english,
    } as unknown as ControlRooms);
  };

  it('add, list, rename and remove', async () => {
    const added = await ask('contact add', { address: `bitmessage:${BOB}?label=x`, name: 'Bob Müller', notes: 'from Köln' });
    assert.deepEqual(added.value, { address: BOB, label: 'Bob Müller', notes: 'from Köln', mail: 'bob.müller@bitmessage' });
    assert.match((await ask('contact list')).text, /Bob Müller/);
    assert.equal((await ask('contact rename', { contact: 'bob.muller', name: 'Robert' })).value.label, 'Robert');
    assert.equal((await ask('contact remove', { contact: 'robert' })).value.address, BOB);
    assert.equal((await ask('contact list')).text, 'no contacts yet');
    await assert.rejects(ask('contact add', { address: 'x', name: 'x' }), ControlRefusal);
    await assert.rejects(ask('contact remove', { contact: 'robert' }), /there is no contact/);
  });

  it('block and unblock, by name or address', async () => {
    await ask('contact add', { address: BOB, name: 'Bob' });
    assert.deepEqual((await ask('block', { sender: 'bob' })).value, { address: BOB, blocked: true });
    await ask('block', { sender: CAROL });
    assert.equal(((await ask('blocked')).value.blocked as unknown[]).length, 2);
    await ask('unblock', { sender: 'bob' });
    await assert.rejects(ask('unblock', { sender: 'bob' }), /is not blocked/);
    await assert.rejects(ask('block', { sender: ALICE }), /your own/);
  });

  it('show an address as text, link, QR code and vCard', async () => {
    const { value, text } = await ask('identity show', { address: 'Alice' });
    assert.equal(value.uri, `bitmessage:${ALICE}?label=alice`);
    assert.match(text, /b32-[a-z2-7]{40,42}@bitmessage/);
    assert.match((await ask('identity show', { address: ALICE, qr: 'true' })).text, /█.*\n.*▀/s);
    assert.match((await ask('identity show', { address: ALICE, vcard: 'true' })).text, /^BEGIN:VCARD\r\n.*FN:alice\r\n.*END:VCARD$/s);
    await house.submit(String(value.alias).toUpperCase(), 'Subject: hi\n\nto myself');
    assert.equal(house.node.sent[0].to, ALICE);
  });
});
