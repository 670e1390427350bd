/** What SORT and THREAD put in order by, against the plainest way to do the same. */
import assert from 'node:assert/strict';
import { ByteKeys, MAX_KEY_BYTES } from '../../../src/imap/sort/byte-keys.js';
import { firstNumbers, sortByNumbers } from '../../../src/imap/sort/sort-by-numbers.js';
import { generator } from '../../support/random.js';

const { seed, below, pick } = generator();
const breathe = async (): Promise<void> => {};

describe(`sorting (POSTERN_SEED=${seed})`, () => {
  it('by numbers: large and small, negative and far apart; what is equal stays as it was', async () => {
    for (const count of [0, 1, 2, 300, 60_000]) {
      const spread = pick([1, 3, 1000, 2 ** 31, 2 ** 51]);
      const values = Float64Array.from({ length: count }, () => Math.floor((below(2 ** 32) / 2 ** 32 - 0.5) * spread));
      const items = firstNumbers(count).filter(() => below(5) > 0);
      const before = items.slice();
      for (const isReverse of [false, true]) {
        const sign = isReverse ? -1 : 1;
        const expected = Array.from(items).sort((a, b) => sign * (values[a] - values[b]) || a - b);
        assert.deepEqual([...(await sortByNumbers(items, values, breathe, isReverse))], expected);
      }
      assert.deepEqual(items, before);
    }
  });

  it('by texts: each different one once, those that are too long by what they are made of', async () => {
    const long = 'x'.repeat(MAX_KEY_BYTES);
    const texts = Array.from({ length: 5000 }, () => {
      const text = Array.from({ length: below(8) }, () => pick(['a', 'A', '\u00fc', '\u{1f600}', ' ', '\uffff'])).join('');
      return below(20) === 0 ? long + text : text;
    });
    const keys = new ByteKeys();
    const numbers: number[] = [];
    for (const text of texts) {
      await keys.reserve(1, breathe);
      numbers.push(keys.add(text));
    }
    assert.ok(keys.count < texts.length);
    const bytesOf = (text: string): Buffer => Buffer.from(text);
    const textOf = new Map(numbers.map((number, index) => [number, texts[index]]));
    const compareWhole = (one: number, other: number): number => Buffer.compare(bytesOf(textOf.get(one)!), bytesOf(textOf.get(other)!));
    const ranks = await keys.ranks(compareWhole, breathe);
    for (let i = 1; i < texts.length; i++) {
      const expected = Buffer.compare(bytesOf(texts[i - 1]), bytesOf(texts[i]));
      assert.equal(Math.sign(ranks[numbers[i - 1]] - ranks[numbers[i]]), expected, JSON.stringify([texts[i - 1], texts[i]]));
    }
  });
});
