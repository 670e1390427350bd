import assert from 'node:assert/strict';
import { estimateSeconds } from '../../src/pow/estimate.js';

describe('pow estimate', () => {
  for (const [trials, speed, seconds] of [
    [1_000_000, 500_000, 2],
    [1, 1_000_000, 0.000001],
    [1_000_000, null, null],
    [1_000_000, 0, null],
  ] as const)
    it(`${trials} trials at ${speed} a second take ${seconds} s`, () => assert.equal(estimateSeconds(trials, speed), seconds));
});
