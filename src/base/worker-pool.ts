/** Worker threads that answer requests: a bounded queue in front, one job at a time in each thread. */
import { parentPort, type Transferable, Worker } from 'node:worker_threads';

export interface WorkerPoolOptions {
  /** The compiled module that calls {@link answerJobs}. */
  readonly url: URL;
  readonly threads: number;
  /** Jobs that may wait for a thread; one more is refused. */
  readonly maxQueued: number;
  /** A thread without a job ends after this long, and starts again when there is one. Default: it stays. */
  readonly idleMs?: number;
}

export interface JobOptions {
  /** Rejects the job at once. A thread that is at it finishes unheard before it takes the next one. */
  readonly signal?: AbortSignal;
  /** Handed over instead of copied: the caller cannot use them any more. */
  readonly transfer?: readonly Transferable[];
}

/** More jobs came than may wait. */
export class WorkerQueueFull extends Error {
  override readonly name = 'WorkerQueueFull';
}

/** The thread ended in the middle of the job; the next job gets a new one. */
export class WorkerCrashed extends Error {
  override readonly name = 'WorkerCrashed';
}

type Answer<Reply> = { readonly reply: Reply } | { readonly error: unknown };

interface Job<Request, Reply> {
  readonly request: Request;
  readonly transfer: readonly Transferable[];
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: unknown) => void;
}

interface Thread<Request, Reply> {
  readonly worker: Worker;
  job: Job<Request, Reply> | null;
  idleTimer: NodeJS.Timeout | undefined;
}

/** Threads start when there is work for them, and never keep the process alive. */
export class WorkerPool<Request, Reply> {
  readonly #threads = new Set<Thread<Request, Reply>>();
  readonly #ending = new Set<Promise<unknown>>();
  #queue: Job<Request, Reply>[] = [];
  #closed = false;

  constructor(private readonly options: WorkerPoolOptions) {}

  /**
   * Has a thread answer the request; first come, first served.
   *
   * @throws WorkerQueueFull, WorkerCrashed, AbortError (also when the pool closes), or what the job threw
   */
  run(request: Request, { signal, transfer = [] }: JobOptions = {}): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(abortError('worker pool is closed'));
      if (signal?.aborted) return reject(abortError('job aborted'));
      const abort = (): void => {
        this.#queue = this.#queue.filter((other) => other !== job);
        job.reject(abortError('job aborted'));
      };
      const settled = (): void => signal?.removeEventListener('abort', abort);
      const job: Job<Request, Reply> = {
        request,
        transfer,
        resolve: (reply) => {
          settled();
          resolve(reply);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
      };
      const thread = this.#freeThread();
      if (thread === undefined && this.#queue.length >= this.options.maxQueued) {
        return reject(new WorkerQueueFull(`${this.#queue.length} jobs are waiting already`));
      }
      signal?.addEventListener('abort', abort, { once: true });
      if (thread === undefined) this.#queue.push(job);
      else this.#give(thread, job);
    });
  }

  /** Rejects what waits and what runs; resolves when every thread has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const job of this.#queue.splice(0)) job.reject(abortError('worker pool is closed'));
    for (const thread of this.#threads) this.#end(thread, abortError('worker pool is closed'));
    await Promise.all(this.#ending);
  }

  #freeThread(): Thread<Request, Reply> | undefined {
    for (const thread of this.#threads) if (thread.job === null) return thread;
    return this.#threads.size < this.options.threads ? this.#startThread() : undefined;
  }

  #startThread(): Thread<Request, Reply> {
    const thread: Thread<Request, Reply> = { worker: new Worker(this.options.url), job: null, idleTimer: undefined };
    const crashed = (cause: unknown): void => {
      if (!this.#threads.has(thread)) return;
      this.#end(thread, new WorkerCrashed('worker thread ended in the middle of a job', { cause }));
      this.#next();
    };
    thread.worker.on('message', (answer: Answer<Reply>) => this.#answered(thread, answer));
    thread.worker.on('messageerror', crashed);
    thread.worker.on('error', crashed);
    thread.worker.on('exit', (code) => crashed(new Error(`exit code ${code}`)));
    thread.worker.unref();
    this.#threads.add(thread);
    return thread;
  }

  #give(thread: Thread<Request, Reply>, job: Job<Request, Reply>): void {
    clearTimeout(thread.idleTimer);
    thread.job = job;
    try {
      thread.worker.postMessage(job.request, job.transfer);
    } catch (error) {
      // A request that cannot be copied is its sender's fault; the thread never saw it.
      job.reject(error);
      this.#free(thread);
    }
  }

  #answered(thread: Thread<Request, Reply>, answer: Answer<Reply>): void {
    if (!this.#threads.has(thread)) return;
    if ('error' in answer) thread.job?.reject(answer.error);
    else thread.job?.resolve(answer.reply);
    this.#free(thread);
  }

  #free(thread: Thread<Request, Reply>): void {
    thread.job = null;
    this.#next();
    if (thread.job !== null || this.options.idleMs === undefined) return;
    thread.idleTimer = setTimeout(() => this.#end(thread, undefined), this.options.idleMs).unref();
  }

  #next(): void {
    if (this.#queue.length === 0) return;
    const thread = this.#freeThread();
    if (thread !== undefined) this.#give(thread, this.#queue.shift()!);
  }

  /** Takes the thread out of the pool, then stops it; its job, if any, is rejected. */
  #end(thread: Thread<Request, Reply>, reason: unknown): void {
    clearTimeout(thread.idleTimer);
    this.#threads.delete(thread);
    thread.job?.reject(reason);
    const ended = thread.worker.terminate().finally(() => this.#ending.delete(ended));
    this.#ending.add(ended);
  }
}

/**
 * The other side, called once in the worker's module: answers each request with what `run` returns or throws.
 *
 * @param transferOf what of a reply is handed over instead of copied
 */
export function answerJobs<Request, Reply>(
  run: (request: Request) => Reply | Promise<Reply>,
  transferOf: (reply: Reply) => readonly Transferable[] = () => [],
): void {
  const port = parentPort;
  if (port === null) throw new Error('answerJobs is for worker threads');
  port.on('message', async (request: Request) => {
    try {
      const reply = await run(request);
      port.postMessage({ reply } satisfies Answer<Reply>, transferOf(reply));
    } catch (error) {
      port.postMessage({ error } satisfies Answer<Reply>);
    }
  });
}

/** What a promise rejects with when its work was called off; `name` is "AbortError". */
export function abortError(message: string): Error {
  return new DOMException(message, 'AbortError');
}
