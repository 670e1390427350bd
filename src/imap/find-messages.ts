/** Finding and sorting messages for the commands that search. */
import type { SearchKey } from './search/key.js';
import { search } from './search/search.js';
import type { Session } from './session.js';
import { type SortCriterion, sort } from './sort/sort.js';

/** Where is searched: the selected folder with what the client knows of it, or another one as it is now. */
export interface SearchedFolder {
  readonly id: number;
  readonly uids: readonly number[];
  readonly saved: readonly number[];
  isRecent(uid: number): boolean;
}

/** The UIDs that the key fits, ascending. */
export async function findMessages(session: Session, key: SearchKey, folder: SearchedFolder = session.view): Promise<number[]> {
  const { mailboxes, messages } = session.rooms;
  return search(key, {
    mailboxes,
    messages,
    mailboxId: folder.id,
    uids: folder.uids,
    saved: folder.saved,
    now: Math.floor(Date.now() / 1000),
    isRecent: (uid) => session.showsRecent && folder.isRecent(uid),
    breathe: () => session.breathe(),
  });
}

export async function sortMessages(session: Session, criteria: readonly SortCriterion[], uids: readonly number[]): Promise<number[]> {
  const { mailboxes, messages } = session.rooms;
  return sort(criteria, uids, { mailboxes, messages, mailboxId: session.view.id, breathe: () => session.breathe() });
}
