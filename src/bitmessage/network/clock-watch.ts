/**
 * Notices that the clock was set back. What the network does by the clock (when to dial, to ask, to announce) would else wait until that time comes again:
 * hours on a laptop that has just told the other system's time zone, years where it begins with a wrong date.
 */
import type { Clock } from '../../base/clock.js';
import type { TaskGroup } from '../../base/task-group.js';

const LOOK_MS = 5_000;
/** Less than this is no reason: time servers correct by less all day. */
const LEAST_SECONDS = 30;

/** @param setBack told of each time, by how many seconds */
export function watchClock(clock: Clock, tasks: TaskGroup, setBack: (seconds: number) => Promise<void>): void {
  let before = clock.now();
  tasks.repeat(clock, LOOK_MS, async () => {
    const now = clock.now();
    const seconds = before - now;
    before = now;
    if (seconds >= LEAST_SECONDS) await setBack(seconds);
  });
}
