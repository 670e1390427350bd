import assert from 'node:assert/strict';
import { ManualClock } from '../../../src/base/clock.js';
import { TaskGroup } from '../../../src/base/task-group.js';
import { watchClock } from '../../../src/bitmessage/network/clock-watch.js';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('clock watch', () => {
  let clock: ManualClock;
  let tasks: TaskGroup;
  let told: number[];

  beforeEach(() => {
    clock = new ManualClock(1_800_000_000);
    tasks = new TaskGroup((error) => assert.fail(String(error)));
    told = [];
    watchClock(clock, tasks, async (seconds) => void told.push(seconds));
  });
  afterEach(() => tasks.stop());

  const look = async (): Promise<void> => {
    clock.advance(5);
    await turn();
  };

  it('tells that the clock was set back, once, and by how much', async () => {
    await look();
    clock.setBack(3_600);
    await look();
    await look();
    assert.deepEqual(told, [3_595]);
  });

  it('says nothing of a clock that goes on, is set forward, or is corrected by seconds', async () => {
    for (let minute = 0; minute < 3; minute++) await look();
    clock.advance(86_400);
    await turn();
    clock.setBack(20);
    await look();
    assert.deepEqual(told, []);
  });
});
