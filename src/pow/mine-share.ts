/** One thread's share of a job: chunks of nonces taken from a counter that all threads share. */
import type { Engine } from './engine.js';

/** What the threads of one job and the miner share: whether to go on, the next nonce nobody has tried, the trials made. */
export class SharedProgress {
  readonly #cells: BigInt64Array;

  constructor(readonly buffer: SharedArrayBuffer = new SharedArrayBuffer(3 * BigInt64Array.BYTES_PER_ELEMENT)) {
    this.#cells = new BigInt64Array(buffer);
  }

  get isStopped(): boolean {
    return Atomics.load(this.#cells, STOPPED) !== 0n;
  }

  get trials(): number {
    return Number(Atomics.load(this.#cells, TRIALS));
  }

  /** Every thread stops after the chunk it is at. */
  stop(): void {
    Atomics.store(this.#cells, STOPPED, 1n);
  }

  addTrials(count: bigint): void {
    Atomics.add(this.#cells, TRIALS, count);
  }

  /** The first nonce of a chunk that is nobody else's. */
  takeChunk(nonces: number): bigint {
    return Atomics.add(this.#cells, NEXT_NONCE, BigInt(nonces));
  }
}

const STOPPED = 0;
const NEXT_NONCE = 1;
const TRIALS = 2;

export interface Share {
  readonly initialHash: Uint8Array;
  readonly target: bigint;
  readonly chunkNonces: number;
}

/** Searches until this thread has found a nonce (then all stop), or the job is stopped: null. */
export function mineShare(engine: Engine, { initialHash, target, chunkNonces }: Share, progress: SharedProgress): bigint | null {
  engine.prepare(initialHash, target);
  while (!progress.isStopped) {
    const first = progress.takeChunk(chunkNonces);
    const nonce = engine.search(first, chunkNonces);
    progress.addTrials(nonce === null ? BigInt(chunkNonces) : nonce - first + 1n);
    if (nonce === null) continue;
    progress.stop();
    return nonce;
  }
  return null;
}
