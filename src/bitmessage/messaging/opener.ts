/** Asks the open-worker threads: the main thread never does trial decryption itself. */
import { WorkerPool } from '../../base/worker-pool.js';
import type { Opened, OpenKeys, OpenRequest } from './open.js';

/** The receiver asks for one batch at a time. */
const MAX_QUEUED = 4;
/** A thread holds some 10 MB; it is back in a fraction of a second. */
const IDLE_THREAD_MS = 60_000;

export class Opener {
  readonly #pool: WorkerPool<OpenRequest, readonly Opened[]>;

  constructor(options: { readonly threads: number }) {
    this.#pool = new WorkerPool({
      url: new URL('./open-worker.js', import.meta.url),
      threads: options.threads,
      maxQueued: MAX_QUEUED,
      idleMs: IDLE_THREAD_MS,
    });
  }

  stop(): Promise<void> {
    return this.#pool.close();
  }

  /** For each object what opened, in their order. @throws AbortError, WorkerCrashed */
  async open(keys: OpenKeys, objects: readonly Uint8Array[], signal: AbortSignal): Promise<readonly Opened[]> {
    const hasKeys = keys.recipients.length > 0 || keys.authors.length > 0;
    if (!hasKeys || objects.length === 0) return objects.map(() => ({ type: 'none' }));
    // Copies: a view would take the whole buffer below it along into the thread.
    const recipients = keys.recipients.map(({ ripe, encryptionPrivateKey }) => ({
      ripe: new Uint8Array(ripe),
      encryptionPrivateKey: new Uint8Array(encryptionPrivateKey),
    }));
    const authors = keys.authors.map((address) => ({ ...address, ripe: new Uint8Array(address.ripe) }));
    return this.#pool.run({ recipients, authors, objects: objects.map((object) => new Uint8Array(object)) }, { signal });
  }
}
