/** Finding, sorting and threading messages for the commands that search. */
import type { SearchKey } from './search/key.js';
import { search } from './search/search.js';
import type { Session } from './session.js';
import { type SortContext, type SortCriterion, sort } from './sort/sort.js';
import { flatten } from './thread/flat-threads.js';
import { type ThreadAlgorithm, thread } from './thread/thread.js';

/** Where is searched: the selected folder with what the client knows of it, or another one as it is now. */
export interface SearchedFolder {
  readonly id: number;
  readonly uids: readonly number[];
  readonly saved: readonly number[];
  isRecent(uid: number): boolean;
}

/** The UIDs that the key fits, ascending. */
export async function findMessages(session: Session, key: SearchKey, folder: SearchedFolder = session.view): Promise<number[]> {
  const { mailboxes, messages, largeMessages } = session.rooms;
  return search(key, {
    mailboxes,
    messages,
    mailboxId: folder.id,
    uids: folder.uids,
    saved: folder.saved,
    now: Math.floor(Date.now() / 1000),
    isRecent: (uid) => session.showsRecent && folder.isRecent(uid),
    breathe: () => session.breathe(),
    largeTexts: { contains: (message, what) => largeMessages.contains(message, what, () => session.breathe()) },
  });
}

/** In the order that was asked for. @param uids ascending */
export async function sortMessages(session: Session, criteria: readonly SortCriterion[], uids: readonly number[]): Promise<number[]> {
  const kind = `${session.view.id} SORT ${criteria.map(({ key, reverse }) => (reverse ? `REVERSE ${key}` : key)).join(' ')}`;
  const order = await session.rooms.keptOrders.of(kind, uids, () => sort(criteria, uids, arrangeIn(session)));
  return Array.from(order);
}

/** As `flatten` makes them. @param uids ascending */
export async function threadMessages(session: Session, algorithm: ThreadAlgorithm, uids: readonly number[]): Promise<Float64Array> {
  return session.rooms.keptOrders.of(`${session.view.id} THREAD ${algorithm}`, uids, async () => {
    const context = arrangeIn(session);
    return flatten(await thread(algorithm, uids, context), () => context.breathe());
  });
}

function arrangeIn(session: Session): SortContext {
  const { mailboxes, messages } = session.rooms;
  return { mailboxes, messages, mailboxId: session.view.id, breathe: () => session.breathe() };
}
