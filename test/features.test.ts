/** docs/features.md held against the tests: each one that it names is there, and each row that is done names one. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';

const root = new URL('../../', import.meta.url);
const rows = readFileSync(new URL('docs/features.md', root), 'utf8')
  .split('\n')
  .filter((line) => /^\| [A-H]\d+ \|/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, id, , state, shown]) => ({ id, state, tests: [...shown.matchAll(/`([^`]+\.test\.ts)`/g)].map(([, name]) => name) }));

describe('the list of features', () => {
  it('has every row once, in order', () => {
    const counts = { A: 8, B: 12, C: 8, D: 12, E: 8, F: 8, G: 5, H: 7 };
    const expected = Object.entries(counts).flatMap(([section, count]) => Array.from({ length: count }, (_, i) => `${section}${i + 1}`));
    assert.deepEqual(
      rows.map(({ id }) => id),
      expected,
    );
  });

  for (const { id, state, tests } of rows)
    it(`${id}: ${state}`, () => {
      assert.match(state, /^(done|partly – .+|not yet$)/);
      if (state.startsWith('done')) assert.notEqual(tests.length, 0);
      assert.deepEqual(
        tests.filter((name) => !existsSync(new URL(`test/${name}`, root))),
        [],
      );
    });
});
