/** What a client is told of its selected folder without asking: EXISTS, EXPUNGE or VANISHED, FLAGS, FETCH and ESEARCH. */

import type { FetchItem } from './fetch-items.js';
import { sendAnyMessage } from './large-fetch.js';
import { sendFlags, sendFolderFlags } from './message-data.js';
import type { SelectedEvents } from './notifications.js';
import { formatExpunged } from './responses.js';
import { findResultChanges, type ResultChange, tellDepartures, tellResultChanges } from './search-updates.js';
import type { Session } from './session.js';
import type { Updates } from './view.js';

/** RFC 9051 §7: what a client hears that has never said what it wants to hear. */
const EVERYTHING: SelectedEvents = { immediately: false, flagChange: true, items: [] };

/**
 * Tells what changed in the selected folder since the client was last told.
 *
 * @param mayExpunge whether message numbers may shift now
 * @param expunges whether the command itself has expunged messages
 */
export async function tellChanges(session: Session, mayExpunge: boolean, expunges = false): Promise<void> {
  if (session.state !== 'selected') return;
  const { view, notifications } = session;
  if (view.isRemoved()) {
    session.hangUp('The selected mailbox was deleted');
    return;
  }
  const wanted = notifications === null ? EVERYTHING : notifications.selected;
  if ((wanted === null && !expunges) || !view.hasUpdates(mayExpunge)) return;
  // What others go on doing meanwhile is told the next time.
  const goal = view.mailbox()?.highestModseq ?? 0;
  do {
    const updates = await view.takeUpdates(mayExpunge);
    if (updates === null) return;
    await tellSlice(session, updates, wanted);
    await session.breathe();
  } while ((view.hasNews && view.modseq < goal) || (view.hasGone && mayExpunge));
}

async function tellSlice(session: Session, updates: Updates, wanted: SelectedEvents | null): Promise<void> {
  const { view, notifications } = session;
  tellDepartures(session, updates);
  session.send(formatExpunged(updates.expungedNumbers, updates.expungedUids, session.enabled.has('QRESYNC') || session.uidOnly));
  if (updates.exists !== null) {
    session.send(`* ${updates.exists} EXISTS\r\n`);
    if (session.showsRecent) session.send(`* ${view.recentCount} RECENT\r\n`);
  }
  if (updates.newKeywords) sendFolderFlags(session);
  if (wanted?.flagChange === true) {
    // RFC 5465 §5.1: who does not go by numbers needs the UID.
    sendFlags(session, updates.changed, notifications !== null);
  }
  const changes = await findResultChanges(session, updates);
  await tellNewMessages(session, updates.added, wanted?.items ?? [], changes);
  await tellResultChanges(session, changes);
}

/** Between commands, and in IDLE: what the client has asked to hear at any time. */
export async function tellNews(session: Session): Promise<void> {
  await tellChanges(session, session.notifications?.selected?.immediately === true);
  await session.notifications?.tell();
}

/**
 * RFC 7162 §3.2: a client that has seen the mod-sequences of later changes must not believe, when it comes back after its line
 * broke, that it has heard of the EXPUNGEs that still wait.
 */
export function tellHeardTo(session: Session): void {
  if (session.state !== 'selected' || !session.enabled.has('CONDSTORE')) return;
  const { view } = session;
  if (view.heardTo !== null) session.send(`* OK [HIGHESTMODSEQ ${view.heardTo}] Expunged messages are told later\r\n`);
  else if (view.saidHeardTo) session.send(`* OK [HIGHESTMODSEQ ${view.modseq}] Highest\r\n`);
  view.saidHeardTo = view.heardTo !== null;
}

/** RFC 5465 §5.2: what NOTIFY asks for and what a search asks for (§7) comes in one FETCH, and nothing of it twice. */
async function tellNewMessages(
  session: Session,
  added: readonly number[],
  items: readonly FetchItem[],
  changes: readonly ResultChange[],
): Promise<void> {
  const asking = changes.filter(({ search }) => search.items.length > 0);
  if (items.length === 0 && asking.length === 0) return;
  const joining = asking.map(({ search, joining: uids }) => ({ items: search.items, uids: new Set(uids) }));
  const fromOthers = added.filter((uid) => session.notifications?.isOwnMessage(uid) !== true);
  for (const uid of fromOthers) {
    // One by one: while the last one was told, others may have changed or expunged this one.
    const [entry] = session.rooms.mailboxes.entries(session.view.id, [uid]);
    if (entry === undefined) continue;
    const wanted = [...items, ...joining.flatMap((one) => (one.uids.has(entry.uid) ? one.items : []))];
    const once = new Map(wanted.map((item) => [JSON.stringify(item), item]));
    if (once.size > 0) await sendAnyMessage(session, entry, [...once.values()]);
    await session.breathe();
  }
}
