/** What is done in several steps so that nobody else waits, and is as good as done at once; and annotations. */
import assert from 'node:assert/strict';
import { ManualClock } from '../../../src/base/clock.js';
import { Database } from '../../../src/store/database.js';
import { SqliteMailboxes } from '../../../src/store/mail/mailboxes.js';
import { StoreLimit } from '../../../src/store/mail/message-types.js';
import { MAX_ENTRIES_PER_MAILBOX, SqliteMetadata } from '../../../src/store/mail/metadata.js';
import { RemovedEntries } from '../../../src/store/mail/removed-entries.js';
import { RemovedFolders } from '../../../src/store/mail/removed-folders.js';
import type { Changes, ChangesPosition, EntryStateRun } from '../../../src/store/mail/types.js';
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

  const append = (folder: number, count = 1): number[] =>
    store.append(
      folder,
      Array.from({ length: count }, () => ({ raw: Buffer.from('\r\n'), flags: [], internalDate: 1, identity: '' })),
    );
  /** As after a crash. */
  const restart = (): void => {
    store = new SqliteMailboxes(database, describeStub, new ManualClock(1));
    store.undoUnfinishedCopies();
    const removed = new RemovedEntries(database);
    while (removed.deleteNext(2));
  };
  const count = (table: string): number => database.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)!.n;

  it('copies stepwise, seen at once, behind the messages that come in meanwhile', () => {
    store.setFlags(inbox, [2], 'add', ['\\Seen', 'kw']);
    const told: (number | null)[] = [];
    store.watch((id) => told.push(id));
    const copying = store.copyStepwise(inbox, other);
    copying.add([1, 2]);
    assert.deepEqual([store.uids(other, null), store.counts(other, null).messages, told], [[], 0, []]);
    const { highestModseq } = store.find('Other')!;
    assert.deepEqual(append(other), [1]);
    store.expunge(inbox, [3]);
    copying.add([3, 4]);
    const { from, to } = copying.show()!;
    copying.finish();
    assert.deepEqual(from, [1, 2, 4]);
    assert.deepEqual(store.uids(other, null), [1, ...to]);
    assert.deepEqual(
      store.entries(other, to).map(({ flags, identity, messageId }) => [flags, identity, messageId]),
      store.entries(inbox, from).map(({ flags, identity, messageId }) => [flags, identity, messageId]),
    );
    assert.deepEqual(told, [other, inbox, other]);
    assert.equal(store.counts(other, null).messages, 4);
    assert.equal(store.find('Other')!.uidNext, to[2] + 1);
    const changes = store.changesSince(other, null, highestModseq);
    assert.deepEqual(
      changes.entries.flatMap(({ uids }) => uids),
      [1, ...to],
    );
    assert.deepEqual(store.uidRuns(other), [
      { first: 1, last: 1 },
      { first: to[0], last: to[2] },
    ]);
    restart();
    assert.deepEqual(store.uids(other, null), [1, ...to]);
  });

  it('copies into several folders, and several times into one, in any order', () => {
    const [first, second, third] = [store.copyStepwise(inbox, other), store.copyStepwise(inbox, other), store.copyStepwise(inbox, inbox)];
    for (const copying of [first, second, third]) copying.add([1, 2]);
    const early = first.show()!;
    const late = second.show()!;
    assert.ok(early.to[1] < late.to[0]);
    const own = third.show()!;
    assert.deepEqual(store.uids(inbox, null).slice(-2), own.to);
    for (const copying of [first, second, third]) copying.finish();
    assert.deepEqual(store.uids(other, null), [...early.to, ...late.to]);
  });

  it('is told to begin anew when its UIDs were passed over', () => {
    const [first, second] = [store.copyStepwise(inbox, other), store.copyStepwise(inbox, other)];
    first.add([1, 2]);
    second.add([3]);
    const { to } = second.show()!;
    assert.equal(first.show(), null);
    first.add([1, 2]);
    const again = first.show()!;
    assert.ok(again.to[0] > to[0]);
    for (const copying of [first, second]) copying.finish();
    assert.deepEqual(store.uids(other, null), [...to, ...again.to]);
    restart();
    assert.deepEqual([store.uids(other, null), count('entries')], [[...to, ...again.to], 13]);
  });

  it('gives nobody a UID that a copy has', () => {
    const copying = store.copyStepwise(inbox, other);
    copying.add([1, 2, 3]);
    const uids = Array.from({ length: 100 }, () => append(other, 100)).flat();
    assert.deepEqual([uids.length, new Set(uids).size], [10_000, 10_000]);
    assert.deepEqual(
      uids,
      [...uids].sort((a, b) => a - b),
    );
    assert.equal(copying.show(), null);
    while (copying.undoNext());
    append(other);
    restart();
    assert.equal(count('entries'), 10_011);
    assert.equal(store.counts(other, null).messages, 10_001);
  });

  it('undoes a copy, and only that', () => {
    const [copying, finished] = [store.copyStepwise(inbox, other), store.copyStepwise(inbox, other)];
    copying.add([1, 2]);
    const { to: shown } = copying.show()!;
    finished.add([1]);
    copying.add([3]);
    const { to } = finished.show()!;
    finished.finish();
    assert.equal(copying.undoNext(), true);
    while (copying.undoNext());
    assert.deepEqual(store.uids(other, null), to);
    assert.equal(store.counts(other, null).messages, 1);
    assert.ok(append(other)[0] > Math.max(...to, ...shown), 'UIDs are not given again');
    restart();
    assert.equal(count('entries'), 12);
  });

  for (const [when, shows] of [
    ['before', false],
    ['after', true],
  ] as const)
    it(`takes away what a copy has left that a crash cut short ${when} it was seen`, () => {
      for (const target of [other, inbox]) {
        const copying = store.copyStepwise(inbox, target);
        copying.add([1, 2]);
        copying.add([3]);
        if (shows) copying.show();
      }
      const { uidNext } = store.find('Other')!;
      restart();
      assert.deepEqual([store.uids(other, null), store.uids(inbox, null).length, count('entries')], [[], 10, 10]);
      assert.deepEqual([store.counts(other, null).messages, count('unfinished_copies')], [0, 0]);
      const [uid] = append(other);
      assert.ok(uid >= uidNext);
      assert.deepEqual(database.all('PRAGMA foreign_key_check'), []);
    });

  it('forgets a copy into a folder that was removed', () => {
    const copying = store.copyStepwise(inbox, other);
    copying.add([1, 2]);
    store.remove('Other');
    while (copying.undoNext());
    restart();
    const folders = new RemovedFolders(database);
    while (folders.emptyNext(10));
    assert.deepEqual([count('entries'), count('mailboxes')], [10, 1]);
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
