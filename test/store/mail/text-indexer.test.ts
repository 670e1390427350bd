/** The indexer: takes what is there and what comes in, and searches find the same with and without it. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import type { Clock } from '../../../src/base/clock.js';
import { createLogger, silentLogger } from '../../../src/base/log.js';
import { search } from '../../../src/imap/search/search.js';
import { UidList } from '../../../src/imap/uid-list.js';
import { describeMessage } from '../../../src/mime/describe.js';
import { foldedText } from '../../../src/mime/searchable-text.js';
import type { FoundTexts } from '../../../src/store/mail/message-types.js';
import { ThreadedTextFinder } from '../../../src/store/mail/text-finder.js';
import { createFinder } from '../../../src/store/mail/text-finding.js';
import { TextIndex } from '../../../src/store/mail/text-index.js';
import { TextIndexer } from '../../../src/store/mail/text-indexer.js';
import { oddMails } from '../../support/odd-mails.js';
import { IndexedMail } from './indexed-mail.js';

/** SQLite's default. */
const PAGE_BYTES = 4096;
const THREAD = new URL('../../../src/gateway/text-index-worker.js', import.meta.url);

describe('text indexer', () => {
  let mail: IndexedMail;
  beforeEach(() => {
    mail = new IndexedMail(describeMessage, foldedText);
  });
  afterEach(() => mail.close());

  const untilDone = async (): Promise<void> => {
    while (mail.index.reach < mail.backlog.lastMessageId || mail.backlog.removed(1).length > 0) await new Promise(setImmediate);
  };

  it('indexes what is there and what comes in, forgets what goes, and stops', async () => {
    const clock: Clock = { now: () => 0, sleep: () => new Promise<void>(setImmediate) };
    const indexer = new TextIndexer(mail.paths, THREAD, { ...mail, clock, log: silentLogger });
    const first = mail.append('\r\nneedle');
    for (let i = 0; i < 120; i++) mail.append('\r\ntext');
    indexer.start();
    await untilDone();
    const second = mail.append('\r\nneedle');
    await untilDone();
    const found = (): number[] => mail.index.find('NEEDLE', first, second)!.possible;
    assert.deepEqual(found(), [first, second]);
    mail.mailboxes.expunge(mail.inbox, [1]);
    await untilDone();
    assert.deepEqual(found(), [second]);
    await indexer.stop();
    mail.append('\r\nneedle');
    assert.equal(mail.index.reach, second);
  });

  it('makes a damaged index anew, and says so', async () => {
    mail.append('\r\nneedle');
    mail.indexAll();
    mail.index.close();
    const bytes = readFileSync(mail.paths.index);
    writeFileSync(mail.paths.index, bytes.fill(0xff, PAGE_BYTES));
    mail.index = new TextIndex(mail.paths.index);
    const last = mail.append('\r\nother');
    const logged: string[] = [];
    const clock: Clock = { now: () => 0, sleep: () => new Promise<void>(setImmediate) };
    const log = createLogger('info', (line) => logged.push(line));
    const indexer = new TextIndexer(mail.paths, THREAD, { ...mail, clock, log });
    indexer.start();
    while (logged.length === 0) await new Promise(setImmediate);
    await untilDone();
    assert.deepEqual(mail.index.find('NEEDLE', last - 1, last)?.possible, [last - 1]);
    assert.match(logged.join('\n'), /full-text index is damaged/);
    await indexer.stop();
  });

  it('is asked in a thread, for the messages of one folder', async () => {
    const [first, , third] = ['needle', 'hay', 'needles'].map((text) => mail.append(`\r\n${text}`));
    const other = mail.mailboxes.create('other').id;
    mail.mailboxes.copy(mail.inbox, [3], other);
    mail.indexAll();
    const late = mail.append('\r\nnot indexed yet');
    assert.ok(first < third && third < late);
    const finder = new ThreadedTextFinder(mail.paths, mail.index);
    const none = new Uint32Array();
    assert.deepEqual(await finder.find(mail.inbox, 'NEEDLE'), { sure: none, possible: Uint32Array.of(1, 3, 4) });
    assert.deepEqual(await finder.find(other, 'NEEDLE'), { sure: none, possible: Uint32Array.of(1) });
    assert.deepEqual(await finder.find(mail.inbox, 'NE'), { sure: Uint32Array.of(1, 3), possible: Uint32Array.of(4) });
    assert.equal(await finder.find(mail.inbox, 'N-'), null);
    const underWay = finder.find(mail.inbox, 'HAY');
    await finder.stop();
    assert.deepEqual(await underWay, { sure: none, possible: Uint32Array.of(2, 4) }, 'what is under way is waited for');
  });

  it('is asked for the same text in one folder after the other, while mail comes and goes', async () => {
    const other = mail.mailboxes.create('other').id;
    const find = createFinder();
    const found = (folder: number, foldedText = 'COMMON'): number[] => {
      const { sure, possible } = find({ ...mail.paths, mailboxId: folder, foldedText }) as FoundTexts;
      return [...sure, ...possible].sort((a, b) => a - b);
    };
    for (let i = 0; i < 20; i++) mail.append('\r\ncommon');
    mail.append('\r\nrare');
    mail.mailboxes.copy(mail.inbox, [3, 21], other);
    mail.indexAll();
    const all = Array.from({ length: 20 }, (_, at) => at + 1);
    assert.deepEqual([found(mail.inbox), found(other), found(other, 'RARE')], [all, [1], [2]]);
    mail.append('\r\nnot indexed yet');
    mail.mailboxes.expunge(mail.inbox, [1]);
    assert.deepEqual([found(mail.inbox), found(other)], [[...all.slice(1), 22], [1]]);
    mail.indexAll();
    assert.deepEqual([found(mail.inbox), found(other)], [all.slice(1), [1]]);
  });

  it('is not kept busy by the numbers that a restored backup leaves out', () => {
    mail.append('\r\nneedle');
    mail.database.run("UPDATE sqlite_sequence SET seq = seq + 1000000000000 WHERE name = 'messages'");
    mail.append('\r\nafter it');
    const found = createFinder()({ ...mail.paths, mailboxId: mail.inbox, foldedText: 'NEEDLE' }) as FoundTexts;
    assert.deepEqual([...found.possible], [1, 2]);
  });

  it('is not asked any more when a thread met damage', async () => {
    mail.append('\r\nneedle');
    mail.indexAll();
    mail.index.close();
    writeFileSync(mail.paths.index, readFileSync(mail.paths.index).fill(0xff, PAGE_BYTES));
    mail.index = new TextIndex(mail.paths.index);
    const finder = new ThreadedTextFinder(mail.paths, mail.index);
    assert.equal(await finder.find(mail.inbox, 'NEEDLE'), null);
    assert.ok(mail.index.isDamaged);
    await finder.stop();
  });

  it('changes no result of a search', async () => {
    const { mailboxes, inbox: mailboxId } = mail;
    mailboxes.append(
      mailboxId,
      [...oddMails(), Buffer.from('From: apart (here) @ (there) example.org, g: x@y;\r\n\r\n')].map((raw) => ({
        raw,
        flags: [],
        internalDate: 0,
        identity: '',
      })),
    );
    const uids = UidList.EMPTY.withAdded(mailboxes.uids(mailboxId, null));
    const context = {
      mailboxes,
      messages: mail.messages,
      mailboxId,
      uids,
      present: uids,
      saved: [],
      now: 0,
      recent: [],
      largeTexts: { contains: () => assert.fail('none is large') },
      breathe: async () => {},
    };
    const results = async (): Promise<number[][]> => {
      const all: number[][] = [];
      for (const text of [
        'plain',
        'ö',
        'jö',
        'signature',
        'quoted',
        '.pdf',
        'ä.pdf',
        'boundary=',
        'zzz',
        'doe, jo',
        'jo@x.org',
        'a@b',
        '@b',
        'apart@example.org',
        'null@null',
      ]) {
        for (const key of [
          { key: 'text', text },
          { key: 'body', text },
          { key: 'header', field: 'From', text },
          { key: 'header', field: 'Subject', text },
        ] as const) {
          all.push(await search(key, context));
        }
      }
      return all;
    };
    const before = await results();
    mail.indexAll();
    assert.deepEqual(await results(), before);
    assert.ok(before.some((found) => found.length > 0 && found.length < 200));
  });
});
