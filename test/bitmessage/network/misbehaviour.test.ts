import assert from 'node:assert/strict';
import { ManualClock } from '../../../src/base/clock.js';
import { BanList, Conduct, type Misdeed } from '../../../src/bitmessage/network/misbehaviour.js';
import { RandomQueue, shuffle } from '../../../src/bitmessage/network/random-queue.js';
import { RateLimit } from '../../../src/bitmessage/network/rate-limit.js';
import { TlsMemory } from '../../../src/bitmessage/network/tls.js';

const NOW = 1_800_000_000;

describe('conduct', () => {
  for (const [misdeed, times] of [
    ['protocol-violation', 1],
    ['insufficient-work', 5],
    ['oversized-object', 5],
    ['outside-lifetime', 10],
    ['outside-lifetime-slightly', 20],
    ['foreign-stream', 10],
    ['malformed-address', 100],
    ['unrequested-object', 100],
    ['not-delivered', 100],
  ] as [Misdeed, number][]) {
    it(`ends a connection after ${times} times ${misdeed}`, () => {
      const conduct = new Conduct(new ManualClock(NOW));
      for (let time = 1; time < times; time++) assert.equal(conduct.record(misdeed), false);
      assert.equal(conduct.record(misdeed), true);
    });
  }

  it('forgives a point every ten seconds', () => {
    const clock = new ManualClock(NOW);
    const conduct = new Conduct(clock);
    for (let minute = 0; minute < 100; minute++) {
      for (let time = 0; time < 6; time++) assert.equal(conduct.record('not-delivered'), false);
      clock.advance(60);
    }
    clock.advance(10_000);
    for (let time = 0; time < 4; time++) assert.equal(conduct.record('insufficient-work'), false);
  });
});

describe('ban list', () => {
  it('refuses for 10 minutes, then twice that and so on, at most a day', () => {
    const clock = new ManualClock(NOW);
    const bans = new BanList(clock);
    for (const minutes of [10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440]) {
      bans.ban('8.8.8.8');
      clock.advance(minutes * 60 - 1);
      assert.equal(bans.isBanned('8.8.8.8'), true);
      clock.advance(1);
      assert.equal(bans.isBanned('8.8.8.8'), false);
    }
    clock.advance(8 * 86_400);
    bans.ban('8.8.8.8');
    clock.advance(600);
    assert.equal(bans.isBanned('8.8.8.8'), false);
  });

  it('takes an IPv6 /64 for one, and never refuses loopback', () => {
    const bans = new BanList(new ManualClock(NOW));
    bans.ban('2a00:1450::1');
    assert.equal(bans.isBanned('2a00:1450::2'), true);
    assert.equal(bans.isBanned('2a00:1450:0:1::1'), false);
    for (const host of ['127.0.0.1', '::1']) {
      bans.ban(host);
      assert.equal(bans.isBanned(host), false);
    }
  });

  it('remembers 10,000 at most', () => {
    const bans = new BanList(new ManualClock(NOW));
    for (let n = 0; n < 10_001; n++) bans.ban(`8.${n >> 16}.${(n >> 8) & 255}.${n & 255}`);
    assert.equal(bans.isBanned('8.0.0.0'), false);
    assert.equal(bans.isBanned('8.0.0.1'), true);
  });
});

describe('TLS memory', () => {
  it('counts failures for an hour, until it works', () => {
    const clock = new ManualClock(NOW);
    const memory = new TlsMemory(clock);
    memory.failed('a');
    memory.failed('a');
    assert.deepEqual([memory.failures('a'), memory.failures('b')], [2, 0]);
    clock.advance(3599);
    assert.equal(memory.failures('a'), 2);
    clock.advance(1);
    assert.equal(memory.failures('a'), 0);
    memory.failed('a');
    memory.succeeded('a');
    assert.equal(memory.failures('a'), 0);
  });

  it('remembers 10,000 at most', () => {
    const memory = new TlsMemory(new ManualClock(NOW));
    for (let n = 0; n <= 10_000; n++) memory.failed(`${n}`);
    assert.deepEqual([memory.failures('0'), memory.failures('1')], [0, 1]);
  });
});

describe('rate limit', () => {
  it('lets through what a second holds, may be overdrawn, and waits for the debt', () => {
    const clock = new ManualClock(NOW);
    const limit = new RateLimit(1000, 1, clock);
    assert.equal(limit.isOpen(), true);
    limit.spend(2500);
    assert.equal(limit.isOpen(), false);
    clock.advance(1);
    assert.equal(limit.isOpen(), false);
    clock.advance(1);
    assert.equal(limit.isOpen(), true);
    clock.advance(100);
    limit.isOpen();
    limit.spend(1000);
    assert.equal(limit.isOpen(), false);
  });

  it('is always open at 0', () => {
    const limit = new RateLimit(0, 1, new ManualClock(NOW));
    limit.spend(1e12);
    assert.equal(limit.isOpen(), true);
  });
});

describe('random queue', () => {
  it('gives out each element once, in another order, up to its limit', () => {
    const queue = new RandomQueue<number>(100);
    const all = Array.from({ length: 100 }, (_, index) => index);
    for (const item of all) assert.equal(queue.add(item), true);
    assert.equal(queue.add(5), true);
    assert.equal(queue.add(100), false);
    queue.delete(99);
    queue.delete(0);
    const taken: number[] = [];
    for (let item = queue.take(); item !== undefined; item = queue.take()) taken.push(item);
    assert.deepEqual(
      [...taken].sort((a, b) => a - b),
      all.slice(1, 99),
    );
    assert.notDeepEqual(taken, all.slice(1, 99));
    assert.equal(queue.size, 0);
  });

  it('shuffles without loss', () => {
    const all = Array.from({ length: 50 }, (_, index) => index);
    const shuffled = shuffle([...all]);
    assert.notDeepEqual(shuffled, all);
    assert.deepEqual(
      shuffled.sort((a, b) => a - b),
      all,
    );
  });
});
