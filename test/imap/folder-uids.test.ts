/** The shared lists of UIDs against the store. */
import assert from 'node:assert/strict';
import { ManualClock } from '../../src/base/clock.js';
import { FolderUids } from '../../src/imap/folder-uids.js';
import { UidList } from '../../src/imap/uid-list.js';
import { Database } from '../../src/store/database.js';
import { SqliteMailboxes } from '../../src/store/mail/mailboxes.js';
import type { Scope } from '../../src/store/mail/types.js';
import { describeStub } from '../store/mail/describe-stub.js';
import { generator } from '../support/random.js';

const STEPS = 200;

describe('shared UIDs of folders', () => {
  let database: Database;
  let store: SqliteMailboxes;
  let folderUids: FolderUids;
  let breaths: number;
  let reads: number;
  let inbox: number;
  /** Whether the store remembers all that was expunged. */
  let logged: boolean;

  beforeEach(() => {
    database = new Database(':memory:');
    store = new SqliteMailboxes(database, describeStub, new ManualClock(1));
    breaths = 0;
    reads = 0;
    logged = true;
    folderUids = new FolderUids({
      byId: (id) => store.byId(id),
      uidRuns: (id) => (logged ? store.uidRuns(id) : null),
      expungedSince: (id, modseq) => store.expungedSince(id, modseq),
      uids: (id, scope, first = 1, last = Infinity) => {
        reads += last - first + 1;
        return store.uids(id, scope, first, last);
      },
    });
    inbox = store.find('INBOX')!.id;
  });
  afterEach(() => database.close());

  async function open(scope: Scope = null): Promise<readonly number[] | undefined> {
    return (await folderUids.open(inbox, scope, async () => void breaths++))?.uids.toArray();
  }

  function append(count: number, identity = ''): number[] {
    const message = { raw: Buffer.from('X: y\r\n\r\n'), flags: [], internalDate: 1, identity };
    return store.append(inbox, Array<typeof message>(count).fill(message));
  }

  const random = generator();
  it(`are runs that the store remembers, or none (POSTERN_SEED=${random.seed})`, () => {
    for (let step = 0; step < STEPS; step++) {
      const uids = store.uids(inbox, null);
      if (random.below(2) === 0) append(random.below(5));
      else
        store.expunge(
          inbox,
          uids.filter(() => random.below(4) === 0),
        );
      const runs = store.uidRuns(inbox)!;
      assert.deepEqual(UidList.ofRuns(runs).toArray(), store.uids(inbox, null));
    }
    database.run('DELETE FROM entries WHERE uid = ?', append(1)[0]);
    database.run('UPDATE entry_counts SET messages = messages - 1');
    assert.equal(store.uidRuns(inbox), null, 'one that no log knows of is missing');
  });

  it(`are those of the store, whatever happens to it (POSTERN_SEED=${random.seed})`, async () => {
    for (let step = 0; step < STEPS; step++) {
      const uids = store.uids(inbox, null);
      const some = uids.filter(() => random.below(4) === 0);
      const kind = random.below(4);
      if (kind === 0) append(random.below(4) + 1, 'BM-a');
      else if (kind === 1) append(1, 'BM-b');
      else if (kind === 2) store.expunge(inbox, some);
      else store.setFlags(inbox, some, 'add', ['\\Seen']);
      if (random.below(3) === 0) continue;
      for (const scope of [null, 'BM-a', 'BM-b']) assert.deepEqual(await open(scope), store.uids(inbox, scope));
    }
  });

  it('are not read at all where the log knows them', async () => {
    append(10);
    store.expunge(inbox, [2, 3, 10]);
    reads = 0;
    assert.deepEqual(await open(), [1, 4, 5, 6, 7, 8, 9]);
    assert.equal(reads, 0);
  });

  it('are read once, and then only what is new', async () => {
    append(10);
    await open();
    reads = 0;
    await open();
    assert.equal(reads, 0, 'nothing has changed');
    store.setFlags(inbox, [1], 'add', ['\\Seen']);
    store.expunge(inbox, [2]);
    await open();
    assert.equal(reads, 0, 'flags and expunges need no UIDs');
    append(3);
    await open();
    assert.equal(reads, 3, 'what came in');
  });

  it('are read in pieces of 10,000 UIDs', async () => {
    logged = false;
    append(1);
    database.run('UPDATE mailboxes SET uid_next = 24001 WHERE id = ?', inbox);
    append(1);
    assert.deepEqual(await open(), [1, 24_001]);
    assert.equal(breaths, 3);
  });

  it('make up for what happens while they are read', async () => {
    logged = false;
    append(5);
    let happened = false;
    const opened = await folderUids.open(inbox, null, async () => {
      if (happened) return;
      happened = true;
      store.expunge(inbox, [2, 4]);
      append(2);
    });
    assert.deepEqual(opened?.uids.toArray(), [1, 3, 5, 6, 7]);
    assert.equal(opened?.mailbox.uidNext, 8);
  });

  it('are read anew when the log of expunges does not go back so far', async () => {
    append(5);
    await open();
    store.expunge(inbox, [3]);
    database.run('UPDATE mailboxes SET forgotten_to = highest_modseq + 1, highest_modseq = highest_modseq + 1');
    database.run('DELETE FROM expunged');
    assert.deepEqual(await open(), [1, 2, 4, 5]);
  });

  it('are none of a folder that is gone', async () => {
    inbox = store.create('gone').id;
    await open();
    store.remove('gone');
    assert.equal(await open(), undefined);
  });
});
