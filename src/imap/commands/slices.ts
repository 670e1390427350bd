/** Work on many messages, cut into pieces between which other clients have their turn. */
import type { Session } from '../session.js';

/** The first piece: some milliseconds, whatever is done with them. */
export const SLICE_SIZE = 500;
/** A commit costs a wait for the disk, so the pieces grow as long as they take less than this: two of them are no wait that anybody notices. */
const SLICE_MS = 15;
/** Bounds what one transaction holds in memory. */
const MAX_SLICE_SIZE = 5000;
const MIN_SLICE_SIZE = 20;

/** One transaction for each piece. */
export async function inSlices(session: Session, uids: readonly number[], work: (slice: readonly number[]) => void): Promise<void> {
  for (let start = 0, size = SLICE_SIZE; start < uids.length; ) {
    const slice = uids.slice(start, start + size);
    const startedAt = performance.now();
    work(slice);
    start += slice.length;
    size = nextSliceSize(slice.length, performance.now() - startedAt);
    await session.breathe();
  }
}

/** How many fit into the time, judged by the last piece; at most twice as many, since that one may have been an easy one. */
export function nextSliceSize(size: number, tookMs: number): number {
  const fitting = Math.floor((size * SLICE_MS) / Math.max(tookMs, 1));
  return Math.max(MIN_SLICE_SIZE, Math.min(fitting, size * 2, MAX_SLICE_SIZE));
}
