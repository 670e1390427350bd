/** Sets of positions against sets of numbers. */
import assert from 'node:assert/strict';
import { type Places, PositionSet } from '../../../src/imap/search/position-set.js';
import { generator } from '../../support/random.js';

const ROUNDS = 500;

describe('set of positions', () => {
  const { seed, below, pick } = generator();

  const somePlaces = (length: number): Places[] =>
    Array.from({ length: below(4) }, () => {
      const start = below(length + 1);
      return { start, end: start + below(pick([2, 40, 200])) };
    }).map(({ start, end }) => ({ start, end: Math.min(end, length) }));

  const numbersOf = (places: readonly Places[]): Set<number> => {
    const numbers = new Set<number>();
    for (const { start, end } of places) for (let number = start; number < end; number++) numbers.add(number);
    return numbers;
  };

  const assertSame = (set: PositionSet, numbers: ReadonlySet<number>, what: string): void => {
    const ascending = [...numbers].sort((a, b) => a - b);
    assert.deepEqual(set.slice(0, set.length), ascending, what);
    for (let position = 0; position < set.length; position++)
      assert.equal(set.has(position), numbers.has(position), `${what}: ${position}`);
    const from = below(set.length + 1);
    assert.equal(set.next(from), ascending.find((number) => number >= from) ?? -1, `${what}: the next from ${from}`);
  };

  it(`is what numbers are (POSTERN_SEED=${seed})`, () => {
    for (let round = 0; round < ROUNDS; round++) {
      const length = pick([0, 1, 31, 32, 33, 64, 300]);
      const [placesA, placesB] = [somePlaces(length), somePlaces(length)];
      const [a, b] = [PositionSet.ofPlaces(length, placesA), PositionSet.ofPlaces(length, placesB)];
      const [numbersA, numbersB] = [numbersOf(placesA), numbersOf(placesB)];
      assertSame(a, numbersA, 'of places');
      assertSame(a.and(b), new Set([...numbersA].filter((number) => numbersB.has(number))), 'in both');
      assertSame(a.without(b), new Set([...numbersA].filter((number) => !numbersB.has(number))), 'in one alone');
      const all = new PositionSet(length);
      all.addAll(a);
      all.addAll(b);
      const [extra] = length === 0 ? [] : [below(length)];
      if (extra !== undefined) all.add(extra);
      assertSame(all, new Set([...numbersA, ...numbersB, ...(extra === undefined ? [] : [extra])]), 'all');
      assertSame(a, numbersA, 'as before');
    }
  });
});
