/** What changed in the selected folder after a mod-sequence, read slice by slice so that nobody else waits. */
import type { Changes, ChangesPosition } from '../../store/mail/types.js';
import type { Session } from '../session.js';
import { chosen } from '../uid-arrays.js';

export interface MissedChanges {
  /** The UIDs of the messages that are new since then or have other flags, ascending. */
  readonly changed: readonly number[];
  /** Ascending. */
  readonly expunged: readonly number[];
}

/** Entries at once: some milliseconds. */
const CHANGES_PER_SLICE = 1000;

/** RFC 7162 §3.2.5.2: where the store has forgotten what was expunged, every UID that was given and is not there counts as expunged. */
export async function readChanges(session: Session, modseq: number): Promise<MissedChanges> {
  const { view, rooms } = session;
  // What a client that was away for a moment asks.
  if (modseq >= (view.mailbox()?.highestModseq ?? 0)) return { changed: [], expunged: [] };
  // Numbers alone: of a million changes the rows would take too much memory.
  const changed: number[] = [];
  let expunged: readonly number[] | null = [];
  for (let from: number | ChangesPosition | null = modseq; from !== null; ) {
    const changes: Changes = rooms.mailboxes.changesSince(view.id, view.scope, from, CHANGES_PER_SLICE);
    // The slices come in the order of the UIDs. What comes in meanwhile has no number yet.
    for (const { uids } of changes.entries) for (const uid of uids) if (view.numberOf(uid) > 0) changed.push(uid);
    if (from === modseq) expunged = changes.expunged;
    from = changes.next;
    await session.breathe();
  }
  // What is expunged while this is read still has its number: the client hears of it in its turn.
  const isGone = (uid: number): boolean => view.numberOf(uid) === 0;
  return { changed, expunged: expunged === null ? view.missing() : await chosen(expunged, isGone, () => session.breathe()) };
}
