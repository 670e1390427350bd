import assert from 'node:assert/strict';
import { Database } from '../../../src/store/database.js';
import { IdentityTable, type NewIdentityRow } from '../../../src/store/node/identities.js';

const KEY = new Uint8Array([1, 2, 3]);
const row = (address: string, label = ''): NewIdentityRow => ({
  address,
  label,
  chan: false,
  signingPrivateKey: KEY,
  sealed: null,
  encryptionPrivateKey: KEY,
  signingKey: KEY,
  encryptionKey: KEY,
  createdAt: 1,
  rescanAfter: -1,
});

describe('deleted identities', () => {
  let database: Database;
  let table: IdentityTable;
  const addresses = (): string[] => table.all().map(({ address }) => address);
  beforeEach(() => {
    database = new Database(':memory:');
    table = new IdentityTable(database);
    for (const name of ['BM-a', 'BM-b', 'BM-c']) table.insert(row(name, name.slice(3)));
    table.setDeleted('BM-a', 100);
    table.setDeleted('BM-b', 200);
  });
  afterEach(() => database.close());

  it('are listed apart, the last one first', () => {
    assert.deepEqual(addresses(), ['BM-c']);
    assert.deepEqual(
      table.deleted().map(({ address, label, deletedAt }) => `${address} ${label} ${deletedAt}`),
      ['BM-b b 200', 'BM-a a 100'],
    );
  });

  it('come back as they were', () => {
    assert.equal(table.setDeleted('BM-a', 0), true);
    assert.equal(table.setDeleted('BM-a', 0), false, 'it is there already');
    assert.equal(table.setDeleted('BM-z', 0), false, 'it never was');
    assert.deepEqual(addresses(), ['BM-a', 'BM-c']);
    assert.deepEqual(table.all()[0].signingPrivateKey, KEY);
  });

  it('come back when they are made or imported again, under the new name', () => {
    assert.equal(table.insert(row('BM-a', 'again')), true);
    assert.equal(table.insert(row('BM-c', 'again')), false, 'it is there, and keeps its name');
    assert.deepEqual(
      table.all().map(({ label }) => label),
      ['again', 'c'],
    );
  });

  it('are forgotten after their time, and only they', () => {
    table.removeDeletedBefore(200);
    assert.deepEqual([table.deleted().map(({ address }) => address), addresses()], [['BM-b'], ['BM-c']]);
  });
});
