import assert from 'node:assert/strict';
import { formatAddress } from '../../src/bitmessage/crypto/address.js';
import { closestAddresses } from '../../src/mapping/spelling.js';
import { type Generator, generator } from '../support/random.js';

const DIGITS = '23456789abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ';

const addressOf = (random: Generator): string =>
  formatAddress({ version: 4, stream: 1n, ripe: random.bytes(20).fill(0, 0, 1).fill(9, 1, 2) });

/** A slip of the pen behind "BM-": a character changed, missing, too many, or swapped with the next one. */
function slip(text: string, random: Generator, first: number, count: number): string {
  const at = first + random.below(count);
  const [before, here, next, after] = [text.slice(0, at), text[at], text[at + 1], text.slice(at + 2)];
  const digit = random.pick([...DIGITS]);
  return random.pick([
    `${before}${digit}${next}${after}`,
    `${before}${next}${after}`,
    `${before}${digit}${here}${next}${after}`,
    `${before}${next}${here}${after}`,
  ]);
}

describe('nearly right addresses', () => {
  const random = generator();
  const known = Array.from({ length: 500 }, () => addressOf(random));

  it(`are found with any two slips, in any case, among 500 (seed ${random.seed})`, () => {
    for (let round = 0; round < 300; round++) {
      const meant = random.pick(known);
      // Not upon another, where two may count as three.
      const half = Math.floor(meant.length / 2);
      const typed = slip(slip(meant, random, half + 2, half - 4), random, 3, half - 4);
      assert.equal(closestAddresses(typed, known)[0], meant, typed);
      assert.equal(closestAddresses(typed.toLowerCase(), known)[0], meant, typed);
    }
  });

  it(`are not guessed where there are more (seed ${random.seed})`, () => {
    for (let round = 0; round < 50; round++) assert.deepEqual(closestAddresses(addressOf(random), known), []);
  });

  it('come in the order of their slips', () => {
    const [meant] = known;
    const [one, two] = [`${meant.slice(0, -1)}0`, `${meant.slice(0, -2)}00`];
    assert.deepEqual(closestAddresses(meant, [two, one, meant]), [meant, one, two]);
  });

  it('are looked for among 50,000 without keeping anybody waiting', () => {
    const many = Array.from(
      { length: 50_000 },
      (_, index) => `BM-2c${String(index).padStart(5, 'x')}${known[index % known.length].slice(10)}`,
    );
    const begin = process.cpuUsage();
    closestAddresses(addressOf(random), many);
    const { user, system } = process.cpuUsage(begin);
    // 15 ms; without the sieve before it, half a second.
    assert.ok((user + system) / 1000 < 250, `${user + system} µs`);
  });
});
