/** Finds the addresses that a text without capital letters may stand for, in threads. */
import { availableParallelism } from 'node:os';
import { WorkerPool } from '../../base/worker-pool.js';
import { planSpellings, type SpellingBranch } from '../crypto/spellings.js';
import type { SpellingSearchOptions } from '../node.js';
import { outerCount, type SpellingShare } from './spelling-search.js';

/** A million hashes, a third of a second: a search that is called off ends soon. */
const SHARE_BATCHES = 1024;
/** Searches are rare; a thread is back in a fraction of a second. */
const IDLE_THREAD_MS = 10_000;

export class SpellingFinder {
  readonly #threads = availableParallelism();
  readonly #pool = new WorkerPool<SpellingShare, string[]>({
    url: new URL('./spelling-worker.js', import.meta.url),
    threads: this.#threads,
    // One search is made at a time; what an aborted one still has running ends within its share.
    maxQueued: 2 * this.#threads,
    idleMs: IDLE_THREAD_MS,
  });

  /** All of them, usually one. @param text without "BM-". @throws AbortError, WorkerCrashed */
  async find(text: string, streams: readonly bigint[], { signal, onProgress }: SpellingSearchOptions): Promise<string[]> {
    const branches = planSpellings(text, streams);
    const total = branches.reduce((sum, branch) => sum + outerCount(branch), 0);
    const shares = sharesOf(branches);
    const found: string[] = [];
    let done = 0;
    const work = async (): Promise<void> => {
      for (const share of shares) {
        found.push(...(await this.#pool.run(share, { signal })));
        done += share.count;
        onProgress?.(done / total);
      }
    };
    // They share one iterator: each takes the next part.
    await Promise.all(Array.from({ length: this.#threads }, work));
    return found;
  }

  stop(): Promise<void> {
    return this.#pool.close();
  }
}

function* sharesOf(branches: readonly SpellingBranch[]): Generator<SpellingShare> {
  for (const branch of branches) {
    const total = outerCount(branch);
    for (let first = 0; first < total; first += SHARE_BATCHES) yield { branch, first, count: Math.min(SHARE_BATCHES, total - first) };
  }
}
