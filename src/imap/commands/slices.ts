/** Work on many messages, cut into pieces between which other clients have their turn. */
import { nextSliceSize } from '../../store/mail/slice-size.js';
import type { Session } from '../session.js';

/** How large the pieces are: the first one, and the largest. */
export interface SliceSizes {
  readonly first: number;
  readonly largest: number;
}

/** Some milliseconds, whatever is done with them; bounds what one transaction holds in memory. */
export const SLICE_SIZES: SliceSizes = { first: 500, largest: 5000 };
/** A commit costs a wait for the disk, so the pieces grow as long as they take less than this. */
const SLICE_MS = 10;

/** One transaction for each piece. */
export async function inSlices(
  session: Session,
  uids: readonly number[],
  work: (slice: readonly number[]) => void,
  { first, largest }: SliceSizes = SLICE_SIZES,
): Promise<void> {
  for (let start = 0, size = first; start < uids.length; ) {
    const slice = uids.slice(start, start + size);
    const startedAt = performance.now();
    work(slice);
    start += slice.length;
    // What a commit costs does not get less with less to write.
    size = Math.max(nextSliceSize(slice.length, performance.now() - startedAt, SLICE_MS, largest), Math.ceil(first / 2));
    await (start < uids.length ? session.pace.rest() : session.breathe());
  }
}
