/**
 * Throws mutated dialogs at the IMAP parsers, and plays them through whole sessions: no error but BAD and NO, nothing that takes
 * long, no memory that stays.
 *
 * node dist/bench/fuzz-imap.js [--count 1000000] [--lines 0] [--seed 1]
 */
import { parseArgs } from 'node:util';
import { fuzzImap } from '../test/support/imap-fuzz.js';
import { fuzzImapSessions } from '../test/support/session-fuzz.js';
import { inRounds } from './rounds.js';

const { values } = parseArgs({
  options: {
    /** Inputs for the parsers. */
    count: { type: 'string', default: '1000000' },
    /** Lines said in sessions. */
    lines: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
  },
});
const seed = Number(values.seed);

await inRounds(Number(values.count), 100_000, seed, async (count, from) => {
  const { commands, refused, slowestMs } = fuzzImap(count, from);
  return `inputs: ${commands} commands, ${refused} refused, slowest ${slowestMs.toFixed(1)} ms`;
});
await inRounds(Number(values.lines), 20_000, seed, async (count, from) => {
  const { dialogs, stored } = await fuzzImapSessions(count, from);
  return `lines in ${dialogs} dialogs, ${stored} mails`;
});
