import assert from 'node:assert/strict';
import { Database } from '../../src/store/database.js';

describe('database', () => {
  it('runs what waits for the commit, and drops it on rollback', () => {
    const database = new Database(':memory:');
    const seen: string[] = [];
    database.transaction(() => database.afterCommit(() => seen.push('committed')));
    assert.throws(() =>
      database.transaction(() => {
        database.afterCommit(() => seen.push('rolled back'));
        throw new Error('no');
      }),
    );
    assert.deepEqual(seen, ['committed']);
    database.close();
  });
});
