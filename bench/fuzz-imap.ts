/**
 * Throws mutated dialogs at the IMAP parsers: no error but BAD and NO, no input that takes long, no memory that stays.
 *
 * node dist/bench/fuzz-imap.js [--count 1000000] [--seed 1]
 */
import { parseArgs } from 'node:util';
import { fuzzImap } from '../test/support/imap-fuzz.js';

/** Inputs between two lines of output. */
const ROUND = 100_000;

const { values } = parseArgs({ options: { count: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '1' } } });
for (let done = 0, round = 0; done < Number(values.count); done += ROUND, round++) {
  const { commands, refused, slowestMs } = fuzzImap(Math.min(ROUND, Number(values.count) - done), Number(values.seed) + round);
  const heapMib = (process.memoryUsage().heapUsed / 2 ** 20).toFixed(0);
  console.log(`${done + ROUND} inputs: ${commands} commands, ${refused} refused, slowest ${slowestMs.toFixed(1)} ms, heap ${heapMib} MiB`);
}
