/** Works through many rows without holding anybody up: short transactions, and a turn for everybody else between them. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '../store/database.js';

/** A transaction is over after this many rows, or this much time: the main thread serves mail programs meanwhile. */
const MAX_ROWS = 500;
const MAX_MS = 20;

/** Takes every item, in order, each in a transaction with its neighbours. @throws AbortError between two of them */
export async function inBatches<T>(
  database: Database,
  items: Iterable<T>,
  signal: AbortSignal,
  take: (item: T) => void,
  after: () => void = () => {},
): Promise<void> {
  const iterator = items[Symbol.iterator]();
  for (let done = false; !done; ) {
    signal.throwIfAborted();
    const until = performance.now() + MAX_MS;
    database.transaction(() => {
      for (let rows = 0; rows < MAX_ROWS && performance.now() < until; rows++) {
        const next = iterator.next();
        if (next.done) {
          done = true;
          return;
        }
        take(next.value);
      }
    });
    after();
    await nextTurn();
  }
}

/** All rows of something that is asked for page by page, "after the last id". */
export function* pages<T extends { readonly id: number }>(read: (afterId: number) => readonly T[]): Generator<T> {
  for (let afterId = 0; ; ) {
    const page = read(afterId);
    yield* page;
    if (page.length === 0) return;
    afterId = page[page.length - 1].id;
  }
}
