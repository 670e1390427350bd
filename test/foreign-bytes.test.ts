/** A short run of bench/fuzz-readers. */
import assert from 'node:assert/strict';
import { generator } from './support/random.js';
import { fuzzReaders } from './support/reader-fuzz.js';

describe('bytes that strangers wrote', () => {
  const { seed } = generator();

  it(`have an answer or are refused, soon (POSTERN_SEED=${seed})`, async () => {
    for (const [name, { answered, refused, slowestMs }] of await fuzzReaders(1500, seed)) {
      assert.ok(answered > 5, `${name}: ${answered} answered, ${refused} refused: the inputs are too wild`);
      assert.ok(slowestMs < 1000, `${name}: ${slowestMs} ms`);
    }
  }).timeout(60_000);
});
