/** Short runs of bench/fuzz-imap. */
import assert from 'node:assert/strict';
import { fuzzImap } from '../support/imap-fuzz.js';
import { generator } from '../support/random.js';
import { fuzzImapSessions } from '../support/session-fuzz.js';

describe('imap, mutated dialogs', () => {
  const { seed } = generator();

  it(`are read by the parsers (POSTERN_SEED=${seed})`, () => {
    const { commands, refused, slowestMs } = fuzzImap(20_000, seed);
    assert.ok(refused > 1000 && commands - refused > 1000, `${commands} commands, ${refused} refused: the inputs are too tame or too wild`);
    // A regular expression that backtracks takes seconds; a busy machine does not.
    assert.ok(slowestMs < 1000, `${slowestMs} ms`);
  }).timeout(60_000);

  it(`are played to their end (POSTERN_SEED=${seed})`, async () => {
    const { lines, dialogs, stored } = await fuzzImapSessions(3000, seed);
    assert.ok(lines >= 3000 && dialogs > 50 && stored > 10, `${lines} lines in ${dialogs} dialogs, ${stored} mails`);
  }).timeout(60_000);
});
