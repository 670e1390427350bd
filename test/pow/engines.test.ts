import assert from 'node:assert/strict';
import { createHash, randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ENGINES, fastestEngine, openEngine } from '../../src/pow/engines.js';
import { trialValue } from '../../src/pow/target.js';

interface TrialCase {
  initialHash: string;
  nonce: string;
  trialValue: string;
}
const TRIALS = (
  JSON.parse(readFileSync(new URL('../../../test/vectors/pow-trials.json', import.meta.url), 'utf8')) as { cases: TrialCase[] }
).cases;

/** A multiple of every engine's lanes, so that none looks beyond it. */
const WINDOW = 24;
const ROUNDS = 20;

describe('pow engines', () => {
  const seed = randomInt(2 ** 32);
  const random = (label: string): Buffer => createHash('sha512').update(`${seed} ${label}`).digest();

  for (const name of ENGINES.keys()) {
    it(`${name} finds the lowest sufficient nonce, as node:crypto computes it (seed ${seed})`, () => {
      const engine = openEngine(name);
      for (let round = 0; round < ROUNDS; round++) {
        const initialHash = random(`hash ${round}`);
        // The last rounds run over the end of 64 bits.
        const first = round < ROUNDS - 3 ? random(`first ${round}`).readBigUInt64BE() : 2n ** 64n - BigInt(round);
        const nonces = Array.from({ length: WINDOW }, (_, index) => BigInt.asUintN(64, first + BigInt(index)));
        const values = nonces.map((nonce) => trialValue(nonce, initialHash));
        for (const target of values.flatMap((value) => [value, value - 1n])) {
          engine.prepare(initialHash, target);
          const expected = nonces[values.findIndex((value) => value <= target)] ?? null;
          assert.equal(engine.search(first, WINDOW), expected, `first ${first}, target ${target}`);
        }
      }
    });

    it(`${name} knows the trial values of the reference`, () => {
      const engine = openEngine(name);
      for (const { initialHash, nonce, trialValue: value } of TRIALS) {
        engine.prepare(Buffer.from(initialHash, 'hex'), BigInt(value));
        assert.equal(engine.search(BigInt(nonce), 1), BigInt(nonce));
        engine.prepare(Buffer.from(initialHash, 'hex'), BigInt(value) - 1n);
        assert.notEqual(engine.search(BigInt(nonce), 1), BigInt(nonce));
      }
    });

    it(`${name} compares targets as unsigned numbers`, () => {
      const engine = openEngine(name);
      const initialHash = random('unsigned');
      for (const [target, expected] of [
        [2n ** 64n - 1n, 0n],
        [0n, null],
      ] as const) {
        engine.prepare(initialHash, target);
        assert.equal(engine.search(0n, WINDOW), expected);
      }
    });
  }

  it('measures one of them as the fastest', () => {
    const { engine, trialsPerSecond } = fastestEngine();
    assert.ok(ENGINES.has(engine));
    assert.ok(trialsPerSecond > 0);
  });

  it('knows no engine of another name', () => assert.throws(() => openEngine('abacus'), /abacus/));
});
