import assert from 'node:assert/strict';
import { ManualClock } from '../../src/base/clock.js';
import { type Logger, silentLogger } from '../../src/base/log.js';
import { DiskRoom } from '../../src/store/disk-room.js';

describe('disk room', () => {
  it('is low while less than the reserve is free, and says so once each time', async () => {
    const clock = new ManualClock(0);
    const said: string[] = [];
    const log: Logger = { ...silentLogger, warn: (text) => said.push(text), info: (text) => said.push(text) };
    let free = 100;
    let looked!: () => void;
    const room = new DiskRoom({ directory: '/', reserveBytes: 100 }, { clock, log }, async () => {
      setImmediate(() => looked());
      return free;
    });
    const lookAt = (bytes: number): Promise<boolean> => {
      free = bytes;
      const done = new Promise<void>((resolve) => (looked = resolve));
      clock.advance(30);
      return done.then(() => room.isLow);
    };
    looked = () => {};
    await room.start();
    assert.equal(room.isLow, false);
    assert.deepEqual([await lookAt(99), await lookAt(0), await lookAt(100), await lookAt(5)], [true, true, false, true]);
    assert.deepEqual(said.length, 3);
    await room.stop();
  });

  it('is never low without a reserve', async () => {
    const room = new DiskRoom({ directory: '/', reserveBytes: 0 }, { clock: new ManualClock(0), log: silentLogger }, async () => 0);
    await room.start();
    assert.equal(room.isLow, false);
    await room.stop();
  });

  it('asks the disk', async () => {
    const room = new DiskRoom({ directory: '.', reserveBytes: 2 ** 60 }, { clock: new ManualClock(0), log: silentLogger });
    await room.start();
    assert.equal(room.isLow, true);
    await room.stop();
  });
});
