/** What a client is told of its selected folder without asking: EXISTS, EXPUNGE or VANISHED, FLAGS, FETCH and ESEARCH. */
import { sendFlags, sendFolderFlags } from './message-data.js';
import { formatExpunged } from './responses.js';
import { tellArrivals, tellDepartures } from './search-updates.js';
import type { Session } from './session.js';

/** Tells what changed in the selected folder since the client was last told. */
export async function tellChanges(session: Session, mayExpunge: boolean): Promise<void> {
  if (session.state !== 'selected') return;
  const { view } = session;
  if (view.isRemoved()) {
    session.hangUp('The selected mailbox was deleted');
    return;
  }
  const updates = view.takeUpdates(mayExpunge);
  if (updates === null) return;
  tellDepartures(session, updates);
  session.send(formatExpunged(updates.expungedNumbers, updates.expungedUids, session.enabled.has('QRESYNC') || session.uidOnly));
  if (updates.exists !== null) {
    session.send(`* ${updates.exists} EXISTS\r\n`);
    if (session.showsRecent) session.send(`* ${view.recentCount} RECENT\r\n`);
  }
  if (updates.newKeywords) sendFolderFlags(session);
  for (const entry of updates.changed) {
    sendFlags(session, entry);
    await session.breathe();
  }
  await tellArrivals(session, updates);
}
