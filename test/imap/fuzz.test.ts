/** A short run of bench/fuzz-imap. */
import assert from 'node:assert/strict';
import { fuzzImap } from '../support/imap-fuzz.js';
import { generator } from '../support/random.js';

describe('imap parsers', () => {
  const { seed } = generator();

  it(`take anything (POSTERN_SEED=${seed})`, () => {
    const { commands, refused, slowestMs } = fuzzImap(20_000, seed);
    assert.ok(refused > 1000 && commands - refused > 1000, `${commands} commands, ${refused} refused: the inputs are too tame or too wild`);
    // A regular expression that backtracks takes seconds; a busy machine does not.
    assert.ok(slowestMs < 1000, `${slowestMs} ms`);
  }).timeout(60_000);
});
