/** Removed folders: gone for everybody at once, deleted little by little, also after a restart. */
import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { type Clock, ManualClock } from '../../../src/base/clock.js';
import { createLogger } from '../../../src/base/log.js';
import { Database } from '../../../src/store/database.js';
import { LargeMessages } from '../../../src/store/mail/large-messages.js';
import { SqliteMailboxes } from '../../../src/store/mail/mailboxes.js';
import { SqliteMetadata } from '../../../src/store/mail/metadata.js';
import { RemovedEntries } from '../../../src/store/mail/removed-entries.js';
import { RemovedFolders } from '../../../src/store/mail/removed-folders.js';
import { Sweeper } from '../../../src/store/mail/sweeper.js';
import { describeStub } from './describe-stub.js';

const MANY = 1000;

describe('removed folders', () => {
  let database: Database;
  let store: SqliteMailboxes;
  let removed: RemovedFolders;
  let large: number;

  beforeEach(() => {
    database = new Database(':memory:');
    store = new SqliteMailboxes(database, describeStub, new ManualClock(1_800_000_000));
    removed = new RemovedFolders(database);
    large = store.create('large').id;
    const mails = Array.from({ length: MANY }, (_, i) => ({
      raw: Buffer.from(`A: ${i}\r\n\r\n`),
      flags: ['kw'],
      internalDate: 1,
      identity: '',
    }));
    store.append(large, mails);
  });
  afterEach(() => database.close());

  const count = (table: string): number => database.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)!.n;

  it('are gone at once, and their names free', () => {
    const before = store.find('large')!;
    store.subscribe('large');
    new SqliteMetadata(database).set(large, '', [{ entry: '/shared/comment', value: Buffer.from('x') }]);
    const told: (number | null)[] = [];
    store.watch((id) => told.push(id));
    store.remove('large');
    assert.deepEqual(told, [large, null]);
    assert.deepEqual([store.find('large'), store.byId(large), store.find(`/${large}`)], [undefined, undefined, undefined]);
    assert.deepEqual(
      store.list().map(({ path }) => path),
      ['INBOX'],
    );
    assert.deepEqual(store.entries(large, [MANY]), []);
    assert.deepEqual(store.setFlags(large, [MANY], 'add', ['\\Seen']), { changed: [], refused: [] });
    assert.deepEqual(store.expunge(large, [MANY]), []);
    assert.equal(store.allCounts(null).has(large), false);
    assert.ok(count('entries') > 0, 'the most of it is still there');
    const again = store.create('large');
    assert.ok(again.uidValidity > before.uidValidity);
    assert.deepEqual(store.uids(again.id, null), []);
  });

  it('leave their children, and what lies in other folders too', () => {
    store.create('large/child');
    const inbox = store.find('INBOX')!.id;
    store.copy(large, [1, MANY], inbox);
    store.remove('large');
    while (removed.emptyNext(100));
    assert.deepEqual(
      store.list().map(({ path, selectable }) => [path, selectable]),
      [
        ['INBOX', true],
        ['large', false],
        ['large/child', true],
      ],
    );
    assert.deepEqual(store.uids(inbox, null), [1, 2]);
    assert.deepEqual([count('entries'), count('messages'), count('bodies')], [2, 2, 2]);
  });

  it('leave nothing behind', () => {
    store.remove('large');
    let turns = 0;
    while (removed.emptyNext(100)) turns++;
    assert.ok(turns > 5);
    for (const table of ['entries', 'messages', 'bodies', 'keywords', 'entry_counts', 'expunged']) assert.equal(count(table), 0, table);
    assert.equal(count('mailboxes'), 1);
    assert.equal(count('text_removals'), MANY, 'told to the full-text index');
  });

  it('are gone for good at once when they are small', () => {
    const small = store.create('small').id;
    store.append(small, [{ raw: Buffer.from('\r\n'), flags: [], internalDate: 1, identity: '' }]);
    store.remove('large');
    store.remove('small');
    assert.equal(database.get('SELECT 1 FROM mailboxes WHERE id = ?', small), undefined);
  });

  it('are swept in the background, from the start on, also after a failure', async () => {
    store.remove('large');
    const pauses = new EventEmitter();
    const clock: Clock = {
      now: () => 0,
      sleep: async (ms) => {
        pauses.emit('sleep', ms);
        await new Promise(setImmediate);
      },
    };
    const logged: string[] = [];
    let failures = 1;
    const failing = {
      emptyNext: (size: number): boolean => {
        if (failures-- > 0) throw new Error('no room');
        return removed.emptyNext(size);
      },
    } as RemovedFolders;
    const log = createLogger('debug', (line) => logged.push(line));
    const expunged = new RemovedEntries(database);
    const sweeper = new Sweeper({
      mailboxes: store,
      removed: failing,
      expunged,
      staged: store.staged,
      large: new LargeMessages(database),
      clock,
      log,
    });
    const failed = once(pauses, 'sleep');
    sweeper.start();
    assert.deepEqual(await failed, [30_000]);
    while (count('mailboxes') > 1) await once(pauses, 'sleep');
    assert.deepEqual([count('messages'), logged.length], [0, 1]);
    store.append(
      store.create('next').id,
      Array.from({ length: 500 }, () => ({ raw: Buffer.from('\r\n'), flags: [], internalDate: 1, identity: '' })),
    );
    const swept = once(pauses, 'sleep');
    store.remove('next');
    await swept;
    while (count('mailboxes') > 1) await once(pauses, 'sleep');
    await sweeper.stop();
    store.create('late');
    assert.equal(pauses.listenerCount('sleep'), 0);
  });
});

describe('many expunged entries', () => {
  let database: Database;
  let store: SqliteMailboxes;
  let expunged: RemovedEntries;
  let inbox: number;

  beforeEach(() => {
    database = new Database(':memory:');
    store = new SqliteMailboxes(database, describeStub, new ManualClock(1_800_000_000));
    expunged = new RemovedEntries(database);
    inbox = store.find('INBOX')!.id;
    store.append(
      inbox,
      Array.from({ length: MANY }, (_, i) => ({
        raw: Buffer.from(`Message-ID: <${i}@x>\r\n\r\n`),
        flags: i % 2 === 0 ? [] : ['\\Seen'],
        internalDate: 1,
        identity: i % 3 === 0 ? 'BM-a' : '',
      })),
    );
  });
  afterEach(() => database.close());

  const count = (table: string): number => database.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)!.n;
  const uidsFrom = (first: number, step = 1): number[] =>
    Array.from({ length: MANY }, (_, i) => first + i * step).filter((uid) => uid <= MANY);

  for (const step of [1, 2])
    it(`are gone for everybody at once, ${step === 1 ? 'neighbours' : 'every second one'}`, () => {
      const gone = uidsFrom(101, step);
      const kept = uidsFrom(1).filter((uid) => !gone.includes(uid));
      const other = store.create('other').id;
      store.copy(inbox, [101, 103], other);
      assert.deepEqual(store.expunge(inbox, gone), gone);
      assert.equal(count('entries'), MANY + 2, 'their rows are there');
      for (const scope of [null, 'BM-a']) {
        const seen = kept.filter((uid) => scope === null || (uid - 1) % 3 === 0);
        assert.deepEqual(store.uids(inbox, scope), seen);
        assert.equal(store.counts(inbox, scope).messages, seen.length);
      }
      assert.deepEqual(
        store.entries(inbox, uidsFrom(1)).map(({ uid }) => uid),
        kept,
      );
      assert.deepEqual(store.columns(inbox, uidsFrom(1), ['size']).uid, kept);
      assert.deepEqual(store.findByMessageId(inbox, '<100@x>'), []);
      assert.deepEqual(store.select(inbox, { kind: 'between', number: 'size', from: 0, to: 1000 }, 1, MANY), kept);
      assert.deepEqual(store.copy(inbox, gone, other), { from: [], to: [] });
      assert.deepEqual(store.expunge(inbox, gone), []);
      while (expunged.deleteNext(70));
      assert.deepEqual([count('entries'), count('messages'), count('removed_entries')], [kept.length + 2, kept.length + 2, 0]);
      assert.deepEqual(store.uids(other, null), [1, 2]);
      assert.deepEqual(store.uids(inbox, null), kept);
    });

  it('are left to be deleted when they are few and together large, a few bytes at a time', () => {
    const folder = store.create('large').id;
    const raw = Buffer.concat([Buffer.from('A: b\r\n\r\n'), Buffer.alloc(600_000, 'x')]);
    const mails = Array.from({ length: 6 }, () => ({ raw, flags: [], internalDate: 1, identity: '' }));
    store.append(folder, mails);
    const bodies = count('bodies');
    store.expunge(folder, [2]);
    assert.equal(count('bodies'), bodies - 1, 'one alone goes at once');
    store.expunge(folder, [1, 3, 5]);
    assert.deepEqual([count('bodies'), count('removed_entries'), store.uids(folder, null)], [bodies - 1, 3, [4, 6]]);
    let turns = 0;
    while (expunged.deleteNext(100)) turns++;
    assert.deepEqual([turns, count('bodies'), count('removed_entries')], [3, bodies - 4, 0]);
    store.remove('large');
    assert.equal(count('bodies'), bodies - 5);
    while (new RemovedFolders(database).emptyNext(100));
    assert.equal(count('bodies'), bodies - 6);
    const staging = store.stage();
    staging.add([raw, raw, raw]);
    staging.close();
    for (const left of [2, 1, 0]) {
      assert.equal(store.staged.deleteNext(100), true);
      assert.equal(count('bodies'), bodies - 6 + left);
    }
  });

  it('are deleted with their folder', () => {
    const other = store.create('other').id;
    store.move(inbox, uidsFrom(1), other);
    store.expunge(other, uidsFrom(1).slice(0, 300));
    store.remove('other');
    const removed = new RemovedFolders(database);
    while (removed.emptyNext(100));
    while (expunged.deleteNext(100));
    for (const table of ['entries', 'entry_states', 'messages', 'removed_entries']) assert.equal(count(table), 0, table);
  });
});
