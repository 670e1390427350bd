import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { WorkerCrashed, WorkerPool, WorkerQueueFull } from '../../src/base/worker-pool.js';
import type { Done, Order } from './worker-pool-thread.js';

const url = new URL('./worker-pool-thread.js', import.meta.url);

describe('worker pool', () => {
  const pools: WorkerPool<Order, Done>[] = [];
  function pool(options: { threads?: number; maxQueued?: number; idleMs?: number } = {}): WorkerPool<Order, Done> {
    const made = new WorkerPool<Order, Done>({ url, threads: 1, maxQueued: 100, ...options });
    pools.push(made);
    return made;
  }
  afterEach(() => Promise.all(pools.splice(0).map((each) => each.close())));

  const echo = (text: string): Order => ({ do: 'echo', text });
  const gate = (): { order: Order; open: () => void } => {
    const cell = new Int32Array(new SharedArrayBuffer(4));
    return {
      order: { do: 'wait', gate: cell },
      open: () => {
        Atomics.store(cell, 0, 1);
        Atomics.notify(cell, 0);
      },
    };
  };

  it('answers each request with its own reply', async () => {
    const workers = pool({ threads: 2 });
    const texts = Array.from({ length: 50 }, (_, index) => `${index}`);
    const done = await Promise.all(texts.map((text) => workers.run(echo(text))));
    assert.deepEqual(
      done.map(({ text }) => text),
      texts,
    );
  });

  it('works on as many jobs at once as it has threads', async () => {
    const workers = pool({ threads: 2 });
    const first = gate();
    const waiting = workers.run(first.order);
    const other = await workers.run(echo('meanwhile'));
    first.open();
    assert.notEqual((await waiting).thread, other.thread);
  });

  it('rejects with what the job threw, and the thread lives on', async () => {
    const workers = pool();
    const { thread } = await workers.run(echo('before'));
    await assert.rejects(workers.run({ do: 'throw', text: 'too far' }), { name: 'RangeError', message: 'too far' });
    assert.equal((await workers.run(echo('after'))).thread, thread);
  });

  for (const order of ['exit', 'crash'] as const) {
    it(`rejects the job whose thread ends by ${order}, and the next job gets a new one`, async () => {
      const workers = pool();
      const lost = workers.run({ do: order });
      const next = workers.run(echo('next'));
      await assert.rejects(lost, WorkerCrashed);
      assert.equal((await next).text, 'next');
    });
  }

  it('rejects a job when there is no such worker module', async () => {
    const workers = new WorkerPool({ url: new URL('./missing.js', import.meta.url), threads: 1, maxQueued: 1 });
    await assert.rejects(workers.run({}), WorkerCrashed);
    await assert.rejects(workers.run({}), WorkerCrashed);
    await workers.close();
  });

  it('refuses one job more than may wait', async () => {
    const workers = pool({ maxQueued: 1 });
    const busy = gate();
    const jobs = [workers.run(busy.order), workers.run(echo('waits'))];
    await assert.rejects(workers.run(echo('one more')), WorkerQueueFull);
    busy.open();
    await Promise.all(jobs);
  });

  it('rejects an aborted job at once, waiting or running, and goes on with the others', async () => {
    const workers = pool();
    const busy = gate();
    const abort = new AbortController();
    const running = workers.run(busy.order, { signal: abort.signal });
    const waiting = workers.run(echo('waits'), { signal: abort.signal });
    const other = workers.run(echo('other'));
    abort.abort();
    for (const aborted of [running, waiting, workers.run(echo('late'), { signal: abort.signal })])
      await assert.rejects(aborted, { name: 'AbortError' });
    busy.open();
    assert.equal((await other).text, 'other');
  });

  it('hands buffers over instead of copying them, both ways', async () => {
    const workers = pool();
    const bytes = new Uint8Array(1000);
    assert.equal((await workers.run({ do: 'length', bytes }, { transfer: [bytes.buffer] })).text, '1000');
    assert.equal(bytes.length, 0);
    assert.equal((await workers.run({ do: 'fill', length: 5 })).bytes?.toString(), '7,7,7,7,7');
  });

  it('rejects a request that cannot be copied, and goes on', async () => {
    const workers = pool();
    const uncopyable = { do: 'echo', text: () => 'no' } as unknown as Order;
    await assert.rejects(workers.run(uncopyable), { name: 'DataCloneError' });
    assert.equal((await workers.run(echo('yes'))).text, 'yes');
  });

  it('closes in the middle of work: nothing stays unsettled, nothing starts afterwards', async () => {
    const workers = pool();
    const jobs = [workers.run(gate().order), workers.run(echo('waits'))];
    const closed = workers.close();
    for (const job of [...jobs, workers.run(echo('late'))]) await assert.rejects(job, { name: 'AbortError' });
    await closed;
    await workers.close();
  });

  it('ends a thread that was idle for long, and starts another when needed', async () => {
    const workers = pool({ idleMs: 1 });
    const { thread } = await workers.run(echo('first'));
    let again = thread;
    while (again === thread) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      again = (await workers.run(echo('again'))).thread;
    }
  });

  it('keeps no process alive', async () => {
    const script = `import(${JSON.stringify(new URL('../../src/base/worker-pool.js', import.meta.url).href)}).then(async ({ WorkerPool }) => {
      const pool = new WorkerPool({ url: new URL(${JSON.stringify(url.href)}), threads: 1, maxQueued: 1 });
      const wake = setTimeout(() => {}, 60000);
      console.log((await pool.run({ do: 'echo', text: 'said' })).text);
      pool.run({ do: 'wait', gate: new Int32Array(new SharedArrayBuffer(4)) });
      clearTimeout(wake);
    })`;
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', script]);
    assert.equal(stdout, 'said\n');
  });
});
