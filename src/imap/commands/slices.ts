/** Work on many messages, cut into pieces between which other clients have their turn. */
import type { Session } from '../session.js';

/** One transaction each: large enough that a commit costs little per message, small enough to take a few milliseconds. */
export const SLICE_SIZE = 500;

export async function inSlices(session: Session, uids: readonly number[], work: (slice: readonly number[]) => void): Promise<void> {
  for (let start = 0; start < uids.length; start += SLICE_SIZE) {
    work(uids.slice(start, start + SLICE_SIZE));
    await session.breathe();
  }
}
