/** Whether the database of the running gateway is sound. */
import { WorkerPool } from '../base/worker-pool.js';

export class DatabaseCheck {
  readonly #pool = new WorkerPool<string, string | null>({
    url: new URL('./check-worker.js', import.meta.url),
    threads: 1,
    // Whoever asks again while one runs waits for it.
    maxQueued: 5,
    idleMs: 1,
  });

  constructor(private readonly path: string) {}

  /** Resolves with the first fault, or null. */
  run(): Promise<string | null> {
    return this.#pool.run(this.path);
  }

  stop(): Promise<void> {
    return this.#pool.close();
  }
}
