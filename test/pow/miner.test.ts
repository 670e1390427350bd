import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { getPriority } from 'node:os';
import { silentLogger } from '../../src/base/log.js';
import { type MineJob, Miner } from '../../src/pow/miner.js';
import { trialValue } from '../../src/pow/target.js';

const EVERY_NONCE = 2n ** 64n - 1n;
/** No machine finds one in the time of a test. */
const HOPELESS = 0n;

function hashOf(text: string): Uint8Array {
  return createHash('sha512').update(text).digest();
}

describe('miner', () => {
  const miners: Miner[] = [];
  function started(threads = 2): Miner {
    const miner = new Miner({ threads }, { log: silentLogger });
    miners.push(miner);
    miner.start();
    return miner;
  }
  afterEach(() => Promise.all(miners.splice(0).map((miner) => miner.stop())));

  /** A job that runs until it is called off, and a promise that it has begun. */
  function endless(): { job: MineJob; begun: Promise<number>; abort: () => void } {
    const controller = new AbortController();
    let tell!: (trials: number) => void;
    const begun = new Promise<number>((resolve) => {
      tell = resolve;
    });
    const onProgress = (trials: number): void => {
      if (trials > 0) tell(trials);
    };
    const job = { initialHash: hashOf('endless'), target: HOPELESS, signal: controller.signal, onProgress };
    return { job, begun, abort: () => controller.abort() };
  }

  for (const [name, target] of [
    ['every nonce will do', EVERY_NONCE],
    ['one in 100', 2n ** 64n / 100n],
    ['one in 50,000', 2n ** 64n / 50_000n],
  ] as const) {
    it(`finds a nonce where ${name}`, async () => {
      const initialHash = randomBytes(64);
      const { nonce, trials } = await started().mine({ initialHash, target });
      assert.ok(trialValue(nonce, initialHash) <= target);
      assert.ok(trials >= 1);
    });
  }

  it('finishes many small jobs', async () => {
    const miner = started();
    const jobs = Array.from({ length: 200 }, (_, index) => ({ initialHash: hashOf(`${index}`), target: 2n ** 60n }));
    const mined = await Promise.all(jobs.map((job) => miner.mine(job)));
    assert.ok(mined.every(({ nonce }, index) => trialValue(nonce, jobs[index]!.initialHash) <= 2n ** 60n));
  });

  it('begins first what has a higher priority, then what came first', async () => {
    const miner = new Miner({ threads: 1 }, { log: silentLogger });
    miners.push(miner);
    const order: string[] = [];
    const add = async (name: string, priority?: number): Promise<void> => {
      await miner.mine({ initialHash: hashOf(name), target: EVERY_NONCE, priority });
      order.push(name);
    };
    const jobs = [add('first'), add('second'), add('low', -1), add('urgent', 1), add('third', 0)];
    miner.start();
    await Promise.all(jobs);
    assert.deepEqual(order, ['urgent', 'first', 'second', 'third', 'low']);
  });

  it('reports progress, aborts, and goes on with the next job', async () => {
    const miner = started();
    const { job, begun, abort } = endless();
    const running = miner.mine(job);
    const next = miner.mine({ initialHash: hashOf('next'), target: EVERY_NONCE });
    assert.ok((await begun) > 0);
    abort();
    await assert.rejects(running, { name: 'AbortError' });
    assert.ok((await next).trials >= 1);
  });

  it('aborts a job that waits, and refuses one that was aborted before', async () => {
    const miner = started();
    const running = endless();
    const first = miner.mine(running.job);
    const waiting = endless();
    const second = miner.mine(waiting.job);
    waiting.abort();
    await assert.rejects(second, { name: 'AbortError' });
    await assert.rejects(miner.mine(waiting.job), { name: 'AbortError' });
    running.abort();
    await assert.rejects(first, { name: 'AbortError' });
  });

  it('stops in the middle of work: every job is rejected, later ones too', async () => {
    const miner = started();
    const { job, begun } = endless();
    const jobs = [miner.mine(job), miner.mine({ initialHash: hashOf('waits'), target: EVERY_NONCE })];
    await Promise.all([begun.then(() => miner.stop()), ...jobs.map((each) => assert.rejects(each, { name: 'AbortError' }))]);
    await assert.rejects(miner.mine(job), { name: 'AbortError' });
  });

  it('stops before it was started, and at once after', async () => {
    const idle = new Miner({ threads: 1 }, { log: silentLogger });
    const job = idle.mine({ initialHash: hashOf('waits'), target: EVERY_NONCE });
    await Promise.all([idle.stop(), assert.rejects(job, { name: 'AbortError' })]);
    await started().stop();
  });

  it('knows its speed after the first measurement', async () => {
    const miner = new Miner({ threads: 1 }, { log: silentLogger });
    miners.push(miner);
    assert.equal(miner.trialsPerSecond(), null);
    miner.start();
    await miner.mine({ initialHash: hashOf('any'), target: EVERY_NONCE });
    assert.ok(miner.trialsPerSecond()! > 0);
  });

  it('refuses a hash of the wrong length', () =>
    assert.rejects(started().mine({ initialHash: new Uint8Array(32), target: EVERY_NONCE }), RangeError));

  it('leaves the priority of this thread alone', async () => {
    const before = getPriority();
    await started().mine({ initialHash: hashOf('any'), target: EVERY_NONCE });
    assert.equal(getPriority(), before);
  });
});
