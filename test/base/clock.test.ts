import assert from 'node:assert/strict';
import { createSystemClock } from '../../src/base/clock.js';

const NAP_MS = 5;
const HOUR_MS = 3_600_000;

describe('system clock', () => {
  const { now } = Date;
  afterEach(() => {
    Date.now = now;
  });
  const setClock = (byMs: number): void => {
    Date.now = () => now() + byMs;
  };

  it('sleeps as long as it was told', async () => {
    const begin = performance.now();
    await createSystemClock(NAP_MS).sleep(20);
    assert.ok(performance.now() - begin >= 20);
  });

  it('wakes when the time has come by the wall: the machine was suspended, or its clock set forward', async () => {
    const slept = createSystemClock(NAP_MS).sleep(HOUR_MS);
    setClock(HOUR_MS);
    await slept;
  });

  it('sleeps no longer when the clock is set back', async () => {
    const slept = createSystemClock(NAP_MS).sleep(20);
    setClock(-HOUR_MS);
    await slept;
  });

  it('wakes at once when it is told to, and not again', async () => {
    const abort = new AbortController();
    const slept = createSystemClock(NAP_MS).sleep(Number.POSITIVE_INFINITY, abort.signal);
    abort.abort();
    await slept;
    await createSystemClock(NAP_MS).sleep(HOUR_MS, abort.signal);
  });
});
