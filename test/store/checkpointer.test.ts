/** The thread that keeps the write-ahead log short: it does, nobody waits for it, and a full disk is no harm. */
import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../src/base/clock.js';
import { createLogger } from '../../src/base/log.js';
import { Checkpointer } from '../../src/store/checkpointer.js';
import { Database } from '../../src/store/database.js';

/** SQLite's page size. */
const PAGE_BYTES = 4096;

describe('checkpointer', () => {
  let directory: string;
  let path: string;
  let database: Database;
  /** Emits 'sleep' with the milliseconds; the sleeper goes on at once. */
  let pauses: EventEmitter;
  let clock: Clock;
  let logged: string[];

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'postern-checkpoint-'));
    path = join(directory, 'test.sqlite');
    database = new Database(path);
    database.exec('CREATE TABLE pages (content BLOB)');
    pauses = new EventEmitter();
    clock = {
      now: () => 0,
      sleep: async (ms) => {
        pauses.emit('sleep', ms);
        await new Promise(setImmediate);
      },
    };
    logged = [];
  });
  afterEach(() => {
    database.close();
    rmSync(directory, { recursive: true });
  });

  const write = (pages: number): void => void database.run('INSERT INTO pages VALUES (zeroblob(?))', pages * PAGE_BYTES);
  const open = (file = path): Checkpointer =>
    new Checkpointer(file, { database, clock, log: createLogger('debug', (line) => logged.push(line)) });

  it('takes over what was written, and leaves little alone', async () => {
    const checkpointer = open();
    checkpointer.start();
    write(100);
    await once(pauses, 'sleep');
    assert.ok(database.logPages().pending >= 100);
    write(1000);
    assert.ok(database.logPages().pending > 1000, 'not on the main thread');
    while (database.logPages().pending > 0) await once(pauses, 'sleep');
    await checkpointer.stop();
    assert.deepEqual(logged, []);
  });

  it('keeps the log of a writer without pause short', async () => {
    const checkpointer = open();
    checkpointer.start();
    let longest = 0;
    for (let written = 0; written < 40_000; written += 50) {
      write(50);
      longest = Math.max(longest, database.logPages().log);
      await new Promise(setImmediate);
    }
    await checkpointer.stop();
    // SQLite itself steps in at 65,536.
    assert.ok(longest < 60_000, `${longest} pages`);
  }).timeout(60_000);

  it('waits and goes on after a failure, and loses nothing', async () => {
    const checkpointer = open(join(directory, 'missing', 'test.sqlite'));
    checkpointer.start();
    write(2000);
    for (let ms = 0; ms !== 30_000; ) [ms] = (await once(pauses, 'sleep')) as [number];
    await checkpointer.stop();
    assert.match(logged[0], /warn {2}the write-ahead log cannot be taken over/);
    assert.ok(database.logPages().pending > 2000);
  });

  it('stops in the midst of a checkpoint', async () => {
    for (let round = 0; round < 5; round++) {
      const checkpointer = open();
      checkpointer.start();
      write(3000);
      await once(pauses, 'sleep');
      await checkpointer.stop();
    }
    assert.equal(database.get<{ n: number }>('SELECT count(*) AS n FROM pages')!.n, 5);
  });
});
