/** The answers of SEARCH, SORT and ESEARCH, plain or extended (RFC 4731, 5267, 7377, 9394), and what of the result is saved for "$". */
import type { Session } from '../session.js';
import { ascending } from '../sort/sort-by-numbers.js';
import type { Uids } from '../uid-arrays.js';
import { quoted } from '../wire/encoder.js';
import { sendList, sendSet } from './long-lists.js';
import { formatPartialRange, selectPartial } from './partial-range.js';
import type { ReturnOptions } from './return-syntax.js';

/** A millisecond or two. */
const UIDS_PER_SLICE = 50_000;
const STATES_PER_SLICE = 5_000;

/** What was found. */
export interface Result {
  /** In the order of the folder, or in the order that was asked for. */
  readonly uids: Uids;
  readonly by: 'number' | 'uid';
  /** Whether the key asks for mod-sequences, so that the answer must carry the highest. */
  readonly withModseq: boolean;
}

/** The folder that was searched, where it is not the selected one: what stands in the response after the tag. */
export interface OtherFolder {
  readonly id: number;
  readonly correlator: string;
}

export async function answerPlain(session: Session, name: 'SEARCH' | 'SORT', { uids, by, withModseq }: Result): Promise<void> {
  const modseq = withModseq && uids.length > 0 ? ` (MODSEQ ${await highestModseq(session, session.view.id, uids)})` : '';
  session.send(`* ${name}`);
  await sendList(session, uids, by);
  session.send(`${modseq}\r\n`);
}

export async function answerExtended(session: Session, result: Result, returns: ReturnOptions, folder?: OtherFolder): Promise<void> {
  const { uids, by } = result;
  const numberOf = (uid: number): number => (by === 'uid' ? uid : session.view.numberOf(uid));
  const told = returns.all || returns.count ? uids : chosen(uids, returns);
  const asksModseq = result.withModseq && uids.length > 0;
  // Before anything is said: no other response may come between its parts.
  const modseq = asksModseq ? await highestModseq(session, folder?.id ?? session.view.id, told.length === 0 ? uids : told) : 0;
  session.send(`* ESEARCH (TAG ${quoted(session.tag).toString('latin1')}${folder?.correlator ?? ''})${by === 'uid' ? ' UID' : ''}`);
  if (uids.length > 0) {
    if (returns.min) session.send(` MIN ${numberOf(uids[0])}`);
    if (returns.max) session.send(` MAX ${numberOf(uids[uids.length - 1])}`);
    if (returns.all) {
      session.send(' ALL ');
      await sendSet(session, uids, by);
    }
  }
  if (returns.count) session.send(` COUNT ${uids.length}`);
  if (returns.partial !== null) {
    const part = selectPartial(uids, returns.partial);
    session.send(` PARTIAL (${formatPartialRange(returns.partial)} ${part.length === 0 ? 'NIL' : ''}`);
    await sendSet(session, part, by);
    session.send(')');
  }
  session.send(`${asksModseq ? ` MODSEQ ${modseq}` : ''}\r\n`);
}

/** RFC 5182 §2.4, RFC 9394 §3.4: MIN, MAX and PARTIAL save just the messages that they name; ALL and COUNT save all. */
export async function chooseSaved(session: Session, uids: Uids, returns: ReturnOptions): Promise<number[]> {
  const narrows = returns.min || returns.max || returns.partial !== null;
  if (narrows && !returns.all && !returns.count) return [...new Set(chosen(uids, returns))].sort((a, b) => a - b);
  const sorted = await ascending(new Uint32Array(uids), () => session.breathe());
  const saved: number[] = [];
  for (let start = 0; start < sorted.length; start += UIDS_PER_SLICE) {
    for (const uid of sorted.subarray(start, start + UIDS_PER_SLICE)) saved.push(uid);
    await session.breathe();
  }
  return saved;
}

async function highestModseq(session: Session, mailboxId: number, uids: Uids): Promise<number> {
  let highest = 0;
  const sorted = await ascending(new Uint32Array(uids), () => session.breathe());
  for (let start = 0; start < sorted.length; start += STATES_PER_SLICE) {
    const slice = Array.from(sorted.subarray(start, start + STATES_PER_SLICE));
    for (const run of session.rooms.mailboxes.states(mailboxId, slice)) highest = Math.max(highest, run.modseq);
    await session.breathe();
  }
  return highest;
}

function chosen(uids: Uids, { min, max, partial }: ReturnOptions): number[] {
  if (uids.length === 0) return [];
  return [...(min ? [uids[0]] : []), ...(max ? [uids[uids.length - 1]] : []), ...(partial === null ? [] : selectPartial(uids, partial))];
}
