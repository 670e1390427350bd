/** What changed in the selected folder after a mod-sequence, read slice by slice so that nobody else waits. */
import type { Changes, Entry } from '../../store/mail/types.js';
import type { Session } from '../session.js';

/** Entries at once: some milliseconds. */
const CHANGES_PER_SLICE = 1000;

export async function readChanges(session: Session, modseq: number): Promise<Pick<Changes, 'entries' | 'expunged'>> {
  const { view, rooms } = session;
  const entries = new Map<number, Entry>();
  const expunged = new Set<number>();
  for (let from = modseq, complete = false; !complete; ) {
    const changes = rooms.mailboxes.changesSince(view.id, view.scope, from, CHANGES_PER_SLICE);
    for (const entry of changes.entries) entries.set(entry.uid, entry);
    for (const uid of changes.expunged) expunged.add(uid);
    ({ complete } = changes);
    from = changes.highestModseq;
    await session.breathe();
  }
  // What is expunged while this is read still has its number: the client hears of it in its turn.
  const gone = [...expunged].filter((uid) => view.numberOf(uid) === 0).sort((a, b) => a - b);
  return { entries: [...entries.values()].sort((a, b) => a.uid - b.uid), expunged: gone };
}
