/** Files of earlier releases: each opens, and keeps what is in it. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { Database } from '../../src/store/database.js';
import { readAllCounts, readCounts } from '../../src/store/mail/entry-counts.js';
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

  it('sums up what is marked as deleted in a file of schema 3', () => {
    const old = new DatabaseSync(path());
    for (const step of STEPS.slice(0, 3)) old.exec(step);
    old.exec(`INSERT INTO messages (id, size, thread_id, message_id_header, reference_ids, subject, sender, recipients, cc, bcc, structure)
        VALUES (1, 7, 1, '', '', '', '', '', '', '', '');
      INSERT INTO entries (mailbox_id, uid, modseq, flags, keywords, internal_date, saved_at, size, message_id, identity)
        VALUES (1, 1, 2, 8, '', 1, 1, 7, 1, 'BM-a'), (1, 2, 2, 9, '', 1, 1, 7, 1, 'BM-a'), (1, 3, 2, 1, '', 1, 1, 7, 1, 'BM-a');
      INSERT INTO entry_counts (mailbox_id, identity, messages, unseen, deleted, size) VALUES (1, 'BM-a', 3, 1, 2, 21);
      PRAGMA user_version = 3`);
    old.close();
    const database = new Database(path());
    const counts = { messages: 3, unseen: 1, deleted: 2, deletedSize: 14, size: 21 };
    assert.deepEqual(readCounts(database, 1, null), counts);
    assert.deepEqual(readAllCounts(database, 'BM-a'), new Map([[1, counts]]));
    database.close();
  });

  it('does not open a file of a newer release', () => {
    const newer = new DatabaseSync(path());
    newer.exec(`PRAGMA user_version = ${STEPS.length + 1}`);
    newer.close();
    assert.throws(() => new Database(path()), /update Postern/);
  });
});
