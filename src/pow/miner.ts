/** Finds nonces with all cores: a queue of jobs, each worked on by every thread, with progress and abort. */
import { availableParallelism } from 'node:os';
import type { Logger } from '../base/log.js';
import { TaskGroup } from '../base/task-group.js';
import { abortError, WorkerCrashed, WorkerPool } from '../base/worker-pool.js';
import { INITIAL_HASH_BYTES } from './engine.js';
import type { Measured } from './engines.js';
import { SharedProgress } from './mine-share.js';
import type { MineReply, MineRequest } from './mine-worker.js';
import { expectedTrials, trialValue } from './target.js';

export interface MinerOptions {
  /** Default: one for each core. */
  readonly threads?: number;
}

export interface MineJob {
  /** SHA-512 of the object without its nonce, 64 bytes. */
  readonly initialHash: Uint8Array;
  readonly target: bigint;
  /** Jobs of a higher priority are begun first, of the same one in the order they came. Default 0. A running job is never interrupted. */
  readonly priority?: number;
  readonly signal?: AbortSignal;
  /** Told now and then how many trials were made so far. */
  readonly onProgress?: (trials: number) => void;
}

export interface Mined {
  readonly nonce: bigint;
  readonly trials: number;
}

/** A thread looks up this often whether to go on, so that an abort is felt at once. */
const CHUNK_SECONDS = 0.015;
/** More would not make it faster. */
const MAX_CHUNK_NONCES = 16_384;
const PROGRESS_INTERVAL_MS = 200;
/** Threads of a miner without work go, for they hold some 10 MB each; they are back in a fraction of a second. */
const IDLE_THREAD_MS = 60_000;
/** A shorter job says more about starting threads than about their speed. */
const MIN_MEASURED_SECONDS = 0.5;
/** A job like those of a private network does not wait for the measurement. */
const TINY_JOB_SECONDS = 0.2;
/** Taken without a measurement, or when it fails: correct everywhere, and slow. */
const FALLBACK: Measured = { engine: 'crypto', trialsPerSecond: 50_000 };

interface Queued extends MineJob {
  readonly progress: SharedProgress;
  readonly mined: Promise<Mined>;
  readonly resolve: (mined: Mined) => void;
  readonly reject: (error: unknown) => void;
}

export class Miner {
  readonly #threads: number;
  readonly #pool: WorkerPool<MineRequest, MineReply>;
  readonly #tasks: TaskGroup;
  #queue: Queued[] = [];
  #running: Queued | undefined;
  #measured: Promise<Measured> | undefined;
  #trialsPerSecond: number | null = null;

  constructor(
    options: MinerOptions,
    private readonly rooms: { readonly log: Logger },
  ) {
    this.#threads = options.threads ?? availableParallelism();
    this.#tasks = new TaskGroup((error) => rooms.log.error('mining failed', error));
    this.#pool = new WorkerPool({
      url: new URL('./mine-worker.js', import.meta.url),
      threads: this.#threads,
      // The shares of one job, while the last threads of the one before it finish.
      maxQueued: 2 * this.#threads,
      idleMs: IDLE_THREAD_MS,
    });
  }

  /** Chooses the engine in the background, and begins with the jobs that wait. */
  start(): void {
    this.#measured = this.#measure();
    this.#tasks.run(async () => {
      await this.#measured;
    });
    this.#serveNext();
  }

  /** Rejects every job with AbortError; afterwards no thread is left. */
  async stop(): Promise<void> {
    this.#running?.progress.stop();
    for (const job of this.#queue.splice(0)) job.reject(abortError('miner stopped'));
    await Promise.all([this.#tasks.stop(), this.#pool.close()]);
  }

  /** Trials per second of all threads together, as last measured; null before the first measurement. */
  trialsPerSecond(): number | null {
    return this.#trialsPerSecond;
  }

  /** Finds a nonce whose trial value is at most the target. @throws AbortError when called off, or the miner stops */
  async mine(job: MineJob): Promise<Mined> {
    if (job.initialHash.length !== INITIAL_HASH_BYTES) throw new RangeError('the initial hash has 64 bytes');
    if (this.#tasks.signal.aborted) throw abortError('miner stopped');
    if (job.signal?.aborted) throw abortError('mining aborted');
    const queued = toQueued(job);
    const abort = (): void => {
      this.#queue = this.#queue.filter((other) => other !== queued);
      queued.progress.stop();
      queued.reject(abortError('mining aborted'));
    };
    job.signal?.addEventListener('abort', abort, { once: true });
    this.#enqueue(queued);
    this.#serveNext();
    return queued.mined.finally(() => job.signal?.removeEventListener('abort', abort));
  }

  #enqueue(queued: Queued): void {
    const rank = ({ priority = 0 }: Queued): number => priority;
    const behind = this.#queue.findIndex((other) => rank(other) < rank(queued));
    this.#queue.splice(behind === -1 ? this.#queue.length : behind, 0, queued);
  }

  #serveNext(): void {
    if (this.#measured === undefined || this.#running !== undefined) return;
    const next = this.#queue.shift();
    if (next === undefined) return;
    this.#running = next;
    this.#tasks.run(async () => {
      await this.#work(next).then(next.resolve, next.reject);
      this.#running = undefined;
      this.#serveNext();
    });
  }

  async #work({ initialHash, target, onProgress, progress }: Queued): Promise<Mined> {
    const expected = expectedTrials(target);
    const isTiny = expected <= FALLBACK.trialsPerSecond * TINY_JOB_SECONDS;
    const { engine, trialsPerSecond } = (this.#trialsPerSecond === null && isTiny ? FALLBACK : await this.#measured) ?? FALLBACK;
    const chunkNonces = Math.ceil(Math.min(MAX_CHUNK_NONCES, trialsPerSecond * CHUNK_SECONDS));
    const request: MineRequest = { kind: 'mine', engine, share: { initialHash, target, chunkNonces }, progress: progress.buffer };
    // A job of a few chunks is done before further threads have begun.
    const shares = Math.min(this.#threads, Math.ceil(expected / chunkNonces));
    const startedMs = performance.now();
    const reporting = onProgress && setInterval(() => onProgress(progress.trials), PROGRESS_INTERVAL_MS).unref();
    try {
      const nonce = await Promise.any(Array.from({ length: shares }, () => this.#mineShare(request)));
      this.#learnSpeed(progress.trials, (performance.now() - startedMs) / 1000);
      if (trialValue(nonce, initialHash) > target) throw new Error(`engine ${engine} answered a wrong nonce`);
      return { nonce, trials: progress.trials };
    } catch (error) {
      if (this.#tasks.signal.aborted) throw abortError('miner stopped');
      throw new Error('no thread found a nonce', { cause: error });
    } finally {
      clearInterval(reporting);
    }
  }

  async #mineShare(request: MineRequest): Promise<bigint> {
    try {
      const reply = await this.#pool.run(request);
      if ('nonce' in reply && reply.nonce !== null) return reply.nonce;
    } catch (error) {
      // The other threads go on; only when all are lost the job is.
      if (error instanceof WorkerCrashed) this.rooms.log.warn('mining thread lost', error);
      throw error;
    }
    throw abortError('found by another thread, or called off');
  }

  #learnSpeed(trials: number, seconds: number): void {
    if (seconds >= MIN_MEASURED_SECONDS) this.#trialsPerSecond = trials / seconds;
  }

  async #measure(): Promise<Measured> {
    try {
      const reply = await this.#pool.run({ kind: 'measure' });
      if (!('measured' in reply)) throw new Error('no measurement');
      this.#trialsPerSecond = reply.measured.trialsPerSecond * this.#threads;
      const { engine, trialsPerSecond } = reply.measured;
      this.rooms.log.info('proof of work', { engine, trialsPerSecond: Math.round(trialsPerSecond), threads: this.#threads });
      return reply.measured;
    } catch (error) {
      if (!this.#tasks.signal.aborted) this.rooms.log.warn('engines not measured', { error });
      return FALLBACK;
    }
  }
}

function toQueued(job: MineJob): Queued {
  let settle!: Pick<Queued, 'resolve' | 'reject'>;
  const mined = new Promise<Mined>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { ...job, ...settle, mined, progress: new SharedProgress() };
}
