/** What is done in several steps so that nobody else waits, and is as good as done at once; and annotations. */
import assert from 'node:assert/strict';
import { ManualClock } from '../../../src/base/clock.js';
import { Database } from '../../../src/store/database.js';
import { SqliteMailboxes } from '../../../src/store/mail/mailboxes.js';
import { MAX_ENTRIES_PER_MAILBOX, SqliteMetadata } from '../../../src/store/mail/metadata.js';
import { type Changes, type ChangesPosition, type EntryStateRun, StoreLimit } from '../../../src/store/mail/types.js';
import { describeStub } from './describe-stub.js';

describe('mail store, step by step', () => {
  let database: Database;
  let store: SqliteMailboxes;
  let inbox: number;
  let other: number;

  beforeEach(() => {
    database = new Database(':memory:');
    store = new SqliteMailboxes(database, describeStub, new ManualClock(1_800_000_000));
    inbox = store.find('INBOX')!.id;
    other = store.create('Other').id;
    const raw = Buffer.from('\r\n');
    for (let i = 0; i < 10; i++) store.append(inbox, [{ raw, flags: [], internalDate: 1, identity: i % 2 === 0 ? '' : 'BM-a' }]);
  });
  afterEach(() => database.close());

  for (const limit of [1, 200, 300, 10_000])
    it(`answers changes ${limit} at a time as at once`, () => {
      const raw = Buffer.from('\r\n');
      const more = Array.from({ length: 700 }, (_, i) => ({ raw, flags: [], internalDate: 1, identity: i % 2 === 0 ? '' : 'BM-a' }));
      store.append(inbox, more);
      const since = store.byId(inbox)!.highestModseq;
      store.setFlags(inbox, [1, 3, 5, 7, 127, 128, 129, 600, 601], 'add', ['\\Seen']);
      store.expunge(inbox, [2, 9, 400]);
      store.setFlags(inbox, [7, 601], 'add', ['\\Flagged']);
      for (const scope of [null, 'BM-a']) {
        const whole = store.changesSince(inbox, scope, since);
        assert.equal(whole.next, null);
        assert.equal(whole.entries.flatMap(({ uids }) => uids).length, scope === null ? 9 : 2);
        const entries: EntryStateRun[] = [];
        const expunged: number[] = [];
        for (let from: number | ChangesPosition | null = since; from !== null; ) {
          const slice: Changes = store.changesSince(inbox, scope, from, limit);
          assert.equal(slice.highestModseq, whole.highestModseq);
          entries.push(...slice.entries);
          expunged.push(...(slice.expunged ?? []));
          from = slice.next;
        }
        assert.deepEqual(entries, whole.entries);
        assert.deepEqual(expunged, whole.expunged);
      }
    });

  it('leaves what changes between two slices to the next time', () => {
    store.append(
      inbox,
      Array.from({ length: 300 }, () => ({ raw: Buffer.from('\r\n'), flags: [], internalDate: 1, identity: '' })),
    );
    const since = store.byId(inbox)!.highestModseq;
    store.setFlags(inbox, [1, 200], 'add', ['\\Seen']);
    const first = store.changesSince(inbox, null, since, 1);
    store.setFlags(inbox, [2, 200], 'add', ['\\Flagged']);
    const second = store.changesSince(inbox, null, first.next!, 100);
    assert.deepEqual(
      [first, second].map(({ entries }) => entries.flatMap(({ uids }) => uids)),
      [[1], []],
    );
    const later = store.changesSince(inbox, null, second.highestModseq);
    assert.deepEqual(
      later.entries.flatMap(({ uids }) => uids),
      [2, 200],
    );
  });

  it('reads the UIDs of a range', () => {
    assert.deepEqual(store.uids(inbox, null, 4, 6), [4, 5, 6]);
    assert.deepEqual(store.uids(inbox, 'BM-a', 4), [4, 6, 8, 10]);
  });

  it('copies stepwise, among the messages that come in meanwhile', () => {
    const copying = store.copyStepwise(inbox, other);
    assert.deepEqual(copying.add([1, 2]), { from: [1, 2], to: [1, 2] });
    store.append(other, [{ raw: Buffer.from('\r\n'), flags: [], internalDate: 1, identity: '' }]);
    store.expunge(inbox, [3]);
    assert.deepEqual(copying.add([3, 4]), { from: [4], to: [4] });
    copying.finish();
    store.undoUnfinishedCopies();
    assert.deepEqual(store.uids(other, null), [1, 2, 3, 4]);
  });

  it('undoes a copy, and only that', () => {
    const copying = store.copyStepwise(inbox, other);
    const finished = store.copyStepwise(inbox, other);
    copying.add([1, 2]);
    finished.add([1]);
    copying.add([3]);
    finished.finish();
    assert.equal(copying.undoNext(), true);
    assert.deepEqual(store.uids(other, null), [3, 4], 'step by step');
    while (copying.undoNext());
    assert.deepEqual(store.uids(other, null), [3]);
    assert.equal(store.counts(other, null).messages, 1);
    assert.equal(store.find('Other')!.uidNext, 5, 'UIDs are not given again');
  });

  it('takes away what a copy has left that a crash cut short', () => {
    store.copyStepwise(inbox, other).add([1, 2]);
    store.copyStepwise(inbox, inbox).add([1, 2]);
    new SqliteMailboxes(database, describeStub, new ManualClock(1)).undoUnfinishedCopies();
    assert.deepEqual(store.uids(other, null), []);
    assert.deepEqual(store.uids(inbox, null).length, 10);
    assert.deepEqual(store.copyStepwise(inbox, other).add([5]), { from: [5], to: [3] });
  });

  it('replaces a message in one step', () => {
    const raw = Buffer.from('X: y\r\n\r\n');
    assert.equal(store.replace(inbox, 4, inbox, { raw, flags: ['\\Seen'], internalDate: 1, identity: '' }), 11);
    assert.deepEqual(store.uids(inbox, null, 3), [3, 5, 6, 7, 8, 9, 10, 11]);
  });

  it('sums up what is marked as deleted', () => {
    assert.equal(store.counts(inbox, null).deletedSize, 0);
    store.setFlags(inbox, [1, 2, 4], 'add', ['\\Deleted']);
    assert.deepEqual([store.counts(inbox, null).deletedSize, store.counts(inbox, 'BM-a').deletedSize], [6, 4]);
  });

  it('keeps annotations, shared ones for all, private ones for each owner, all or none of a change', () => {
    const metadata = new SqliteMetadata(database);
    const seen: unknown[] = [];
    const unwatch = metadata.watch((change) => seen.push(change));
    const value = Buffer.from([0, 255]);
    metadata.set(inbox, 'BM-a', [
      { entry: '/private/comment', value },
      { entry: '/shared/comment', value },
    ]);
    unwatch();
    assert.deepEqual(seen, [{ mailboxId: inbox, owner: 'BM-a', entries: ['/private/comment', '/shared/comment'] }]);
    assert.deepEqual(metadata.list(inbox, ''), [{ entry: '/shared/comment', value }]);
    assert.deepEqual(
      metadata.list(inbox, 'BM-a').map(({ entry }) => entry),
      ['/private/comment', '/shared/comment'],
    );
    const many = Array.from({ length: MAX_ENTRIES_PER_MAILBOX }, (_, index) => ({ entry: `/private/${index}`, value }));
    assert.throws(() => metadata.set(inbox, '', many), StoreLimit);
    assert.equal(metadata.list(inbox, '').length, 1);
    metadata.set(inbox, '', [{ entry: '/shared/comment', value: null }]);
    assert.deepEqual(metadata.list(inbox, ''), []);
  });
});
