import assert from 'node:assert/strict';
import { Turns } from '../../../src/bitmessage/network/turns.js';

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const beBusy = (milliseconds: number): void => {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
};

describe('turns', () => {
  let turns: Turns;
  beforeEach(() => (turns = new Turns()));
  afterEach(() => turns.stop());

  it('are over after ten milliseconds of work, and begin anew with the next turn of the event loop', async () => {
    assert.equal(turns.isOver(), false);
    beBusy(11);
    assert.equal(turns.isOver(), true);
    await nextTurn();
    assert.equal(turns.isOver(), false);
  });

  it('do what waits in the order of asking, a part in each turn', async () => {
    const done: number[] = [];
    for (let piece = 0; piece < 6; piece++)
      turns.later(() => {
        beBusy(6);
        done.push(piece);
      });
    assert.deepEqual(done, [], 'nothing at once');
    const afterEach: number[] = [];
    while (done.length < 6) {
      await nextTurn();
      afterEach.push(done.length);
    }
    assert.deepEqual(done, [0, 1, 2, 3, 4, 5]);
    assert.ok(afterEach.length >= 3, `${afterEach}`);
  });

  it('count what waited as work of the turn, so that what comes in meanwhile has to wait', async () => {
    turns.later(() => beBusy(11));
    await nextTurn();
    assert.equal(turns.isOver(), true);
  });

  it('do nothing more once they are stopped', async () => {
    turns.later(() => assert.fail('done'));
    turns.stop();
    await nextTurn();
    await nextTurn();
  });
});
