/** Threads of many messages are made of numbers: little is held while they are made, and little of it stays. */
import assert from 'node:assert/strict';
import type { SortContext } from '../../../src/imap/sort/sort-values.js';
import { SortedFolder } from '../../../src/imap/sort/sorted-folder.js';
import { THREAD_ALGORITHMS } from '../../../src/imap/thread/thread.js';
import { ThreadedFolder } from '../../../src/imap/thread/threaded-folder.js';
import type { MessageColumns } from '../../../src/store/mail/message-types.js';
import { heldInHeap } from '../../support/memory.js';

const MESSAGES = 40_000;
const uids = Uint32Array.from({ length: MESSAGES }, (_, index) => index + 1);
/** As objects, they would be some 40 MB. */
const MAX_HELD_BYTES = 8_000_000;
const MAX_KEPT_BYTES_PER_MESSAGE = 120;
const PAUSES_PER_LOOK = 40;

/** One conversation: each answers the one before, and every hundredth begins with another subject. */
function conversation(breathe: () => Promise<void>): SortContext {
  const columns = (ids: readonly number[]): MessageColumns => ({
    sentAt: ids,
    subject: ids.map((id) => `Re: subject ${Math.floor(id / 100)}`),
    messageIdHeader: ids.map((id) => `<${id}@example.org>`),
    references: ids.map((id) => (id === 1 ? '' : `<${id - 1}@example.org>`)),
    from: [],
    to: [],
    cc: [],
  });
  return {
    mailboxId: 1,
    mailboxes: { columns: (_: number, some: readonly number[]) => ({ uid: some, internalDate: some, messageId: some }) },
    messages: { columns },
    breathe,
  } as unknown as SortContext;
}

describe('orders of many messages', () => {
  const makes: [name: string, make: (context: SortContext) => Promise<{ readonly bytes: number }>][] = [
    ...THREAD_ALGORITHMS.map((algorithm): (typeof makes)[number] => [
      `THREAD ${algorithm}`,
      (context) => ThreadedFolder.of(algorithm, uids, context),
    ]),
    ['SORT (SUBJECT)', (context) => SortedFolder.of([{ key: 'SUBJECT', reverse: false }], uids, context)],
  ];
  for (const [name, make] of makes)
    it(`${name}: hold numbers, not objects`, async () => {
      const before = heldInHeap();
      let held = 0;
      let pauses = 0;
      const order = await make(
        conversation(async () => {
          if (pauses++ % PAUSES_PER_LOOK === 0) held = Math.max(held, heldInHeap() - before);
        }),
      );
      assert.ok(pauses > PAUSES_PER_LOOK, `only ${pauses} pauses`);
      assert.ok(held < MAX_HELD_BYTES, `${held} bytes were held`);
      assert.ok(order.bytes < MESSAGES * MAX_KEPT_BYTES_PER_MESSAGE, `${order.bytes} bytes are kept`);
    });
});
