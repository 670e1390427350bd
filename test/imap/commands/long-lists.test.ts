/** Long lists of numbers: the same text as in one go, with pauses. */
import assert from 'node:assert/strict';
import { formatList, formatSet, toNumbers } from '../../../src/imap/commands/long-lists.js';
import type { Session } from '../../../src/imap/session.js';
import { formatSequenceSet } from '../../../src/imap/wire/sequence-set.js';

describe('long lists of numbers', () => {
  let pauses: number;
  const session = {
    view: { numberOf: (uid: number) => uid - 5 },
    breathe: async () => {
      pauses++;
    },
  } as unknown as Session;
  beforeEach(() => (pauses = 0));

  const numbers = Array.from({ length: 100_000 }, (_, index) => index + 1);

  it('are formatted as in one go', async () => {
    for (const some of [[], [7], numbers, numbers.filter((number) => number % 7 !== 0), numbers.toReversed()]) {
      assert.equal(await formatSet(session, some), formatSequenceSet(some));
      assert.equal(await formatList(session, some), some.map((number) => ` ${number}`).join(''));
    }
    assert.ok(pauses > 10);
  });

  it('are made of UIDs in order', async () => {
    assert.deepEqual(await toNumbers(session, [10, 7], 'number'), [5, 2]);
    assert.deepEqual(await toNumbers(session, [10, 7], 'uid'), [10, 7]);
    await toNumbers(session, numbers, 'number');
    assert.ok(pauses > 3);
  });
});
