/** What is read of many messages at once is what is read of each. */
import assert from 'node:assert/strict';
import { ManualClock } from '../../../src/base/clock.js';
import { describeMessage } from '../../../src/mime/describe.js';
import { Database } from '../../../src/store/database.js';
import { SqliteMailboxes } from '../../../src/store/mail/mailboxes.js';
import { SqliteMessages } from '../../../src/store/mail/messages.js';
import { generator } from '../../support/random.js';

describe('reading many messages at once', () => {
  const random = generator();
  let database: Database;
  let store: SqliteMailboxes;
  let messages: SqliteMessages;
  let inbox: number;
  let ids: number[];

  beforeEach(() => {
    database = new Database(':memory:');
    store = new SqliteMailboxes(database, describeMessage, new ManualClock(1));
    messages = new SqliteMessages(database);
    inbox = store.find('INBOX')!.id;
    // Any bytes: NUL, what is no UTF-8, no header, no text, nothing at all.
    const raws = [
      Buffer.alloc(0),
      Buffer.from('\r\n'),
      Buffer.from('Subject: ü\0\xff\r\n\r\n', 'latin1'),
      Buffer.from('Subject: only\r\n'),
      ...Array.from({ length: 30 }, () => Buffer.concat([Buffer.from('X: y\r\n\r\n'), random.bytes(random.below(300))])),
      Buffer.from(`Subject: a\r\n${'Received: from a by b\r\n'.repeat(200)}To: b@c\r\n\r\ntext`),
    ];
    const entries = raws.map((raw, index) => ({
      raw,
      flags: index % 3 === 0 ? ['\\Seen', '$a'] : index % 3 === 1 ? ['$b', '$a'] : [],
      internalDate: index,
      identity: '',
    }));
    store.append(inbox, entries);
    ids = store.entries(inbox, store.uids(inbox, null)).map((entry) => entry.messageId);
  });
  afterEach(() => database.close());

  it(`gives each its own, in the order of the question (POSTERN_SEED=${random.seed})`, () => {
    const asked = [...ids.reverse(), ids[3], ids[0], ids[3]];
    assert.deepEqual(
      messages.raws(asked),
      asked.map((id) => messages.raw(id)),
    );
    assert.deepEqual(
      messages.piecesOf(asked).map((pieces) => Buffer.concat(pieces)),
      asked.map((id) => messages.raw(id)),
    );
    assert.deepEqual(
      messages.headers(asked),
      asked.map((id) => messages.header(id)),
    );
    assert.deepEqual(
      messages.structures(asked),
      asked.map((id) => messages.structure(id)),
    );
    assert.deepEqual(
      messages.threadIds(asked).map((id) => `T${id}`),
      asked.map((id) => messages.objectIds(id).threadId),
    );
    assert.deepEqual(
      messages.envelopes(asked),
      asked.map((id) => describeMessage(messages.raw(id)).envelope),
    );
    assert.deepEqual(
      messages.bodyStructures(asked),
      asked.map((id) => describeMessage(messages.raw(id)).bodyStructure),
    );
    assert.deepEqual(
      messages.previews(asked),
      asked.map((id) => describeMessage(messages.raw(id)).preview),
    );
    assert.deepEqual(
      messages.partIndexes(asked),
      asked.map((id) => describeMessage(messages.raw(id)).partIndex),
    );
    assert.deepEqual(
      messages.listedFieldsOf(asked),
      asked.map((id) => describeMessage(messages.raw(id)).listedFields ?? messages.header(id)),
    );
    assert.deepEqual(
      asked.map((id) => messages.listedFields(id)),
      messages.listedFieldsOf(asked),
    );
    assert.deepEqual([messages.raws([]), messages.structures([])], [[], []]);
  });

  it('has no envelope of a message that came before they were kept, and of a monster', () => {
    for (const table of ['envelopes', 'summaries']) database.run(`DELETE FROM ${table} WHERE message_id = ?`, ids[1]);
    assert.deepEqual([messages.bodyStructure(ids[1]), messages.preview(ids[1]), messages.partIndex(ids[1])], [null, null, null]);
    assert.deepEqual(messages.envelopes(ids.slice(0, 3)), [messages.envelope(ids[0]), null, messages.envelope(ids[2])]);
    const [uid] = store.append(inbox, [
      { raw: Buffer.from(`To: ${'a@b.example, '.repeat(5000)}\r\n\r\n`), flags: [], internalDate: 1, identity: '' },
    ]);
    assert.equal(messages.envelope(store.entries(inbox, [uid])[0].messageId), null);
  });

  it(`reads some bytes of each (POSTERN_SEED=${random.seed})`, () => {
    const ranges = Array.from({ length: 300 }, () => {
      const messageId = random.pick(ids);
      const [start, end] = [random.below(320), random.below(320)].sort((a, b) => a - b);
      return { messageId, start, end };
    });
    assert.deepEqual(
      messages.ranges(ranges),
      ranges.map(({ messageId, start, end }) => messages.raw(messageId).subarray(start, end)),
    );
    assert.deepEqual(messages.ranges([{ messageId: 1, start: 0, end: 1 }]), [null], 'no such message');
  });

  it('keeps of a long header what is listed', () => {
    assert.equal(String(messages.listedFields(ids.at(-1)!)), 'Subject: a\r\nTo: b@c\r\n\r\n');
    const expected = (): Buffer[] => ids.map((id) => messages.listedFields(id));
    assert.deepEqual(messages.listedFieldsOf(ids), expected(), 'some have them');
    database.run('DELETE FROM listed_fields');
    assert.deepEqual(messages.listedFields(ids.at(-1)!), messages.header(ids.at(-1)!));
    assert.deepEqual(messages.listedFieldsOf(ids), expected(), 'none has');
    database.run("INSERT INTO listed_fields (message_id, fields) SELECT id, CAST('X: ' || id AS BLOB) FROM messages");
    assert.deepEqual(messages.listedFieldsOf(ids), expected(), 'all have them');
  });

  it('forgets the envelope with the message', () => {
    store.expunge(inbox, store.uids(inbox, null));
    for (const table of ['envelopes', 'summaries', 'listed_fields'])
      assert.deepEqual(database.get(`SELECT count(*) AS count FROM ${table}`)?.count, 0);
  });

  it('does not pass over a message that is not there', () => {
    for (const read of ['raws', 'headers', 'structures', 'threadIds'] as const) {
      assert.throws(() => messages[read]([ids[0], 7]), /there is no message|1 of 2 messages are not there/);
    }
  });

  it(`gives columns as it gives rows (POSTERN_SEED=${random.seed})`, () => {
    store.expunge(inbox, [5, 6]);
    const asked = Array.from({ length: 60 }, (_, index) => index + 1).filter(() => random.below(3) > 0);
    const rows = store.entries(inbox, asked);
    const columns = store.columns(inbox, asked, ['flags', 'modseq', 'internalDate', 'savedAt', 'size', 'messageId']);
    const { uid, ...rest } = columns;
    assert.deepEqual(
      uid.map((each, index) => ({
        uid: each,
        identity: '',
        ...Object.fromEntries(Object.entries(rest).map(([name, values]) => [name, values[index]])),
      })),
      rows.map((row) => ({ ...row })),
    );
    assert.deepEqual(store.columns(inbox, asked, ['size']).flags, []);
  });

  it('gives the same flags as the same list', () => {
    const { flags } = store.columns(inbox, [1, 2, 4, 5], ['flags']);
    assert.equal(flags[0], flags[2]);
    assert.equal(flags[1], flags[3]);
  });
});
