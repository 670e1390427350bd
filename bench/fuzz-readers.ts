/**
 * Throws changed bytes at every reader of what strangers write: contents, packets, archives, settings, logins, cards; and damaged
 * directories of PyBitmessage at their import. No error but how each one refuses, nothing that takes long, no memory that stays.
 *
 * node dist/bench/fuzz-readers.js [--count 100000] [--imports 0] [--seed 1]
 */
import { parseArgs } from 'node:util';
import { fuzzImports } from '../test/support/import-fuzz.js';
import { fuzzReaders } from '../test/support/reader-fuzz.js';
import { inRounds } from './rounds.js';

const { values } = parseArgs({
  options: {
    /** Inputs for each reader. */
    count: { type: 'string', default: '100000' },
    /** Directories. */
    imports: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
  },
});
const seed = Number(values.seed);

await inRounds(Number(values.count), 10_000, seed, async (count, from) => {
  const results = [...(await fuzzReaders(count, from))];
  const slowest = results.reduce((a, b) => (b[1].slowestMs > a[1].slowestMs ? b : a));
  const refused = results.reduce((sum, [, each]) => sum + each.refused, 0);
  return `inputs for each of ${results.length} readers: ${refused} refused, slowest ${slowest[1].slowestMs.toFixed(1)} ms (${slowest[0]})`;
});
await inRounds(Number(values.imports), 20, seed, async (count, from) => {
  const { taken, refused } = await fuzzImports(count, from * 1000);
  return `directories: ${taken} taken, ${refused} refused`;
});
