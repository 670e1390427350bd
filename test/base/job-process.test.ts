import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { on, once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { JobProcess } from '../../src/base/job-process.js';
import { WorkerCrashed } from '../../src/base/worker-pool.js';
import type { Order } from './job-process-child.js';

const url = new URL('./job-process-child.js', import.meta.url);

describe('job process', function () {
  this.timeout(20_000);
  let directory: string;
  let jobs: JobProcess<Order, Uint8Array>;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'postern-job-'));
    jobs = new JobProcess(url);
  });
  afterEach(async () => {
    await jobs.close();
    rmSync(directory, { recursive: true });
  });

  const pidFile = (): string => join(directory, 'pid');
  /** Resolves with the process id of a job that is at it. */
  const pidOfBlocked = async (): Promise<number> => {
    const watcher = watch(directory);
    for await (const _ of on(watcher, 'change')) if (readFileSync(pidFile(), 'utf8') !== '') break;
    watcher.close();
    return Number(readFileSync(pidFile(), 'utf8'));
  };
  const isThere = (pid: number): boolean => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };

  it('answers several at once, bytes as bytes', async () => {
    const asked = [0, 1, 2].map((byte) => Uint8Array.of(byte, 255));
    assert.deepEqual(await Promise.all(asked.map((bytes) => jobs.run({ do: 'echo', bytes }))), asked);
  });

  it('rejects with what the job threw', () => assert.rejects(jobs.run({ do: 'throw' }), { name: 'RangeError', message: 'too far' }));

  it('rejects when the process ends without an answer', () => assert.rejects(jobs.run({ do: 'exit' }), WorkerCrashed));

  it('rejects what cannot be sent, and no process waits for it', async () => {
    await assert.rejects(jobs.run({ do: () => {} } as unknown as Order), /could not be cloned/);
    while (process.getActiveResourcesInfo().includes('ProcessWrap')) await new Promise(setImmediate);
  });

  it('ends a job that hears nobody, and its process is gone then', async () => {
    const ended = assert.rejects(jobs.run({ do: 'block', pidFile: pidFile() }), { name: 'AbortError' });
    const pid = await pidOfBlocked();
    assert.equal(isThere(pid), true);
    await jobs.close();
    assert.equal(isThere(pid), false);
    await ended;
    await assert.rejects(jobs.run({ do: 'throw' }), { name: 'AbortError' });
  });

  it('takes the signal that ends a service, or comes from a terminal, for what it is', async () => {
    const ended = assert.rejects(jobs.run({ do: 'block', pidFile: pidFile() }), { name: 'AbortError' });
    process.kill(await pidOfBlocked(), 'SIGTERM');
    await ended;
  });

  it('ends by itself when nobody waits for the answer any more', async () => {
    const child = fork(fileURLToPath(url), { serialization: 'advanced' });
    await once(child, 'spawn');
    child.disconnect();
    assert.deepEqual(await once(child, 'exit'), [0, null]);
  });
});
