/** What was read is kept as long as it is so. */
import assert from 'node:assert/strict';
import { Database } from '../../../src/store/database.js';
import { WhileUnchanged } from '../../../src/store/mail/while-unchanged.js';

describe('what is kept while nothing is written', () => {
  let database: Database;
  let kept: WhileUnchanged<number | null>;
  let reads: number;
  beforeEach(() => {
    database = new Database(':memory:');
    database.exec('CREATE TABLE numbers (name TEXT PRIMARY KEY, number INTEGER NOT NULL)');
    database.run("INSERT INTO numbers (name, number) VALUES ('a', 1)");
    kept = new WhileUnchanged(database, 3);
    reads = 0;
  });
  afterEach(() => database.close());

  const numberOf = (name: string): number | null =>
    kept.get(name, () => {
      reads++;
      return database.get<{ number: number }>('SELECT number FROM numbers WHERE name = ?', name)?.number ?? null;
    });
  const put = (name: string, number: number): void => {
    database.run('INSERT OR REPLACE INTO numbers (name, number) VALUES (?, ?)', name, number);
  };

  it('is read once, what is not there too', () => {
    for (let times = 0; times < 3; times++) assert.deepEqual([numberOf('a'), numberOf('b')], [1, null]);
    assert.equal(reads, 2);
  });

  for (const [how, write] of [
    ['a statement', () => put('a', 2)],
    ['statements without values', () => database.exec('UPDATE numbers SET number = 2')],
    ['a transaction', () => database.transaction(() => put('a', 2))],
    ['a batch', () => database.batch(() => put('a', 2))],
  ] as const) {
    it(`is read anew after ${how}`, () => {
      assert.equal(numberOf('a'), 1);
      write();
      assert.equal(numberOf('a'), 2);
    });
  }

  it('is what a transaction has written within it, and what was before when it is taken back', () => {
    assert.equal(numberOf('a'), 1);
    const failing = (): void => {
      put('a', 2);
      assert.equal(numberOf('a'), 2);
      throw new Error('taken back');
    };
    assert.throws(() => database.transaction(failing), /taken back/);
    assert.equal(numberOf('a'), 1);
  });

  it('is no more than so much', () => {
    for (const name of ['a', 'b', 'c', 'd', 'a']) numberOf(name);
    assert.equal(reads, 5);
  });
});
