/**
 * A job in a process of its own, for what is one long call of SQLite: a process can be ended at any moment. A thread ends when the call
 * returns, after minutes, and then takes the whole program with it.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { abortError, WorkerCrashed } from './worker-pool.js';

type Answer<Reply> = { readonly reply: Reply } | { readonly error: unknown };

/** What whoever stops a service or a terminal sends to all of its processes, this one among them. */
const CALLED_OFF: readonly (string | null)[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

export class JobProcess<Request, Reply> {
  readonly #running = new Map<ChildProcess, Promise<unknown>>();
  #closed = false;

  /** @param url the compiled module that calls {@link answerJob} */
  constructor(private readonly url: URL) {}

  /** @throws AbortError once it is closed, WorkerCrashed, or what the job threw */
  run(request: Request): Promise<Reply> {
    if (this.#closed) return Promise.reject(abortError('job process is closed'));
    const child = fork(fileURLToPath(this.url), { serialization: 'advanced', execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const answered = this.#answerOf(child, request).finally(() => this.#running.delete(child));
    this.#running.set(child, answered);
    return answered;
  }

  /** Resolves when no process is left: what it held of files is free. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const child of this.#running.keys()) child.kill('SIGKILL');
    await Promise.allSettled(this.#running.values());
  }

  #answerOf(child: ChildProcess, request: Request): Promise<Reply> {
    return new Promise((resolve, reject) => {
      let answer: Answer<Reply> | undefined;
      child.on('message', (message) => {
        answer = message as Answer<Reply>;
      });
      child.on('error', reject);
      child.on('close', (code, signal) => {
        if (answer === undefined) {
          const calledOff = this.#closed || CALLED_OFF.includes(signal);
          reject(calledOff ? abortError('job was called off') : new WorkerCrashed(`job process ended with ${signal ?? code}`));
        } else if ('error' in answer) reject(answer.error);
        else resolve(answer.reply);
      });
      try {
        // Where the process is gone already, "close" tells.
        child.send(request as object, () => {});
      } catch (error) {
        answer = { error };
        child.kill('SIGKILL');
      }
    });
  }
}

/** The other side, called once in the process's module: answers the one request with what `run` returns or throws, and ends. */
export function answerJob<Request, Reply>(run: (request: Request) => Reply | Promise<Reply>): void {
  const send = process.send?.bind(process);
  if (send === undefined) throw new Error('answerJob is for job processes');
  // Nobody waits any more.
  process.on('disconnect', () => process.exit());
  process.once('message', async (request: Request) => {
    const answer = await attempt(run, request);
    send(answer, undefined, undefined, () => process.disconnect());
  });
}

async function attempt<Request, Reply>(run: (request: Request) => Reply | Promise<Reply>, request: Request): Promise<Answer<Reply>> {
  try {
    return { reply: await run(request) };
  } catch (error) {
    return { error };
  }
}
