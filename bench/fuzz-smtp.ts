/**
 * Plays mutated dialogs through whole SMTP sessions, with the real mapping behind them: no error of ours, no hang, no memory
 * that stays.
 *
 * node dist/bench/fuzz-smtp.js [--lines 100000] [--seed 1]
 */
import { parseArgs } from 'node:util';
import { fuzzSmtpSessions } from '../test/support/session-fuzz.js';
import { inRounds } from './rounds.js';

const { values } = parseArgs({ options: { lines: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } } });

await inRounds(Number(values.lines), 20_000, Number(values.seed), async (count, seed) => {
  const { dialogs, stored } = await fuzzSmtpSessions(count, seed);
  return `lines in ${dialogs} dialogs, ${stored} mails`;
});
