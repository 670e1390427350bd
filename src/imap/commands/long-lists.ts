/** Lists of a million numbers, put into words and sent piece by piece: nobody waits for the whole of one, and it is never in memory. */
import type { Session } from '../session.js';
import type { Uids } from '../uid-arrays.js';

/** Some milliseconds. */
const ITEMS_PER_PIECE = 10_000;

/** In the midst of a response: what `format` makes of so many items, piece after piece. */
export async function sendPieces(session: Session, count: number, format: (start: number, end: number) => string): Promise<void> {
  for (let start = 0; start < count; start += ITEMS_PER_PIECE) {
    session.send(format(start, Math.min(start + ITEMS_PER_PIECE, count)));
    await session.pace.pause();
  }
}

/** " 1 2 3". */
export function sendList(session: Session, uids: Uids, by: 'number' | 'uid'): Promise<void> {
  return sendPieces(session, uids.length, (start, end) => ` ${numbersOf(session, uids.slice(start, end), by).join(' ')}`);
}

/** "1:3,7": in this order, and what ascends by ones becomes a range. */
export async function sendSet(session: Session, uids: Uids, by: 'number' | 'uid'): Promise<void> {
  let separator = '';
  let first = 0;
  let last = -1;
  const endRun = (): string => {
    const run = first === last ? `${separator}${first}` : `${separator}${first}:${last}`;
    separator = ',';
    return run;
  };
  await sendPieces(session, uids.length, (start, end) => {
    let text = '';
    for (const number of numbersOf(session, uids.slice(start, end), by)) {
      if (number !== last + 1 && last >= 0) text += endRun();
      if (number !== last + 1 || last < 0) first = number;
      last = number;
    }
    return text;
  });
  if (uids.length > 0) session.send(endRun());
}

/** RFC 7162 §3.2.10: what the client has missed, ascending. */
export async function sendVanished(session: Session, uids: readonly number[]): Promise<void> {
  if (uids.length === 0) return;
  session.send('* VANISHED (EARLIER) ');
  await sendSet(session, uids, 'uid');
  session.send('\r\n');
}

/** What the client calls these messages. */
function numbersOf(session: Session, uids: Uids, by: 'number' | 'uid'): Uids {
  return by === 'uid' ? uids : Array.from(uids, (uid) => session.view.numberOf(uid));
}
