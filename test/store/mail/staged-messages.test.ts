/** Messages brought in step by step: in a folder all at once, or nowhere, whatever happens on the way. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '../../../src/base/clock.js';
import { Database } from '../../../src/store/database.js';
import { LargeMessages, PIECE_BYTES } from '../../../src/store/mail/large-messages.js';
import { SqliteMailboxes } from '../../../src/store/mail/mailboxes.js';
import { SqliteMessages } from '../../../src/store/mail/messages.js';
import { StagedMessages } from '../../../src/store/mail/staged-messages.js';
import { describeStub } from './describe-stub.js';

const NEW = { flags: ['\\Seen', 'kw'], internalDate: 1, identity: '' };
const mail = (subject: string): Buffer => Buffer.from(`Message-ID: <${subject}@x>\r\nSubject: ${subject}\r\n\r\ntext of ${subject}\r\n`);

describe('staged messages', () => {
  let directory: string;
  let database: Database;
  let mailboxes: SqliteMailboxes;
  let inbox: number;

  const open = (): void => {
    database = new Database(join(directory, 'mail.sqlite'));
    mailboxes = new SqliteMailboxes(database, describeStub, new ManualClock(1_800_000_000));
    inbox = mailboxes.find('INBOX')!.id;
  };
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'postern-staged-'));
    open();
  });
  afterEach(() => {
    database.close();
    rmSync(directory, { recursive: true });
  });

  const count = (table: string): number => database.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)!.n;
  const sweep = (): void => {
    const large = new LargeMessages(database);
    while (mailboxes.staged.deleteNext(2) || large.deleteNext(2));
  };

  it('are appended in any order, among others, in one step', () => {
    const staging = mailboxes.stage();
    const [a, b] = staging.add([mail('a'), mail('b')]);
    const [c] = staging.add([mail('c')]);
    let told = 0;
    mailboxes.watch(() => told++);
    assert.deepEqual(
      mailboxes.append(
        inbox,
        [c, mail('d'), a, b].map((raw) => ({ ...NEW, raw })),
      ),
      [1, 2, 3, 4],
    );
    staging.close();
    sweep();
    assert.equal(told, 1);
    const messages = new SqliteMessages(database);
    const texts = mailboxes.entries(inbox, [1, 2, 3, 4]).map(({ messageId, size, flags }) => [messages.raw(messageId), size, flags]);
    assert.deepEqual(
      texts,
      ['c', 'd', 'a', 'b'].map((subject) => [mail(subject), mail(subject).length, NEW.flags]),
    );
    assert.equal(mailboxes.counts(inbox, null).messages, 4);
    assert.deepEqual([count('messages'), count('staged_messages')], [4, 0]);
  });

  it('are in no folder before, and tell nobody', () => {
    let told = 0;
    mailboxes.watch(() => told++);
    mailboxes.stage().add([mail('a')]);
    assert.deepEqual([told, mailboxes.uids(inbox, null), mailboxes.findByMessageId(inbox, '<a@x>')], [0, [], []]);
    assert.equal(mailboxes.find('INBOX')!.uidNext, 1);
  });

  it('stay while a folder may take them, whoever sweeps, and go when it did not', () => {
    mailboxes.append(inbox, [{ ...NEW, raw: mail('kept') }]);
    const [first, second] = [mailboxes.stage(), mailboxes.stage()];
    const [a] = first.add([mail('a'), mail('b'), mail('c')]);
    const [d] = second.add([mail('d')]);
    assert.equal(new StagedMessages(database).deleteNext(100), false);
    let told = 0;
    mailboxes.staged.watch(() => told++);
    first.close();
    assert.equal(told, 1, 'the sweeper is woken');
    assert.equal(new StagedMessages(database).deleteNext(2), true);
    assert.equal(count('messages'), 3, 'a few at a time');
    sweep();
    assert.throws(
      () =>
        mailboxes.append(
          inbox,
          [d, a].map((raw) => ({ ...NEW, raw })),
        ),
      /not there/,
    );
    assert.deepEqual(mailboxes.uids(inbox, null), [1], 'all or none');
    assert.deepEqual(mailboxes.append(inbox, [{ ...NEW, raw: d }]), [2]);
    second.close();
    sweep();
    for (const table of ['messages', 'bodies', 'envelopes', 'summaries']) assert.equal(count(table), 2, table);
    const names = database.all<{ name: string }>('SELECT name FROM thread_names ORDER BY name').map(({ name }) => name);
    assert.deepEqual(names, ['<d@x>', '<kept@x>']);
  });

  it('cannot be taken twice', () => {
    const [a] = mailboxes.stage().add([mail('a')]);
    const twice = [a, a].map((raw) => ({ ...NEW, raw }));
    assert.throws(() => mailboxes.append(inbox, twice), /not there/);
    mailboxes.append(inbox, [twice[0]]);
    assert.throws(() => mailboxes.append(inbox, [twice[0]]), /not there/);
  });

  it('that the program left when it ended are deleted after its next start, half written ones too', () => {
    const staging = mailboxes.stage();
    staging.add([mail('a'), mail('b')]);
    const raw = Buffer.concat([mail('large'), Buffer.alloc(5 * PIECE_BYTES, 'x')]);
    const { add } = staging.beginLarge(describeStub(raw), raw.length);
    for (const start of [0, PIECE_BYTES]) add(raw.subarray(start, start + PIECE_BYTES));
    database.close();
    open();
    assert.equal(count('message_pieces'), 2);
    sweep();
    for (const table of ['messages', 'staged_messages', 'large_messages', 'message_pieces']) assert.equal(count(table), 0, table);
    assert.deepEqual(database.all('PRAGMA foreign_key_check'), []);
  });
});
