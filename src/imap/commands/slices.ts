/** Work on many messages, cut into pieces between which other clients have their turn. */
import { nextSliceSize } from '../../store/mail/slice-size.js';
import type { Session } from '../session.js';

/** The first piece: some milliseconds, whatever is done with them. */
export const SLICE_SIZE = 500;
/** A commit costs a wait for the disk, so the pieces grow as long as they take less than this: two of them are no wait that anybody notices. */
const SLICE_MS = 15;

/** One transaction for each piece. */
export async function inSlices(session: Session, uids: readonly number[], work: (slice: readonly number[]) => void): Promise<void> {
  for (let start = 0, size = SLICE_SIZE; start < uids.length; ) {
    const slice = uids.slice(start, start + size);
    const startedAt = performance.now();
    work(slice);
    start += slice.length;
    size = nextSliceSize(slice.length, performance.now() - startedAt, SLICE_MS);
    await session.breathe();
  }
}
