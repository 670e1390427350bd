/** Folders and entries: what each call promises, and the limits. The model test beside this one drives them at random. */
import assert from 'node:assert/strict';
import { ManualClock } from '../../../src/base/clock.js';
import { Database } from '../../../src/store/database.js';
import { MAX_EXPUNGED_RUNS } from '../../../src/store/mail/change-log.js';
import { MAX_KEYWORD_LENGTH, MAX_KEYWORDS_PER_ENTRY, MAX_KEYWORDS_PER_MAILBOX } from '../../../src/store/mail/flags.js';
import { MAX_DEPTH, MAX_MAILBOXES, MAX_PATH_LENGTH } from '../../../src/store/mail/folder-tree.js';
import { SqliteMailboxes } from '../../../src/store/mail/mailboxes.js';
import { StoreLimit } from '../../../src/store/mail/message-types.js';
import { MAX_THREAD_NAMES, SqliteMessages } from '../../../src/store/mail/messages.js';
import { describeStub } from './describe-stub.js';

const NOW = 1_800_000_000;

describe('mail store', () => {
  let database: Database;
  let clock: ManualClock;
  let store: SqliteMailboxes;
  let messages: SqliteMessages;
  let inbox: number;

  beforeEach(() => {
    database = new Database(':memory:');
    clock = new ManualClock(NOW);
    store = new SqliteMailboxes(database, describeStub, clock);
    messages = new SqliteMessages(database);
    inbox = store.find('INBOX')!.id;
  });
  afterEach(() => database.close());

  const append = (mailboxId: number, raw = '\r\n', flags: string[] = [], identity = ''): number =>
    store.append(mailboxId, [{ raw: Buffer.from(raw), flags, internalDate: NOW - 5, identity }])[0];
  const paths = (): string[] => store.list().map(({ path, selectable }) => (selectable ? path : `(${path})`));
  const flagsOf = (mailboxId: number, uid: number): readonly string[] => store.entries(mailboxId, [uid])[0].flags;

  describe('folders', () => {
    it('lists INBOX first and children behind their parent', () => {
      for (const path of ['a b', 'a/c', 'a', 'Zebra', 'inbox/below', 'ä/ö']) if (store.find(path)?.selectable !== true) store.create(path);
      assert.deepEqual(paths(), ['INBOX', 'INBOX/below', 'Zebra', 'a', 'a/c', 'a b', '(ä)', 'ä/ö']);
    });

    it('lists what is there, whatever was taken back', () => {
      assert.throws(() =>
        database.transaction(() => {
          store.create('a');
          assert.deepEqual(paths(), ['INBOX', 'a']);
          throw new Error('no');
        }),
      );
      assert.deepEqual(paths(), ['INBOX']);
      store.create('a');
      assert.deepEqual(paths(), ['INBOX', 'a']);
      assert.throws(() =>
        database.transaction(() => {
          store.rename('a', 'b');
          assert.deepEqual(paths(), ['INBOX', 'b']);
          throw new Error('no');
        }),
      );
      assert.deepEqual(paths(), ['INBOX', 'a']);
      append(store.find('a')!.id);
      assert.deepEqual(store.list()[1], store.find('a'));
      store.remove('a');
      assert.deepEqual(paths(), ['INBOX']);
    });

    it('finds INBOX in any case, other folders in theirs', () => {
      assert.equal(store.find('iNbOx')?.path, 'INBOX');
      store.create('Work');
      assert.equal(store.find('work'), undefined);
    });

    it('keeps the name of a removed folder that has children, as a new one', () => {
      const before = store.create('a');
      store.create('a/b');
      store.remove('a');
      assert.deepEqual(paths(), ['INBOX', '(a)', 'a/b']);
      assert.equal(store.byId(before.id), undefined, 'who had it open sees that it is gone');
      assert.throws(() => store.remove('a'), /children/);
      const again = store.create('a');
      assert.ok(again.uidValidity > before.uidValidity);
      store.remove('a/b');
      store.remove('a');
      assert.deepEqual(paths(), ['INBOX']);
    });

    it('gives a folder made again another UIDVALIDITY and identity, also within a second', () => {
      const seen = new Set<string>();
      for (let i = 0; i < 5; i++) {
        const { uidValidity, objectId } = store.create('again');
        assert.ok(!seen.has(`${uidValidity}`) && !seen.has(objectId));
        seen.add(`${uidValidity}`).add(objectId);
        store.remove('again');
      }
    });

    it('moves a tree and its subscriptions when it is renamed, and makes the parents', () => {
      for (const path of ['Straße', 'Straße/😀', 'Straßen']) store.create(path);
      const moved = store.find('Straße/😀')!;
      for (const path of ['Straße/😀', 'Straße/gone', 'Straßen']) store.subscribe(path);
      store.rename('Straße', 'new/place');
      assert.deepEqual(paths(), ['INBOX', 'Straßen', '(new)', 'new/place', 'new/place/😀']);
      assert.deepEqual(store.subscriptions(), ['Straßen', 'new/place/gone', 'new/place/😀']);
      assert.deepEqual(store.find('new/place/😀'), { ...moved, path: 'new/place/😀' }, 'nothing else changed');
    });

    it('refuses to rename onto a folder, below itself, or what is not there', () => {
      store.create('a/b');
      store.create('c');
      assert.throws(() => store.rename('a', 'c'));
      assert.throws(() => store.rename('a', 'a/b/c'));
      assert.throws(() => store.rename('none', 'd'));
      assert.throws(() => store.rename('c', 'inbox'));
      assert.deepEqual(paths(), ['INBOX', '(a)', 'a/b', 'c']);
    });

    it('makes a new folder when INBOX is renamed, and leaves its children', () => {
      store.create('INBOX/child');
      store.rename('INBOX', 'old/mail');
      assert.deepEqual(paths(), ['INBOX', 'INBOX/child', '(old)', 'old/mail']);
    });

    it('never removes INBOX', () => assert.throws(() => store.remove('inbox')));

    it('keeps subscriptions of folders that are gone', () => {
      store.create('a');
      store.subscribe('a');
      store.subscribe('a');
      store.remove('a');
      assert.deepEqual(store.subscriptions(), ['a']);
      store.unsubscribe('a');
      assert.deepEqual(store.subscriptions(), []);
    });

    it('refuses too many, too deep and too long names, and empty levels', () => {
      const levels = Array.from({ length: MAX_DEPTH }, (_, i) => `${i}`);
      store.create(levels.join('/'));
      assert.throws(() => store.create(['x', ...levels].join('/')), StoreLimit);
      assert.throws(() => store.rename('0', 'x/y'), StoreLimit);
      assert.ok(store.create('x'.repeat(MAX_PATH_LENGTH)));
      assert.throws(() => store.create('x'.repeat(MAX_PATH_LENGTH + 1)), StoreLimit);
      for (const path of ['', '/a', 'a/', 'a//b']) assert.throws(() => store.create(path), TypeError);
      database.transaction(() => {
        for (let i = store.list().length; i < MAX_MAILBOXES; i++) store.create(`m${i}`);
      });
      assert.throws(() => store.create('one more'), StoreLimit);
    }).timeout(60_000);
  });

  describe('entries', () => {
    it('keeps flags in their usual case, keywords as first written in the folder', () => {
      append(inbox, 'x', ['\\seen', '$Later', '$LATER', '\\Recent']);
      assert.deepEqual(flagsOf(inbox, 1), ['\\Seen', '$Later']);
      append(inbox, 'y', ['$later']);
      assert.deepEqual(flagsOf(inbox, 2), ['$Later']);
      store.setFlags(inbox, [2], 'replace', ['new', '\\FLAGGED']);
      assert.deepEqual(flagsOf(inbox, 2), ['\\Flagged', 'new']);
      store.setFlags(inbox, [1], 'remove', ['$LATER', 'never']);
      assert.deepEqual(flagsOf(inbox, 1), ['\\Seen']);
      assert.deepEqual(store.keywords(inbox), ['$Later', 'new']);
    });

    it('spells keywords of a copy as the other folder does', () => {
      const other = store.create('other').id;
      append(other, 'x', ['WORK']);
      append(inbox, 'y', ['work']);
      store.copy(inbox, [1], other);
      assert.deepEqual(flagsOf(other, 2), ['WORK']);
    });

    it('says which entries changed, and gives no mod-sequence to those that did not', () => {
      append(inbox, 'a', ['\\Seen']);
      append(inbox, 'b');
      const before = store.find('INBOX')!.highestModseq;
      const { changed } = store.setFlags(inbox, [1, 2, 3], 'add', ['\\Seen']);
      assert.deepEqual(
        changed.map(({ uids, modseq }) => [uids, modseq]),
        [[[2], before + 1]],
      );
      assert.deepEqual(store.setFlags(inbox, [1, 2], 'add', ['\\Seen']), { changed: [], refused: [] });
      assert.equal(store.find('INBOX')!.highestModseq, before + 1);
    });

    it('leaves entries alone that changed after UNCHANGEDSINCE', () => {
      append(inbox, 'a');
      append(inbox, 'b');
      const since = store.find('INBOX')!.highestModseq;
      store.setFlags(inbox, [1], 'add', ['\\Flagged']);
      const { changed, refused } = store.setFlags(inbox, [1, 2], 'add', ['\\Deleted'], since);
      assert.deepEqual([changed.map(({ uids }) => uids), refused], [[[2]], [1]]);
    });

    it('stores a copied message once, and drops it with its last entry', () => {
      const other = store.create('other').id;
      append(inbox, 'A: b\r\n\r\nbody');
      const { messageId } = store.entries(inbox, [1])[0];
      clock.advance(10);
      assert.deepEqual(store.copy(inbox, [1], other), { from: [1], to: [1] });
      const copy = store.entries(other, [1])[0];
      assert.deepEqual([copy.messageId, copy.internalDate, copy.savedAt], [messageId, NOW - 5, NOW + 10]);
      store.expunge(inbox, [1]);
      assert.equal(messages.raw(messageId).toString(), 'A: b\r\n\r\nbody');
      assert.equal(messages.header(messageId).toString(), 'A: b\r\n\r\n');
      store.remove('other');
      assert.throws(() => messages.raw(messageId));
    });

    it('moves within the same folder to new UIDs', () => {
      append(inbox, 'a');
      assert.deepEqual(store.move(inbox, [1], inbox), { from: [1], to: [2] });
      assert.deepEqual(store.uids(inbox, null), [2]);
    });

    it('shows each scope its own', () => {
      append(inbox, 'a', ['\\Seen'], 'BM-a');
      append(inbox, 'b', [], 'BM-b');
      assert.deepEqual(store.uids(inbox, 'BM-b'), [2]);
      assert.deepEqual(store.counts(inbox, 'BM-b'), { messages: 1, unseen: 1, deleted: 0, deletedSize: 0, size: 1 });
      assert.deepEqual(store.counts(inbox, null), { messages: 2, unseen: 1, deleted: 0, deletedSize: 0, size: 2 });
      assert.deepEqual([store.firstUnseen(inbox, 'BM-a'), store.firstUnseen(inbox, 'BM-b'), store.firstUnseen(inbox, null)], [null, 2, 2]);
      assert.deepEqual(
        store.changesSince(inbox, 'BM-a', 0).entries.flatMap(({ uids }) => uids),
        [1],
      );
    });

    it('tells a message as recent once', () => {
      append(inbox, 'a');
      assert.equal(store.claimRecent(inbox), 1);
      append(inbox, 'b');
      assert.equal(store.byId(inbox)?.recentFrom, 2);
      assert.equal(store.claimRecent(inbox), 2);
      assert.equal(store.claimRecent(inbox), 3);
      assert.equal(store.byId(inbox)?.recentFrom, 3);
    });

    it('finds by Message-ID in one folder', () => {
      const other = store.create('other').id;
      const raw = 'Message-ID: <1@x>\r\n\r\n';
      append(inbox, 'a');
      append(inbox, raw);
      append(other, raw);
      assert.deepEqual(store.findByMessageId(inbox, '<1@x>'), [2]);
      assert.deepEqual(store.findByMessageId(inbox, '<2@x>'), []);
    });

    it('bounds keywords', () => {
      append(inbox, 'a');
      const words = (count: number, from = 0): string[] => Array.from({ length: count }, (_, i) => `k${from + i}`);
      assert.throws(() => store.setFlags(inbox, [1], 'add', ['x'.repeat(MAX_KEYWORD_LENGTH + 1)]), StoreLimit);
      assert.throws(() => append(inbox, 'b', words(MAX_KEYWORDS_PER_ENTRY + 1)), StoreLimit);
      assert.throws(() => append(inbox, 'b', ['two words']), TypeError);
      store.setFlags(inbox, [1], 'add', words(MAX_KEYWORDS_PER_ENTRY));
      assert.throws(() => store.setFlags(inbox, [1], 'add', ['more']), StoreLimit);
      // Keywords that nobody carries any more make room for new ones, those in use do not.
      for (let from = 1000; from < 3000; from += MAX_KEYWORDS_PER_ENTRY) {
        store.setFlags(inbox, [1], 'replace', words(MAX_KEYWORDS_PER_ENTRY, from));
      }
      assert.ok(store.keywords(inbox).length <= MAX_KEYWORDS_PER_MAILBOX);
      for (let i = 1; i < MAX_KEYWORDS_PER_MAILBOX / MAX_KEYWORDS_PER_ENTRY; i++)
        append(inbox, 'c', words(MAX_KEYWORDS_PER_ENTRY, i * 1000));
      assert.throws(() => append(inbox, 'd', words(MAX_KEYWORDS_PER_ENTRY, 90_000)), StoreLimit);
      assert.equal(store.counts(inbox, null).messages, 10, 'a refused message leaves nothing behind');
    });

    it('says so to who asks for more than the log holds', () => {
      const start = store.find('INBOX')!.highestModseq;
      database.transaction(() => {
        for (let i = 0; i < MAX_EXPUNGED_RUNS + 10; i++) append(inbox, 'x');
        append(inbox, 'stays');
        for (let uid = 1; uid <= MAX_EXPUNGED_RUNS + 10; uid++) store.expunge(inbox, [uid]);
      });
      const { highestModseq } = store.find('INBOX')!;
      assert.equal(store.changesSince(inbox, null, start).expunged, null);
      assert.deepEqual(store.changesSince(inbox, null, highestModseq - 1).expunged, [MAX_EXPUNGED_RUNS + 10]);
      assert.ok(database.get<{ n: number }>('SELECT count(*) AS n FROM expunged')!.n <= MAX_EXPUNGED_RUNS);
    }).timeout(60_000);

    it('answers only what was expunged later to who asks for a recent mod-sequence', () => {
      for (let i = 0; i < 10; i++) append(inbox, 'x');
      store.expunge(inbox, [2, 3, 4, 8]);
      const between = store.find('INBOX')!.highestModseq;
      store.expunge(inbox, [6, 7]);
      assert.deepEqual(store.changesSince(inbox, null, between).expunged, [6, 7]);
      assert.deepEqual(store.changesSince(inbox, null, between - 1).expunged, [2, 3, 4, 6, 7, 8]);
    });
  });

  describe('threads', () => {
    const threadOf = (raw: string): string => {
      const uid = append(inbox, raw);
      return messages.objectIds(store.entries(inbox, [uid])[0].messageId).threadId;
    };

    it('joins answers to what they answer, in any order of arrival', () => {
      const late = threadOf('Message-ID: <3@x>\r\nReferences: <1@x> <2@x>\r\n\r\n');
      assert.equal(threadOf('Message-ID: <1@x>\r\n\r\n'), late);
      assert.equal(threadOf('Message-ID: <4@x>\r\nReferences: <2@x>\r\n\r\n'), late);
      assert.notEqual(threadOf('Message-ID: <5@x>\r\n\r\n'), late);
      assert.notEqual(threadOf('\r\n'), threadOf('\r\n'));
    });

    it('forgets the names of a thread with its last message', () => {
      const first = threadOf('Message-ID: <1@x>\r\nReferences: <0@x>\r\n\r\n');
      store.expunge(inbox, [1]);
      assert.equal(database.get<{ n: number }>('SELECT count(*) AS n FROM thread_names')!.n, 0);
      assert.notEqual(threadOf('Message-ID: <2@x>\r\nReferences: <0@x>\r\n\r\n'), first);
    });

    it('keeps a bounded number of names of one message', () => {
      threadOf(`Message-ID: <a@x>\r\nReferences: ${Array.from({ length: 500 }, (_, i) => `<${i}@x>`).join(' ')}\r\n\r\n`);
      assert.equal(database.get<{ n: number }>('SELECT count(*) AS n FROM thread_names')!.n, MAX_THREAD_NAMES + 1);
    });
  });

  describe('watchers', () => {
    it('are told after the commit which folder changed, and nothing of what was rolled back', () => {
      const told: (number | null)[] = [];
      const stop = store.watch((id) => told.push(id));
      const other = store.create('other').id;
      append(inbox, 'x');
      store.copy(inbox, [1], other);
      store.move(other, [1], inbox);
      assert.deepEqual(told.splice(0), [null, inbox, other, inbox, other]);
      database.transaction(() => {
        append(inbox, 'y');
        assert.deepEqual(told, []);
      });
      assert.deepEqual(told.splice(0), [inbox]);
      assert.throws(() =>
        database.transaction(() => {
          append(inbox, 'z');
          throw new Error('no');
        }),
      );
      stop();
      append(inbox, 'z');
      assert.deepEqual(told, []);
    });
  });
});
