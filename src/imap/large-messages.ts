/** Large messages on their way through the server: what takes long is done in a thread, and few of them are in memory at a time. */
import { WorkerPool } from '../base/worker-pool.js';
import { type DescribedMessage, outOfThread } from '../mime/describe.js';
import type { LargeMessage } from '../store/mail/large-messages.js';
import { ConnectionClosed } from './connection.js';
import type { LargeMessageAnswer, LargeMessageJob } from './large-message-jobs.js';
import { LargeMessagePlaces } from './large-message-places.js';

/** Each of the 256 connections has one command under way at most. */
const MAX_QUEUED = 256;
/** The thread takes some megabytes while it lives. */
const THREAD_IDLE_MS = 60_000;

export class LargeMessages {
  #stopped = false;
  readonly #places = new LargeMessagePlaces();
  readonly #pool = new WorkerPool<LargeMessageJob, LargeMessageAnswer>({
    url: new URL('./large-message-worker.js', import.meta.url),
    threads: 1,
    maxQueued: MAX_QUEUED,
    idleMs: THREAD_IDLE_MS,
  });

  /** Ends what is under way; the sessions it was for are at their end. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#pool.close();
  }

  /** What the store keeps of a message. The bytes given are moved, not copied: use those that come back. */
  async describe(raw: Buffer): Promise<{ description: DescribedMessage; raw: Buffer }> {
    const answer = await this.#run({ kind: 'describe', raw }, raw);
    if (answer.kind !== 'describe') throw new Error('the thread answered something else');
    return {
      description: outOfThread(answer.description),
      raw: Buffer.from(answer.raw.buffer, answer.raw.byteOffset, answer.raw.byteLength),
    };
  }

  /** Whether the header or the body of a message holds a text. @param text as `fold` makes it */
  async contains(
    message: LargeMessage,
    where: { readonly size: number; readonly structure: string; readonly part: 'header' | 'body'; readonly text: string },
    breathe: () => Promise<void>,
  ): Promise<boolean> {
    return this.inMemory(async () => {
      const raw = await readRange(message, 0, where.size, breathe);
      const answer = await this.#run({ kind: 'search', raw, structure: where.structure, where: where.part, text: where.text }, raw);
      return answer.kind === 'search' && answer.found;
    });
  }

  /** Waits until not too many large messages are in memory. Not to be called inside itself: all places may be waiting then. */
  async inMemory<T>(work: () => Promise<T>): Promise<T> {
    await this.#places.enter();
    try {
      return await work();
    } finally {
      this.#places.leave();
    }
  }

  async #run(job: LargeMessageJob, raw: Buffer): Promise<LargeMessageAnswer> {
    try {
      return await this.#pool.run(job, { transfer: [raw.buffer as ArrayBuffer] });
    } catch (error) {
      throw this.#stopped ? new ConnectionClosed() : error;
    }
  }
}

/** Bytes of a large message in one piece; others have their turn between the reads. */
export async function readRange(message: LargeMessage, start: number, end: number, breathe: () => Promise<void>): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(end - start);
  for (let at = start; at < end; ) {
    at += message.read(at, end).copy(bytes, at - start);
    await breathe();
  }
  return bytes;
}
