/** Files of earlier releases: each opens, and keeps what is in it. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { Database } from '../../src/store/database.js';
import { STEPS } from '../../src/store/migrations.js';
import { IdentityTable } from '../../src/store/node/identities.js';

/** What step 1 can hold of an identity. */
const IDENTITY = `INSERT INTO identities (address, label, chan, signing_private_key, encryption_private_key, signing_key, encryption_key, created_at)
  VALUES ('BM-a', 'old', 0, x'01', x'02', x'03', x'04', 5)`;

describe('migrations', () => {
  let directory: string;
  const path = (): string => join(directory, 'old.sqlite');
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'postern-migrations-'))));
  afterEach(() => rmSync(directory, { recursive: true }));

  for (const [index] of STEPS.entries()) {
    it(`brings a file of schema ${index + 1} to ${STEPS.length}`, () => {
      const old = new DatabaseSync(path());
      for (const step of STEPS.slice(0, index + 1)) old.exec(step);
      old.exec(`${IDENTITY}; PRAGMA user_version = ${index + 1}`);
      old.close();
      const database = new Database(path());
      const [{ address, label, sendDelaySeconds, signatureDigest }] = new IdentityTable(database).all();
      assert.deepEqual([address, label, sendDelaySeconds, signatureDigest], ['BM-a', 'old', null, 'sha256']);
      assert.equal(database.get<{ user_version: number }>('PRAGMA user_version')?.user_version, STEPS.length);
      database.close();
    });
  }

  it('does not open a file of a newer release', () => {
    const newer = new DatabaseSync(path());
    newer.exec(`PRAGMA user_version = ${STEPS.length + 1}`);
    newer.close();
    assert.throws(() => new Database(path()), /update Postern/);
  });
});
