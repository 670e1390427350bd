import assert from 'node:assert/strict';
import { Contacts } from '../../src/store/contacts.js';
import { Database } from '../../src/store/database.js';

describe('contacts', () => {
  let database: Database;
  let contacts: Contacts;
  beforeEach(() => {
    database = new Database(':memory:');
    contacts = new Contacts(database);
  });
  afterEach(() => database.close());

  it('hold each address once, under the newest name', () => {
    contacts.put('BM-a', 'Alice');
    contacts.put('BM-a', 'Alicia');
    assert.equal(contacts.add('BM-a', 'Other'), false);
    assert.deepEqual(
      contacts.all().map(({ address, label }) => [address, label]),
      [['BM-a', 'Alicia']],
    );
  });

  it('count every change, and none that changes nothing', () => {
    contacts.put('BM-a', 'Alice');
    const state = contacts.sequence();
    contacts.put('BM-a', 'Alice');
    contacts.setNotes('BM-a', '');
    assert.equal(contacts.sequence(), state);
    contacts.setNotes('BM-a', 'met in Köln');
    assert.ok(contacts.sequence() > state);
    assert.deepEqual(
      contacts.cardsChangedSince(state).map(({ removed }) => removed),
      [false],
    );
  });

  it('remember that a card was removed, and nothing of what stood on it', () => {
    contacts.put('BM-a', 'Alice');
    const [{ name, sequence }] = contacts.cards();
    contacts.remove('BM-a');
    assert.deepEqual(contacts.cards(), []);
    assert.deepEqual(contacts.cardsChangedSince(sequence), [{ name, sequence: sequence + 1, removed: true }]);
    assert.ok(!name.includes('BM-a'));
    contacts.put('BM-a', 'Alice');
    assert.notEqual(contacts.cards()[0].name, name);
  });

  it('put several addresses of one person on a card, and rename them together', () => {
    const card = { name: 'x.vcf', uid: 'x', rest: 'TEL:1', label: 'Alice', notes: '', addresses: ['BM-a', 'BM-b'] };
    contacts.putCard(card);
    contacts.put('BM-b', 'Alicia');
    assert.deepEqual(
      contacts.onCard('x.vcf').map(({ address, label }) => [address, label]),
      [
        ['BM-a', 'Alicia'],
        ['BM-b', 'Alicia'],
      ],
    );
    contacts.putCard({ ...card, addresses: ['BM-b'] });
    assert.equal(contacts.find('BM-a'), undefined);
    contacts.remove('BM-b');
    assert.equal(contacts.card('x.vcf'), undefined);
  });
});
