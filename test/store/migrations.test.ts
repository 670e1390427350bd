/** Files of earlier releases: each opens, and keeps what is in it. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { ManualClock } from '../../src/base/clock.js';
import { Database, type SqlValue } from '../../src/store/database.js';
import { readAllCounts, readCounts } from '../../src/store/mail/entry-counts.js';
import { toFlags } from '../../src/store/mail/flags.js';
import { SqliteMailboxes } from '../../src/store/mail/mailboxes.js';
import { SqliteMessages } from '../../src/store/mail/messages.js';
import { RemovedFolders } from '../../src/store/mail/removed-folders.js';
import { STEPS, take } from '../../src/store/migrations.js';
import { IdentityTable } from '../../src/store/node/identities.js';
import { describeStub } from './mail/describe-stub.js';

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
      for (const step of STEPS.slice(0, index + 1)) take(step, asDatabase(old));
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
    for (const step of STEPS.slice(0, 3)) take(step, asDatabase(old));
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

  it('takes flags, keywords and mod-sequences of a file of schema 10 along', () => {
    const old = new DatabaseSync(path());
    for (const step of STEPS.slice(0, 10)) take(step, asDatabase(old));
    // More than are read at once, with gaps, in two folders; the second is being emptied.
    old.exec(`INSERT INTO mailboxes (path, uid_validity, selectable, removed) VALUES ('/2', 7, 1, 1);
      INSERT INTO messages (id, size, thread_id, message_id_header, reference_ids, subject, sender, recipients, cc, bcc, structure)
        VALUES (1, 7, 1, '', '', '', '', '', '', '', '');
      WITH RECURSIVE numbers (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM numbers WHERE n < 25000)
        INSERT INTO entries (mailbox_id, uid, modseq, flags, keywords, internal_date, saved_at, size, message_id, identity)
        SELECT 1, n * 3, n + 5, n % 32, CASE n % 7 WHEN 0 THEN '$a b' || (n % 5) ELSE '' END, n, 1, 7, 1, 'BM-a' FROM numbers;
      INSERT INTO entries (mailbox_id, uid, modseq, flags, keywords, internal_date, saved_at, size, message_id, identity)
        VALUES (2, 9, 2, 0, '', 1, 1, 7, 1, '');
      PRAGMA user_version = 10`);
    old.close();
    const database = new Database(path());
    const store = new SqliteMailboxes(database, describeStub, new ManualClock(1));
    const uids = Array.from({ length: 25_000 }, (_, index) => 3 * (index + 1));
    assert.deepEqual(store.uids(1, null), uids);
    const { flags, modseq, internalDate } = store.columns(1, uids, ['flags', 'modseq', 'internalDate']);
    for (let n = 1; n <= uids.length; n++) {
      assert.deepEqual([modseq[n - 1], internalDate[n - 1]], [n + 5, n]);
      assert.deepEqual(flags[n - 1], toFlags(n % 32, n % 7 === 0 ? `$a b${n % 5}` : ''));
    }
    assert.equal(store.firstUnseen(1, 'BM-a'), 6);
    while (new RemovedFolders(database).emptyNext(100));
    assert.equal(database.get('SELECT 1 FROM entry_states WHERE mailbox_id = 2'), undefined);
    database.close();
  });

  it('finds mail of schema 15 by the day it was sent, and knows that the sizes of its parts are to be counted', () => {
    const old = new DatabaseSync(path());
    for (const step of STEPS.slice(0, 15)) take(step, asDatabase(old));
    old.exec(`INSERT INTO messages (id, size, thread_id, sent_day, message_id_header, reference_ids, subject, sender, recipients, cc, bcc, structure)
        VALUES (1, 7, 1, 20000, '', '', '', '', '', '', '', '{}'), (2, 7, 2, NULL, '', '', '', '', '', '', '', '{}');
      INSERT INTO summaries (message_id, preview) VALUES (1, '""'), (2, '""');
      PRAGMA user_version = 15`);
    old.close();
    const database = new Database(path());
    const store = new SqliteMailboxes(database, describeStub, new ManualClock(1));
    store.copy(1, store.append(1, [{ raw: Buffer.from('\r\n'), flags: [], internalDate: 1, identity: '' }]), 1);
    database.run('UPDATE entries SET message_id = uid');
    const sent = (from: number, to: number): number[] => store.select(1, { kind: 'between', number: 'sentDay', from, to }, 1, 2);
    assert.deepEqual([sent(19999, 20001), sent(20001, 30000)], [[1], []]);
    assert.deepEqual(new SqliteMessages(database).partIndexes([1, 2]), [null, null]);
    database.close();
  });

  it('reads what mail of schema 18 is arranged by', () => {
    const old = new DatabaseSync(path());
    for (const step of STEPS.slice(0, 18)) take(step, asDatabase(old));
    old.exec(`INSERT INTO messages (id, size, thread_id, sent_at, message_id_header, reference_ids, subject, sender, recipients, cc, bcc, structure)
        VALUES (7, 7, 7, 5, '<7@x>', '<5@x> <6@x>', 'Re: a', '', '', '', '', '{"envelope":{"from":[{"host":"x"}],"cc":[]}}'), (9, 7, 9, NULL, '', '', '', '', '', '', '', '{}');
      PRAGMA user_version = 18`);
    old.close();
    const database = new Database(path());
    const messages = new SqliteMessages(database);
    for (const ids of [[9, 7], [7], [9]]) {
      const expected = {
        sentAt: [null, 5],
        messageIdHeader: ['', '<7@x>'],
        references: ['', '<5@x> <6@x>'],
        subject: ['', 'Re: a'],
        from: [null, { host: 'x' }],
        cc: [null, null],
      };
      const read = messages.columns(ids, Object.keys(expected) as (keyof typeof expected)[]);
      for (const column of Object.keys(expected) as (keyof typeof expected)[])
        assert.deepEqual(
          read[column],
          ids.map((id) => expected[column][id === 9 ? 0 : 1]),
        );
    }
    database.close();
  });

  it('does not open a file of a newer release', () => {
    const newer = new DatabaseSync(path());
    newer.exec(`PRAGMA user_version = ${STEPS.length + 1}`);
    newer.close();
    assert.throws(() => new Database(path()), /update Postern/);
  });
});

/** What a step needs of a database, over a file that no release has opened yet. */
function asDatabase(db: DatabaseSyncInstance): Pick<Database, 'all' | 'exec' | 'get' | 'run'> {
  return {
    exec: (sql) => db.exec(sql),
    all: <T>(sql: string, ...values: SqlValue[]) => db.prepare(sql).all(...values) as T[],
    get: <T>(sql: string, ...values: SqlValue[]) => db.prepare(sql).get(...values) as T | undefined,
    run: (sql, ...values) => {
      const { changes, lastInsertRowid } = db.prepare(sql).run(...values);
      return { changes: Number(changes), lastId: Number(lastInsertRowid) };
    },
  };
}
