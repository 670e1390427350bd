/** How much is done at a time before others have their turn. */
import assert from 'node:assert/strict';
import { nextSliceSize } from '../../../src/store/mail/slice-size.js';

describe('slice size', () => {
  for (const [size, tookMs, next, why] of [
    [500, 1, 1000, 'doubles at most'],
    [500, 0, 1000, 'takes a clock that stands still'],
    [1000, 10, 1500, 'fills the time'],
    [1000, 30, 500, 'shrinks at once'],
    [5000, 1, 5000, 'stays within what one transaction may hold'],
    [30, 1000, 20, 'goes on, however slow the disk is'],
  ] as const)
    it(`after ${size} in ${tookMs} ms takes ${next}: ${why}`, () => assert.equal(nextSliceSize(size, tookMs, 15), next));
});
