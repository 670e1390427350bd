/** Long commands take turns. */
import assert from 'node:assert/strict';
import { setImmediate as nextRound } from 'node:timers/promises';
import { Turns } from '../../src/imap/turns.js';

describe('turns of long commands', () => {
  it('gives one slice in each round of the event loop, in the order in which they came', async () => {
    const turns = new Turns();
    let round = 0;
    const served: string[] = [];
    const work = async (name: string, slices: number): Promise<void> => {
      for (let slice = 0; slice < slices; slice++) {
        await turns.next();
        served.push(`${name} in ${round}`);
      }
    };
    const all = Promise.all([work('a', 2), work('b', 2), work('c', 1)]);
    for (; round < 6; round++) await nextRound();
    await all;
    const rounds = served.map((each) => each.slice(5));
    assert.equal(new Set(rounds).size, 5, served.join(', '));
    assert.deepEqual(
      served.map((each) => each[0]),
      ['a', 'b', 'c', 'a', 'b'],
    );
  });

  it('gives the next round to who comes when nobody waits', async () => {
    const turns = new Turns();
    await turns.next();
    await turns.next();
  });
});
