/** Orders that are kept up while mail comes and goes are those that a fresh look would find, and cost what has changed. */
import assert from 'node:assert/strict';
import { ManualClock } from '../../../src/base/clock.js';
import { sort } from '../../../src/imap/sort/sort.js';
import { SORT_KEYS, type SortContext, type SortCriterion } from '../../../src/imap/sort/sort-values.js';
import { SortedFolder } from '../../../src/imap/sort/sorted-folder.js';
import { THREAD_ALGORITHMS } from '../../../src/imap/thread/thread.js';
import { ThreadedFolder } from '../../../src/imap/thread/threaded-folder.js';
import { UidList } from '../../../src/imap/uid-list.js';
import { describeMessage } from '../../../src/mime/describe.js';
import { Database } from '../../../src/store/database.js';
import { SqliteMailboxes } from '../../../src/store/mail/mailboxes.js';
import { SqliteMessages } from '../../../src/store/mail/messages.js';
import { generator } from '../../support/random.js';
import { freshThreads } from '../../support/threads.js';

const STEPS = 150;
const random = generator();
const breathe = async (): Promise<void> => {};

describe('orders that are kept up', () => {
  let database: Database;
  let mailboxes: SqliteMailboxes;
  let mailboxId: number;
  let context: SortContext;
  let read: number;

  beforeEach(() => {
    database = new Database(':memory:');
    mailboxes = new SqliteMailboxes(database, describeMessage, new ManualClock(1_800_000_000));
    mailboxId = mailboxes.find('INBOX')!.id;
    const messages = new SqliteMessages(database);
    const columns = messages.columns.bind(messages);
    messages.columns = (ids, wanted) => {
      read += ids.length;
      return columns(ids, wanted);
    };
    context = { mailboxes, messages, mailboxId, breathe };
    read = 0;
  });
  afterEach(() => database.close());

  /** Few names, so that threads form and split; few subjects and dates, so that there are ties. */
  function append(count: number, names = 40): void {
    const { below } = random;
    const mails = Array.from({ length: count }, () => {
      const references = Array.from({ length: below(4) }, () => `<${below(names)}@x>`).join(' ');
      const subject =
        ['', 'Re: ', 'Fwd: '][below(3)] + ['', 'a', 'b', 'ü', `${'long '.repeat(60)}${below(3)}`, `s${below(names)}`][below(6)];
      const fields = [
        `Subject: ${subject}`,
        `Message-ID: ${below(8) === 0 ? '' : `<${below(names)}@x>`}`,
        `References: ${references}`,
        `From: ${['', 'P'][below(2)]} <${below(5)}@x>`,
        below(5) === 0 ? 'X-No: date' : `Date: Thu, 1 Jan 2026 10:00:${10 + below(20)} +0000`,
      ];
      return { raw: Buffer.from(`${fields.join('\r\n')}\r\n\r\n`), flags: [], internalDate: 1_767_261_600 + below(5), identity: '' };
    });
    mailboxes.append(mailboxId, mails);
  }

  function happen(): void {
    const uids = mailboxes.uids(mailboxId, null);
    const { below, pick } = random;
    if (below(3) > 0 || uids.length === 0) append(1 + below(below(6) === 0 ? 40 : 3));
    else mailboxes.expunge(mailboxId, below(8) === 0 ? uids.filter(() => below(2) === 0) : [pick(uids)]);
  }

  /** What is asked about: mostly all, sometimes some. */
  function asked(): number[] {
    const uids = mailboxes.uids(mailboxId, null);
    return random.below(4) === 0 ? uids.filter(() => random.below(3) > 0) : uids;
  }

  for (const algorithm of THREAD_ALGORITHMS)
    it(`THREAD ${algorithm}: as a fresh look would find them (POSTERN_SEED=${random.seed})`, async () => {
      let kept = await ThreadedFolder.of(algorithm, [], context);
      for (let step = 0; step < STEPS; step++) {
        happen();
        const uids = asked();
        kept = await kept.with(uids, context);
        assert.deepEqual(kept.flat, await freshThreads(algorithm, uids, context), `step ${step}`);
      }
    });

  it(`SORT: as a fresh look would find them (POSTERN_SEED=${random.seed})`, async () => {
    for (let round = 0; round < 12; round++) {
      const criteria = Array.from(
        { length: 1 + random.below(3) },
        (): SortCriterion => ({ key: random.pick(SORT_KEYS), reverse: random.below(2) === 0 }),
      );
      let kept = await SortedFolder.of(criteria, [], context);
      for (let step = 0; step < STEPS / 5; step++) {
        happen();
        const uids = asked();
        kept = await kept.with(uids, UidList.EMPTY.withAdded(mailboxes.uids(mailboxId, null)), context);
        assert.deepEqual(await kept.pick(uids, context), await sort(criteria, uids, context), JSON.stringify(criteria));
      }
    }
  });

  it('cost what one mail costs when one comes or goes, and nothing when none does', async () => {
    append(3000, 100_000);
    const folder = (): UidList => UidList.EMPTY.withAdded(mailboxes.uids(mailboxId, null));
    const uids = (): number[] => mailboxes.uids(mailboxId, null);
    let sorted = await SortedFolder.of([{ key: 'SUBJECT', reverse: false }], uids(), context);
    let threads = await ThreadedFolder.of('REFS', uids(), context);
    const costOf = async (change: () => void): Promise<[number, number]> => {
      change();
      read = 0;
      sorted = await sorted.with(uids(), folder(), context);
      const ofSort = read;
      threads = await threads.with(uids(), context);
      return [ofSort, read - ofSort];
    };
    assert.deepEqual(await costOf(() => {}), [0, 0]);
    const [sorting, threading] = await costOf(() => append(1, 100_000));
    assert.ok(sorting <= 14, `${sorting} of 3000 messages were read to sort one more`);
    assert.ok(threading <= 100, `${threading} of 3000 messages were read to thread one more`);
    const [unsorting, unthreading] = await costOf(() => mailboxes.expunge(mailboxId, [1500]));
    assert.equal(unsorting, 0);
    assert.ok(unthreading <= 100, `${unthreading} of 3000 messages were read to thread one less`);
    assert.deepEqual(await costOf(() => mailboxes.setFlags(mailboxId, [1], 'add', ['\\Seen'])), [0, 0]);
  });
});
