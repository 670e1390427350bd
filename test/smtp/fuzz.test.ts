/** A short run of bench/fuzz-smtp. */
import assert from 'node:assert/strict';
import { generator } from '../support/random.js';
import { fuzzSmtpSessions } from '../support/session-fuzz.js';

describe('smtp, mutated dialogs', () => {
  const { seed } = generator();

  it(`are played to their end (POSTERN_SEED=${seed})`, async () => {
    const { lines, dialogs, stored } = await fuzzSmtpSessions(3000, seed);
    assert.ok(lines >= 3000 && dialogs > 50 && stored > 10, `${lines} lines in ${dialogs} dialogs, ${stored} mails`);
  }).timeout(60_000);
});
