/** What is read of a slice at once, and that it is what was asked for. */
import assert from 'node:assert/strict';
import { ReadAhead } from '../../src/imap/read-ahead.js';
import type { MessageRange, Messages } from '../../src/store/mail/message-types.js';
import type { Entry } from '../../src/store/mail/types.js';

function entriesOf(count: number, size: number, messageIdOf = (index: number): number => index + 1): Entry[] {
  const other = { modseq: 1, flags: [], internalDate: 0, savedAt: 0, identity: '' };
  return Array.from({ length: count }, (_, index) => ({ ...other, uid: index + 1, size, messageId: messageIdOf(index) }));
}

describe('reading ahead', () => {
  let asked: number[];
  const blocks = {
    raws: (ids: readonly number[]) => read(ids, (id) => Buffer.from(`raw ${id}`)),
    piecesOf: (ids: readonly number[]) => read(ids, (id) => [Buffer.from('raw '), Buffer.from(`${id}`)]),
    headers: (ids: readonly number[]) => read(ids, (id) => Buffer.from(`header ${id}`)),
    structures: (ids: readonly number[]) => read(ids, (id) => `structure ${id}`),
    envelopes: (ids: readonly number[]) => read(ids, () => null),
    threadIds: (ids: readonly number[]) => read(ids, (id) => id + 1000),
  } as Partial<Messages> as Messages;
  beforeEach(() => (asked = []));

  function read<T>(ids: readonly number[], make: (id: number) => T): T[] {
    asked.push(ids.length);
    return ids.map(make);
  }

  for (const [count, size, headers, raws] of [
    [1100, 1000, [500, 500, 100], [131, 131, 131, 131, 131, 131, 131, 131, 52]],
    [10, 60_000, [10], [2, 2, 2, 2, 2]],
    [5, 20_000_000, [1, 1, 1, 1, 1], [1, 1, 1, 1, 1]],
  ] as const)
    it(`reads ${count} messages of ${size} bytes in ${headers.length} steps for their headers, ${raws.length} for their texts`, () => {
      const ahead = new ReadAhead(blocks, entriesOf(count, size), []);
      for (let id = 1; id <= count; id++) assert.equal(ahead.header(id).toString(), `header ${id}`);
      assert.deepEqual(asked, headers);
      asked = [];
      for (let id = 1; id <= count; id++) assert.equal(Buffer.concat(ahead.pieces(id)).toString(), `raw ${id}`);
      assert.deepEqual(asked, raws);
    });

  it('reads nothing that nobody asks for', () => {
    const ahead = new ReadAhead(blocks, entriesOf(10, 10), []);
    assert.equal(ahead.structure(4), 'structure 4');
    assert.equal(ahead.structure(9), 'structure 9');
    assert.deepEqual(asked, [7], 'from the first that was asked for');
    assert.equal(ahead.envelope(2), null);
    assert.deepEqual(ahead.objectIds(2), { emailId: 'M2', threadId: 'T1002' });
  });

  it('reads of many messages together the section that is asked for, however long the messages are', () => {
    const section = { part: [1], text: '', fields: [] } as const;
    const partial = { offset: 0, length: 20_000 };
    const messages = {
      partIndexes: (ids: readonly number[]) => ids.map((id) => (id === 3 ? null : ` m:9@0-9-99 1:9@${id}-${10 * id}-900000`)),
      ranges: (ranges: readonly MessageRange[]) =>
        read(
          ranges.map(({ messageId }) => messageId),
          (id) => Buffer.from(`of ${id}`),
        ),
      range: ({ messageId }: MessageRange) => read([messageId], (id) => Buffer.from(`alone of ${id}`))[0],
    } as Partial<Messages> as Messages;
    const ahead = new ReadAhead(messages, entriesOf(9, 1_000_000), [{ item: 'BODY[]', peek: true, section, partial }]);
    for (const id of [1, 2, 4, 5, 6, 7, 8, 9]) {
      assert.equal(String(ahead.range({ messageId: id, start: 10 * id, end: 10 * id + 20_000 })), `of ${id}`);
    }
    assert.deepEqual(asked, [6, 2], 'without the one that has no index');
    assert.equal(String(ahead.range({ messageId: 9, start: 1, end: 2 })), 'alone of 9');
    assert.deepEqual(asked, [6, 2, 1]);
  });

  it('knows a message that lies in the folder twice', () => {
    const ahead = new ReadAhead(
      blocks,
      entriesOf(6, 200_000, (index) => (index % 2) + 1),
      [],
    );
    for (const id of [1, 2, 1, 2, 1, 2]) assert.equal(Buffer.concat(ahead.pieces(id)).toString(), `raw ${id}`);
  });
});
