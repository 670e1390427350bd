/** Messages in pieces: there as a whole or not at all, and gone piece by piece. */
import assert from 'node:assert/strict';
import { ManualClock } from '../../../src/base/clock.js';
import { Database } from '../../../src/store/database.js';
import { LARGE_MESSAGE_BYTES, PIECE_BYTES } from '../../../src/store/mail/large-messages.js';
import { SqliteMailboxes } from '../../../src/store/mail/mailboxes.js';
import { SqliteMessages } from '../../../src/store/mail/messages.js';
import type { MessageStaging, StagedMessage } from '../../../src/store/mail/staged-messages.js';
import { describeStub } from './describe-stub.js';
import { IndexedMail } from './indexed-mail.js';

const HEADER = `A: ${'a'.repeat(PIECE_BYTES)}\r\n\r\n`;
const RAW = Buffer.from(HEADER + 'text\r\n'.repeat(400_000));
const SMALL = Buffer.from('A: small\r\n\r\n');
/** All of a large message, before a folder takes it. */
function stage(mailboxes: SqliteMailboxes): { message: StagedMessage; staging: MessageStaging } {
  const staging = mailboxes.stage();
  const { message, add } = staging.beginLarge(describeStub(RAW), RAW.length);
  for (let start = 0; start < RAW.length; start += PIECE_BYTES) add(RAW.subarray(start, start + PIECE_BYTES));
  return { message, staging };
}

const NEW = { flags: [], internalDate: 1, identity: '' };

describe('large messages', () => {
  let database: Database;
  let mailboxes: SqliteMailboxes;
  let messages: SqliteMessages;
  let inbox: number;

  beforeEach(() => {
    database = new Database(':memory:');
    mailboxes = new SqliteMailboxes(database, describeStub, new ManualClock(1_800_000_000));
    messages = new SqliteMessages(database);
    inbox = mailboxes.find('INBOX')!.id;
  });
  afterEach(() => database.close());

  const count = (table: string): number => database.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)!.n;
  const idOf = (uid: number): number => mailboxes.entries(inbox, [uid])[0].messageId;
  const write = (): StagedMessage => stage(mailboxes).message;

  for (const [how, raw] of [
    ['at once', () => RAW],
    ['in pieces', write],
  ] as const) {
    it(`written ${how}, are read as others are`, () => {
      mailboxes.append(inbox, [
        { ...NEW, raw: SMALL },
        { ...NEW, raw: raw() },
      ]);
      const ids = [idOf(1), idOf(2)];
      assert.deepEqual(mailboxes.entries(inbox, [2])[0].size, RAW.length);
      assert.ok(messages.raw(ids[1]).equals(RAW));
      assert.ok(messages.header(ids[1]).equals(Buffer.from(HEADER)));
      assert.deepEqual(messages.raws(ids), [SMALL, RAW]);
      assert.deepEqual(messages.headers(ids), [SMALL, Buffer.from(HEADER)]);
      assert.equal(messages.openLarge(ids[0]), null);
      const large = messages.openLarge(ids[1])!;
      const pieces: Buffer[] = [];
      for (let at = 3; at < RAW.length - 3; at += pieces.at(-1)!.length) pieces.push(large.read(at, RAW.length - 3));
      assert.ok(pieces.every(({ length }) => length > 0 && length <= PIECE_BYTES));
      assert.ok(Buffer.concat(pieces).equals(RAW.subarray(3, -3)));
    });
  }

  it('begin where a row would be too large', () => {
    const raw = Buffer.concat([SMALL, Buffer.alloc(LARGE_MESSAGE_BYTES - SMALL.length, 'x')]);
    mailboxes.append(inbox, [
      { ...NEW, raw },
      { ...NEW, raw: Buffer.concat([raw, Buffer.from('x')]) },
    ]);
    assert.deepEqual([count('bodies'), count('large_messages')], [1, 1]);
  });

  it('are there for nobody while they are written', () => {
    const { message, staging } = stage(mailboxes);
    assert.deepEqual([count('messages'), count('entries')], [1, 0]);
    assert.deepEqual(mailboxes.findByMessageId(inbox, ''), []);
    staging.close();
    while (mailboxes.staged.deleteNext(2) || messages.large.deleteNext(2));
    assert.deepEqual([count('messages'), count('large_messages'), count('message_pieces')], [0, 0, 0]);
    assert.throws(() => mailboxes.append(inbox, [{ ...NEW, raw: message }]), /not there/);
  });

  it('stay for their readers when they are removed, and go then', () => {
    mailboxes.append(inbox, [{ ...NEW, raw: RAW }]);
    mailboxes.copy(inbox, [1], inbox);
    const [first, second] = [messages.openLarge(idOf(1))!, messages.openLarge(idOf(2))!];
    mailboxes.expunge(inbox, [1]);
    assert.equal(messages.large.deleteNext(8), false, 'the copy is there');
    mailboxes.expunge(inbox, [2]);
    first.close();
    first.close();
    assert.equal(messages.large.deleteNext(8), false, 'one reads on');
    assert.ok(second.read(0, 10).equals(RAW.subarray(0, 10)));
    second.close();
    let turns = 0;
    while (messages.large.deleteNext(2)) turns++;
    assert.ok(turns > 2, `${turns} turns`);
    assert.deepEqual([count('messages'), count('large_messages'), count('message_pieces')], [0, 0, 0]);
  });

  it('are always read by a search', () => {
    const mail = new IndexedMail(describeStub, (raw) => ({ text: raw.toString(), addresses: '' }));
    const [large, small] = [mail.append(RAW.toString()), mail.append('small')];
    mail.indexAll();
    assert.deepEqual(mail.index.find('nowhere', large, small)?.possible, [large]);
    mail.close();
  });
});
