import assert from 'node:assert/strict';
import { originalSender, showQuotes } from '../../src/mapping/quoting.js';
import { BOB } from './house.js';

const LINE = '-'.repeat(54);

describe('quotes of other programs', () => {
  for (const [body, shown, why] of [
    ['hello', 'hello', 'none'],
    [`yes\n\n${LINE}\nreally?\n\nB.`, 'yes\n\n> really?\n>\n> B.', 'one level'],
    [`no\n\n${LINE}\nyes\n\n${LINE}\nreally?`, 'no\n\n> yes\n>\n>> really?', 'two levels'],
    [`x\n${LINE}\n> older\n>> oldest`, 'x\n>> older\n>>> oldest', 'quote marks below the line'],
    [`${LINE} \nx`, '> x', 'a blank behind the line'],
    [`a\n${LINE}-\nb`, `a\n${LINE}-\nb`, 'a longer line is only a line'],
    [`a\n${'-'.repeat(53)}\nb`, `a\n${'-'.repeat(53)}\nb`, 'and so is a shorter one'],
    [`${`${LINE}\n`.repeat(30)}x`, `${'>'.repeat(20)} x`, 'no deeper than twenty'],
  ] as const)
    it(`are shown as a mail shows them: ${why}`, () => assert.equal(showQuotes(body), shown));

  for (const [body, sender] of [
    [`Tue, 2024-01-30 13:05:00 UTC   Message ostensibly from ${BOB}:\n\nhi`, BOB],
    [`Tue, 2024-01-30 13:05:00 UTC   Message ostensibly from evil\r\nBcc: x:\n\nhi`, null],
    [`hi\nTue, 2024-01-30 13:05:00 UTC   Message ostensibly from ${BOB}:\n\nhi`, null],
    ['hi', null],
  ] as const)
    it(`name the writer of a list post: ${String(sender)}`, () => assert.equal(originalSender(body), sender));
});
