/** The one line that a script reads counts what another Node.js has tested before. */
import assert from 'node:assert/strict';
import { closingLine } from './support/reporter.js';

describe('the closing line of the tests', () => {
  for (const [earlier, line] of [
    [undefined, '5 passed, 0 failed, 2 skipped'],
    ['', '5 passed, 0 failed, 2 skipped'],
    ['25 passed, 1 failed, 3 skipped\n', '30 passed, 1 failed, 5 skipped'],
  ] as const)
    it(`is "${line}" after "${earlier}"`, () => assert.equal(closingLine([5, 0, 2], earlier), line));
});
