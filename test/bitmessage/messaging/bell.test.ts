import assert from 'node:assert/strict';
import { ManualClock } from '../../../src/base/clock.js';
import { Bell } from '../../../src/bitmessage/messaging/bell.js';

describe('bell', () => {
  const running = new AbortController().signal;

  it('wakes who sleeps', async () => {
    const bell = new Bell(new ManualClock(1000));
    const slept = bell.waitUntil(undefined, running);
    bell.ring();
    await slept;
  });

  it('lets nobody sleep who was rung while awake, once', async () => {
    const clock = new ManualClock(1000);
    const bell = new Bell(clock);
    bell.ring();
    await bell.waitUntil(undefined, running);
    let woke = false;
    const second = bell.waitUntil(1010, running).then(() => (woke = true));
    await Promise.resolve();
    assert.equal(woke, false);
    clock.advance(10);
    await second;
  });

  it('wakes at its time, and after an hour at the latest', async () => {
    const clock = new ManualClock(1000);
    const bell = new Bell(clock);
    const early = bell.waitUntil(1005, running);
    clock.advance(5);
    await early;
    const late = bell.waitUntil(1_000_000, running);
    clock.advance(3600);
    await late;
  });

  it('does not wait for what is past, nor after the end', async () => {
    const clock = new ManualClock(1000);
    await new Bell(clock).waitUntil(1000 - 5, AbortSignal.abort());
    const past = new Bell(clock).waitUntil(990, running);
    clock.advance(0);
    await past;
  });
});
