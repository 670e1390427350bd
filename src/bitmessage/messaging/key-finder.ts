/** Finds keys whose address is short, in threads: seconds for random ones, a minute for those of a passphrase. */
import { availableParallelism } from 'node:os';
import { WorkerPool } from '../../base/worker-pool.js';
import { DETERMINISTIC_TRIES_PER_STEP, type LeadingZeros, RANDOM_TRIES_PER_STEP } from '../crypto/key-search.js';
import type { IdentityKeys } from '../crypto/keys.js';
import type { KeyShare } from './key-worker.js';

/** A step takes 10 ms: a third of a second, after which it is told how far it is. */
const STEPS_PER_SHARE = 32;
/** An address is made once in a while. */
const IDLE_THREAD_MS = 10_000;

export class KeyFinder {
  readonly #threads = availableParallelism();
  readonly #pool = new WorkerPool<KeyShare, IdentityKeys | null>({
    url: new URL('./key-worker.js', import.meta.url),
    threads: this.#threads,
    maxQueued: this.#threads,
    idleMs: IDLE_THREAD_MS,
  });
  /** One search at a time: it has all threads. */
  #last: Promise<unknown> = Promise.resolve();

  /** Those of a passphrase are the first that fit, whatever the number of threads. @throws AbortError when it is stopped */
  find(passphrase: string | null, leadingZeros: LeadingZeros, onProgress?: (progress: number) => void): Promise<IdentityKeys> {
    const found = this.#last.then(() => this.#search(passphrase, leadingZeros, onProgress));
    this.#last = found.catch(() => {});
    return found;
  }

  stop(): Promise<void> {
    return this.#pool.close();
  }

  async #search(text: string | null, leadingZeros: LeadingZeros, onProgress?: (progress: number) => void): Promise<IdentityKeys> {
    const passphrase = text === null ? null : new Uint8Array(Buffer.from(text, 'utf8'));
    const triesPerShare = STEPS_PER_SHARE * (passphrase === null ? RANDOM_TRIES_PER_STEP : DETERMINISTIC_TRIES_PER_STEP);
    for (let tries = 0; ; ) {
      const shares = Array.from({ length: this.#threads }, (_, index) => {
        // Each try takes two nonces.
        const firstNonce = 2 * (tries + index * triesPerShare);
        return this.#pool.run({ passphrase, leadingZeros, firstNonce, steps: STEPS_PER_SHARE });
      });
      const found = (await Promise.all(shares)).find((keys) => keys !== null);
      if (found !== undefined) return found;
      tries += this.#threads * triesPerShare;
      onProgress?.(tries / 256 ** leadingZeros);
    }
  }
}
