/** Finding, sorting and threading messages for the commands that search. */
import type { SearchKey } from './search/key.js';
import type { Places } from './search/position-set.js';
import { search } from './search/search.js';
import type { Session } from './session.js';
import type { SortContext, SortCriterion } from './sort/sort-values.js';
import { SortedFolder } from './sort/sorted-folder.js';
import type { ThreadAlgorithm } from './thread/thread.js';
import { ThreadedFolder } from './thread/threaded-folder.js';
import { UidList } from './uid-list.js';
import type { View } from './view.js';

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
export async function sortMessages(session: Session, criteria: readonly SortCriterion[], uids: readonly number[]): Promise<Uint32Array> {
  const { view, rooms } = session;
  const kind = kindOf(view, `SORT ${criteria.map(({ key, reverse }) => (reverse ? `REVERSE ${key}` : key)).join(' ')}`);
  const context = arrangeIn(session);
  const kept = rooms.keptOrders.take<SortedFolder>(kind);
  const sorted = kept === undefined ? await SortedFolder.of(criteria, uids, context) : await kept.with(uids, view.uidList, context);
  rooms.keptOrders.keep(kind, sorted);
  return sorted.pick(uids, context);
}

/** As `flatten` makes them. @param uids ascending */
export async function threadMessages(session: Session, algorithm: ThreadAlgorithm, uids: readonly number[]): Promise<Uint32Array> {
  const { view, rooms } = session;
  const kind = kindOf(view, `THREAD ${algorithm}`);
  const context = arrangeIn(session);
  const kept = rooms.keptOrders.take<ThreadedFolder>(kind);
  const threads = kept === undefined ? await ThreadedFolder.of(algorithm, uids, context) : await kept.with(uids, context);
  const { flat } = threads;
  rooms.keptOrders.keep(kind, threads);
  return flat;
}

function kindOf({ id, scope }: View, what: string): string {
  return `${id} ${what} ${scope ?? ''}`;
}

function arrangeIn(session: Session): SortContext {
  const { mailboxes, messages } = session.rooms;
  return { mailboxes, messages, mailboxId: session.view.id, breathe: () => session.breathe() };
}
