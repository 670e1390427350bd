import assert from 'node:assert/strict';
import { estimateSeconds, inWords } from '../../src/pow/estimate.js';

describe('pow estimate', () => {
  for (const [trials, speed, seconds] of [
    [1_000_000, 500_000, 2],
    [1, 1_000_000, 0.000001],
    [1_000_000, null, null],
    [1_000_000, 0, null],
  ] as const)
    it(`${trials} trials at ${speed} a second take ${seconds} s`, () => assert.equal(estimateSeconds(trials, speed), seconds));

  for (const [seconds, words] of [
    [0, 'less than a second'],
    [0.9, 'less than a second'],
    [1, 'about 1 s'],
    [9.4, 'about 9 s'],
    [12, 'about 10 s'],
    [13, 'about 15 s'],
    [38, 'about 40 s'],
    [84, 'about 80 s'],
    [86, 'about 1 min'],
    [150, 'about 3 min'],
    [3_000, 'about 50 min'],
    [5_400, 'about 2 h'],
    [100_000, 'about 30 h'],
    [200_000, 'about 2 days'],
    [8_640_000, 'about 100 days'],
  ] as const)
    it(`${seconds} s are ${words}`, () => assert.equal(inWords(seconds), words));
});
