/**
 * Spellings of a lower-cased address per second of one core, for each engine, as a ratio to node:crypto.
 *
 * node dist/bench/spellings.js
 */
import { planSpellings } from '../src/bitmessage/crypto/spellings.js';
import { outerCount, searchSpellings } from '../src/bitmessage/messaging/spelling-search.js';
import { cryptoHasher, type ShortHasher, wasmHasher } from '../src/pow/short-hasher.js';

/** PROTOCOL Annex A.1. 2^21 hashes for 2^26 spellings. */
const TEXT = '2cwy7cvhoq3f1rymerrjp8pt653jjsuedy';
/** Interleaved, so that a noisy neighbour disturbs all alike; the median counts. */
const REPEATS = 7;
const [BRANCH] = planSpellings(TEXT, [1n]);
/** Of 1,024 hashes each. */
const BATCHES = Math.min(200, outerCount(BRANCH!));
const HASHES_PER_BATCH = 2 ** Math.min(BRANCH!.steps.length, 10);

const hashers = [wasmHasher('simd'), wasmHasher('scalar'), cryptoHasher()];
const speeds = new Map<string, number[]>(hashers.map(({ name }) => [name, []]));
for (const hasher of hashers) speedOf(hasher); // until it has its final machine code
for (let repeat = 0; repeat < REPEATS; repeat++) for (const hasher of hashers) speeds.get(hasher.name)!.push(speedOf(hasher));

const medians = [...speeds].map(([name, values]) => ({ name, speed: values.sort((a, b) => a - b)[values.length >> 1]! }));
const baseline = medians.find(({ name }) => name === 'crypto')!.speed;
for (const { name, speed } of medians) {
  const [hashes, spellings] = [speed, speed * BRANCH!.tails.length].map((value) => Math.round(value).toLocaleString('en').padStart(12));
  console.log(`${name.padEnd(8)} ${hashes} hashes/s per core, ${spellings} spellings/s   ${(speed / baseline).toFixed(2)} x crypto`);
}

/** By processor time: on a busy machine that says more than the clock on the wall. */
function speedOf(hasher: ShortHasher): number {
  const count = hasher.name === 'crypto' ? BATCHES / 10 : BATCHES;
  const before = process.cpuUsage();
  searchSpellings(hasher, { branch: BRANCH!, first: 0, count });
  const { user, system } = process.cpuUsage(before);
  return (count * HASHES_PER_BATCH * 1e6) / (user + system);
}
