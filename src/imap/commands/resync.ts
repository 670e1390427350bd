/** What a client has missed of a folder while it was away: quick resynchronisation, RFC 7162 §3.2.5. */
import { sendFlags } from '../message-data.js';
import type { Session } from '../session.js';
import type { View } from '../view.js';
import { lowerBound, type Range, selectFrom } from '../wire/sequence-set.js';
import { sendVanished } from './long-lists.js';
import { readChanges } from './read-changes.js';
import type { Resync } from './select-syntax.js';
import { inSlices } from './slices.js';

/** What was expunged and what was changed since then, among the messages that the client knows. */
export async function tellMissed(session: Session, { modseq, known, pairs }: Resync): Promise<void> {
  const { view } = session;
  const changes = await readChanges(session, modseq);
  const last = (view.mailbox()?.uidNext ?? 1) - 1;
  const among = (uids: readonly number[]): readonly number[] => (known === null ? uids : selectFrom(known, uids, last));
  const agreed = pairs === null ? 0 : lastAgreed(view, pairs);
  const expunged = among(changes.expunged);
  await sendVanished(session, expunged.slice(lowerBound(expunged, agreed + 1)));
  const wanted = among(changes.changed);
  await inSlices(session, wanted, (slice) => {
    sendFlags(session, session.rooms.mailboxes.states(view.id, slice), true);
  });
}

/** The highest UID that has the number that the client thinks: it knows of every expunge up to there (RFC 7162 §3.2.5.2). */
function lastAgreed(view: View, { numbers, uids }: NonNullable<Resync['pairs']>): number {
  const uidAt = each(uids);
  let agreed = 0;
  for (const number of each(numbers)) {
    const uid = uidAt.next();
    if (uid.done === true || number > view.count) break;
    if (view.uids[number - 1] === uid.value) agreed = uid.value;
  }
  return agreed;
}

/** A number at a time: a client can name four thousand million of them in ten characters. */
function* each(ranges: readonly Range[]): Generator<number, undefined> {
  for (const { from, to } of ranges) {
    if (from === '*' || to === '*') return;
    for (let number = from; number <= to; number++) yield number;
  }
}
