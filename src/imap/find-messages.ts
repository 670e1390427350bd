/** Finding, sorting and threading messages for the commands that search. */
import type { SearchKey } from './search/key.js';
import type { Places } from './search/plan.js';
import { search } from './search/search.js';
import type { Session } from './session.js';
import { type SortContext, type SortCriterion, sort } from './sort/sort.js';
import { flatten } from './thread/flat-threads.js';
import { type ThreadAlgorithm, thread } from './thread/thread.js';
import { UidList } from './uid-list.js';

/** Where is searched: the selected folder with what the client knows of it, or another one as it is now. */
export interface SearchedFolder {
  readonly id: number;
  readonly uidList: UidList;
  readonly saved: readonly number[];
  /** Where \Recent messages stand. */
  readonly recent: readonly Places[];
}

/** The UIDs that the key fits, ascending. */
export async function findMessages(session: Session, key: SearchKey, folder: SearchedFolder = session.view): Promise<number[]> {
  const { mailboxes, messages, folderUids, largeMessages } = session.rooms;
  const breathe = (): Promise<void> => session.breathe();
  const present = await folderUids.open(folder.id, session.login.identity, breathe);
  return search(key, {
    mailboxes,
    messages,
    mailboxId: folder.id,
    uids: folder.uidList,
    present: present?.uids ?? UidList.EMPTY,
    saved: folder.saved,
    now: Math.floor(Date.now() / 1000),
    recent: session.showsRecent ? folder.recent : [],
    largeTexts: { contains: (message, what) => largeMessages.contains(message, what, breathe) },
    breathe,
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
