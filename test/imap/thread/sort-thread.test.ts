/** SORT and THREAD over folders put together at random, against Dovecot's answers; and threads of any depth. */
import assert from 'node:assert/strict';
import { ManualClock } from '../../../src/base/clock.js';
import { sort } from '../../../src/imap/sort/sort.js';
import { SORT_KEYS, type SortContext, type SortCriterion } from '../../../src/imap/sort/sort-values.js';
import { formatFlat } from '../../../src/imap/thread/flat-threads.js';
import type { ThreadAlgorithm } from '../../../src/imap/thread/thread.js';
import type { ThreadRow } from '../../../src/imap/thread/thread-table.js';
import { describeMessage } from '../../../src/mime/describe.js';
import { Database } from '../../../src/store/database.js';
import { SqliteMailboxes } from '../../../src/store/mail/mailboxes.js';
import { SqliteMessages } from '../../../src/store/mail/messages.js';
import { generator } from '../../support/random.js';
import { freshThreads, linkedThreads } from '../../support/threads.js';
import { loadVectors } from '../../support/vectors.js';

interface Case {
  readonly mails: readonly { readonly raw: string; readonly receivedAt: number }[];
  /** "thread REFS", "sort REVERSE DATE FROM" */
  readonly answers: Readonly<Record<string, string>>;
}

const breathe = async (): Promise<void> => {};

describe('SORT and THREAD', () => {
  for (const [index, { mails, answers }] of loadVectors<Case>('dovecot-sort-thread.json').cases.entries()) {
    it(`answer as Dovecot does: folder ${index}`, async () => {
      const database = new Database(':memory:');
      const mailboxes = new SqliteMailboxes(database, describeMessage, new ManualClock(1_800_000_000));
      const mailboxId = mailboxes.find('INBOX')!.id;
      mailboxes.append(
        mailboxId,
        mails.map(({ raw, receivedAt }) => ({ raw: Buffer.from(raw), flags: [], internalDate: receivedAt, identity: '' })),
      );
      const context: SortContext = { mailboxes, messages: new SqliteMessages(database), mailboxId, breathe };
      const uids = mailboxes.uids(mailboxId, null);
      for (const [question, expected] of Object.entries(answers)) {
        const [command, ...words] = question.split(' ');
        const answer =
          command === 'sort'
            ? (await sort(criteria(words), uids, context)).join(' ')
            : textOf(await freshThreads(words[0] as ThreadAlgorithm, uids, context));
        assert.equal(answer, expected, question);
      }
      database.close();
    });
  }

  const { seed, below } = generator();
  it(`keep every message once, whatever refers to what (POSTERN_SEED=${seed})`, async () => {
    for (let round = 0; round < 200; round++) {
      const rows = Array.from({ length: 1 + below(30) }, (_, i) =>
        row(i + 1, [below(40), below(40), below(40)].slice(below(4)), below(35)),
      );
      const text = textOf(await linkedThreads(rows));
      const uids = text.match(/\d+/g)!.map(Number);
      assert.deepEqual(
        uids.sort((a, b) => a - b),
        rows.map(({ uid }) => uid),
        text,
      );
    }
  });

  it('follow a thread of 50,000 answers, in either order of arrival', async () => {
    const rows = Array.from({ length: 50_000 }, (_, i) => row(i + 1, i === 0 ? [] : [i - 1], i));
    for (const order of [rows, rows.toReversed()]) {
      const text = textOf(await linkedThreads(order));
      assert.ok(text.startsWith('(1 2 3 ') && text.endsWith(' 50000)'));
    }
  });
});

function textOf(flat: Uint32Array): string {
  return formatFlat(flat, (uid) => uid);
}

function row(uid: number, references: readonly number[], id: number): ThreadRow {
  return { uid, messageId: `<${id}@x>`, references: references.map((ref) => `<${ref}@x>`), subject: '', isReply: false, sentAt: uid };
}

function criteria(words: readonly string[]): SortCriterion[] {
  return words.flatMap((word, i) => {
    const key = SORT_KEYS.find((each) => each === word);
    return key === undefined ? [] : [{ key, reverse: words[i - 1] === 'REVERSE' }];
  });
}
