/** Asks the open-worker threads: the main thread never does trial decryption itself. */
import { availableParallelism } from 'node:os';
import { WorkerPool } from '../../base/worker-pool.js';
import type { Opened, OpenKeys, OpenRequest } from './open.js';

/** The receiver opens some objects, some ahead, and some that are looked at again. */
const MAX_QUEUED = 64;
/** A thread holds some 10 MB; it is back in a fraction of a second. */
const IDLE_THREAD_MS = 60_000;
/** What a thread takes at a time: with 80 keys a fortieth of a second, so that one that gives way to others does not keep the rest waiting for long. */
const SLICE_OBJECTS = 16;

/** One thread that works at once, and for longer lists one on each further processor, which gives way to everything else. */
export class Opener {
  readonly #first = openThreads('./open-worker.js', 1);
  readonly #helpers: WorkerPool<OpenRequest, readonly Opened[]>;

  constructor(private readonly options: { readonly helpers: number } = { helpers: helpersHere() }) {
    this.#helpers = openThreads('./open-helper-worker.js', options.helpers);
  }

  async stop(): Promise<void> {
    await Promise.all([this.#first.close(), this.#helpers.close()]);
  }

  /** For each object what opened, in their order. @throws AbortError, WorkerCrashed */
  async open(keys: OpenKeys, objects: readonly Uint8Array[], signal: AbortSignal): Promise<readonly Opened[]> {
    const hasKeys = keys.recipients.length > 0 || keys.authors.length > 0;
    if (!hasKeys || objects.length === 0) return objects.map(() => ({ type: 'none' }));
    const ownKeys = copyKeys(keys);
    const count = Math.ceil(objects.length / SLICE_OBJECTS);
    const slices = Array.from({ length: count }, (_, at) => objects.slice(at * SLICE_OBJECTS, (at + 1) * SLICE_OBJECTS));
    const opened: (readonly Opened[])[] = [];
    const waiting = slices.entries();
    const takeSlices = async (pool: WorkerPool<OpenRequest, readonly Opened[]>): Promise<void> => {
      for (const [at, slice] of waiting) {
        opened[at] = await pool.run({ ...ownKeys, objects: slice.map((object) => new Uint8Array(object)) }, { signal });
      }
    };
    const helpers = Array.from({ length: Math.min(this.options.helpers, slices.length - 1) }, () => takeSlices(this.#helpers));
    await Promise.all([takeSlices(this.#first), ...helpers]);
    return opened.flat();
  }
}

function openThreads(module: string, threads: number): WorkerPool<OpenRequest, readonly Opened[]> {
  return new WorkerPool({ url: new URL(module, import.meta.url), threads, maxQueued: MAX_QUEUED, idleMs: IDLE_THREAD_MS });
}

/** Only Linux has priorities of threads: elsewhere a processor is left to everything else. */
function helpersHere(): number {
  return Math.max(availableParallelism() - (process.platform === 'linux' ? 1 : 2), 0);
}

/** A view would take the whole buffer below it along into the thread. */
function copyKeys({ recipients, authors }: OpenKeys): OpenKeys {
  return {
    recipients: recipients.map(({ ripe, encryptionPrivateKey }) => ({
      ripe: new Uint8Array(ripe),
      encryptionPrivateKey: new Uint8Array(encryptionPrivateKey),
    })),
    authors: authors.map((address) => ({ ...address, ripe: new Uint8Array(address.ripe) })),
  };
}
