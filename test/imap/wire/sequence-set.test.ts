/** Sequence sets: what they name, and their shortest form. */
import assert from 'node:assert/strict';
import { ImapBad } from '../../../src/imap/wire/imap-bad.js';
import { formatRuns, formatSequenceSet, parseSequenceSet, selectNumbers, selectUids } from '../../../src/imap/wire/sequence-set.js';
import { processorMs } from '../../support/processor-time.js';

const UIDS = [3, 5, 8, 9, 20];

function ranges(text: string) {
  const set = parseSequenceSet(text);
  assert.equal(set.kind, 'ranges');
  return set.kind === 'ranges' ? set.ranges : [];
}

describe('imap sequence set', () => {
  for (const [text, uids] of [
    ['1', [3]],
    ['1,5', [3, 20]],
    ['*', [20]],
    ['4:2', [5, 8, 9]],
    ['*:4', [9, 20]],
    ['1:*,2,3:4', UIDS],
    ['2,1,2', [3, 5]],
  ] as const)
    it(`finds message numbers ${text}`, () => assert.deepEqual(selectNumbers(ranges(text), UIDS), uids));

  for (const [text, uids] of [
    ['5', [5]],
    ['4', []],
    ['*', [20]],
    ['21:*', [20]],
    ['1:4294967295', UIDS],
    ['9:5', [5, 8, 9]],
    ['8:9,1:3,9:20', [3, 8, 9, 20]],
  ] as const)
    it(`finds UIDs ${text}`, () => assert.deepEqual(selectUids(ranges(text), UIDS), uids));

  it('names nothing in an empty folder by UID', () => assert.deepEqual(selectUids(ranges('1:*'), []), []));
  for (const text of ['6', '1:6', '0:*'.replace('0', '7')])
    it(`refuses the message number ${text} of 5`, () => assert.throws(() => selectNumbers(ranges(text), UIDS), ImapBad));
  it('refuses "*" in an empty folder', () => assert.throws(() => selectNumbers(ranges('*'), []), ImapBad));

  for (const text of ['', '0', '1:', ':1', '1,,2', '1:2:3', '4294967296', '01', '-1', '1:0', '$,1'])
    it(`refuses "${text}"`, () => assert.throws(() => parseSequenceSet(text), ImapBad));

  it('knows "$"', () => assert.deepEqual(parseSequenceSet('$'), { kind: 'saved' }));

  for (const [numbers, text] of [
    [[], ''],
    [[7], '7'],
    [[1, 2, 3, 7, 9, 10], '1:3,7,9:10'],
  ] as const)
    it(`writes ${JSON.stringify(numbers)} as "${text}"`, () => assert.equal(formatSequenceSet(numbers), text));

  for (const [runs, text] of [
    [[], ''],
    [[[7, 7]], '7'],
    [
      [
        [1, 2],
        [3, 3],
        [7, 7],
        [9, 9],
        [10, 12],
      ],
      '1:3,7,9:12',
    ],
  ] as const)
    it(`writes the runs ${JSON.stringify(runs)} as "${text}"`, () =>
      assert.equal(formatRuns(runs.map(([first, last]) => ({ first, last }))), text));

  it('takes no longer for a set that names everything again and again', () => {
    const uids = Array.from({ length: 100_000 }, (_, index) => index + 1);
    const started = processorMs();
    assert.equal(selectUids(ranges(Array(5000).fill('1:*').join(',')), uids).length, 100_000);
    assert.ok(processorMs() - started < 500);
  });
});
