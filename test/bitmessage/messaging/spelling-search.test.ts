import assert from 'node:assert/strict';
import { createHash, randomInt } from 'node:crypto';
import { formatAddress } from '../../../src/bitmessage/crypto/address.js';
import { countTries, planSpellings, type SpellingBranch } from '../../../src/bitmessage/crypto/spellings.js';
import { SpellingFinder } from '../../../src/bitmessage/messaging/spelling-finder.js';
import { outerCount, searchSpellings } from '../../../src/bitmessage/messaging/spelling-search.js';
import { cryptoHasher, type ShortHasher, wasmHasher } from '../../../src/pow/short-hasher.js';

const STREAMS = [1n];
/** Searched by node:crypto in 0.1 s; one address in some hundred has so few open letters. */
const FEW_TRIES = 2 ** 14;

const lowered = (address: string): string => address.slice(3).toLowerCase();

function searchAll(hasher: ShortHasher, branches: readonly SpellingBranch[]): string[] {
  return branches.flatMap((branch) => searchSpellings(hasher, { branch, first: 0, count: outerCount(branch) }));
}

/** Whether the checksum can be so high or so low that other last letters change the content. */
function runsOver({ base, tails }: SpellingBranch): boolean {
  return Number(base & 0xffff_ffffn) + tails[tails.length - 1] >= 2 ** 32;
}

describe('spellings of an address', () => {
  const seed = randomInt(2 ** 32);
  /** The n-th address of that kind, the same for the same seed. */
  const sample = (version: number, zeros: number, n: number): string => {
    const ripe = new Uint8Array(createHash('sha512').update(`${seed} ${version} ${zeros} ${n}`).digest().subarray(0, 20)).fill(0, 0, zeros);
    if (ripe[zeros] === 0) ripe[zeros] = 1;
    return formatAddress({ version, stream: 1n, ripe });
  };
  const withFewTries = (version: number, zeros: number): string => {
    for (let n = 0; ; n++) {
      const address = sample(version, zeros, n);
      if (countTries(planSpellings(lowered(address), STREAMS)) <= FEW_TRIES) return address;
    }
  };
  const wasm = wasmHasher('simd');
  const hashers = [wasm, wasmHasher('scalar'), cryptoHasher()];

  for (const [version, zeros] of [
    [2, 0],
    [2, 1],
    [3, 0],
    [3, 1],
    [3, 2],
    [3, 3],
    [4, 0],
    [4, 1],
    [4, 2],
    [4, 9],
  ])
    it(`finds an address of version ${version} whose ripe begins with ${zeros} zeros (seed ${seed})`, () => {
      const address = withFewTries(version, zeros);
      const branches = planSpellings(lowered(address), STREAMS);
      for (const hasher of hashers) assert.ok(searchAll(hasher, branches).includes(address), `${hasher.name} ${address}`);
      assert.deepEqual(planSpellings(address.slice(3).toUpperCase(), STREAMS), branches, 'in whatever case it comes');
    });

  it(`finds those whose last digits run over into the content (seed ${seed})`, () => {
    let runOver = 0;
    for (let n = 0; runOver < 5; n++) {
      const address = sample(4, 9, n);
      // Short enough to be searched whole. A second branch is of letters that nobody meant.
      const branches = planSpellings(lowered(address), STREAMS);
      if (branches.length > 1 || !runsOver(branches[0])) continue;
      runOver++;
      assert.ok(searchAll(wasm, branches).includes(address), address);
    }
  });

  it(`finds nothing where a digit is wrong (seed ${seed})`, () => {
    // One in four billion wrong spellings has the right checksum; these have some thousand.
    const text = lowered(withFewTries(4, 1));
    const wrong = `${text.slice(0, -1)}${text.endsWith('3') ? '4' : '3'}`;
    assert.deepEqual(searchAll(wasm, planSpellings(wrong, STREAMS)), []);
  });

  it('answers the same in parts', () => {
    const address = withFewTries(4, 1);
    const branches = planSpellings(lowered(address), STREAMS);
    const parts = branches.flatMap((branch) =>
      Array.from({ length: outerCount(branch) }, (_, first) => searchSpellings(wasm, { branch, first, count: 1 })),
    );
    assert.deepEqual(parts.flat(), searchAll(wasm, branches));
  });

  it('searches only where version, stream and length of the ripe put an address', () => {
    const address = sample(4, 1, 0);
    const letters = [...lowered(address)].filter((letter) => /[a-z]/.test(letter) && !'iol'.includes(letter)).length;
    const tries = countTries(planSpellings(lowered(address), STREAMS));
    assert.ok(tries > 0 && tries <= 2 ** (letters - 2), `${tries} of 2^${letters}`);
    assert.deepEqual(planSpellings(lowered(address), [2n]), [], 'in another stream');
  });

  for (const [text, why] of [
    ['', 'nothing'],
    ['1'.repeat(34), 'zeros'],
    ['2c0vkumcujhqbhnvunqbrglndbkhdgpepqp', 'a character that is no digit'],
    ['x'.repeat(65), 'longer than any address'],
    ['zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz', 'letters that no address begins with'],
  ])
    it(`has nothing to search for ${why}`, () => assert.deepEqual(planSpellings(text, STREAMS), []));

  describe('in threads', () => {
    let finder: SpellingFinder;
    // The threads do not keep the process; mocha does.
    beforeEach(() => (finder = new SpellingFinder()));
    afterEach(() => finder.stop());

    it('finds the address and tells how far it is', async () => {
      const address = withFewTries(4, 1);
      const told: number[] = [];
      const found = await finder.find(lowered(address), STREAMS, { signal: new AbortController().signal, onProgress: (p) => told.push(p) });
      assert.deepEqual(found, [address]);
      assert.equal(told.at(-1), 1);
    });

    it('ends when it is called off', async () => {
      const abort = new AbortController();
      // Some ten seconds of a core.
      const search = finder.find(lowered(sampleWithManyTries()), STREAMS, { signal: abort.signal });
      abort.abort();
      await assert.rejects(search, { name: 'AbortError' });
    });

    function sampleWithManyTries(): string {
      for (let n = 0; ; n++) if (countTries(planSpellings(lowered(sample(4, 1, n)), STREAMS)) >= 2 ** 24) return sample(4, 1, n);
    }
  });
});
