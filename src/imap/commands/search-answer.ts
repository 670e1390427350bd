/** The answers of SEARCH, SORT and ESEARCH, plain or extended (RFC 4731, 5267, 7377, 9394), and what of the result is saved for "$". */
import type { Session } from '../session.js';
import { quoted } from '../wire/encoder.js';
import { formatList, formatSet, toNumbers } from './long-lists.js';
import { formatPartialRange, selectPartial } from './partial-range.js';
import type { ReturnOptions } from './return-syntax.js';
import { inSlices } from './slices.js';

/** What was found. */
export interface Result {
  /** In the order of the folder, or in the order that was asked for. */
  readonly uids: readonly number[];
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
  session.send(`* ${name}${await formatList(session, await toNumbers(session, uids, by))}${modseq}\r\n`);
}

export async function answerExtended(session: Session, result: Result, returns: ReturnOptions, folder?: OtherFolder): Promise<void> {
  const { uids, by } = result;
  const numberOf = (uid: number): number => (by === 'uid' ? uid : session.view.numberOf(uid));
  const format = async (some: readonly number[]): Promise<string> => formatSet(session, await toNumbers(session, some, by));
  const words = [`* ESEARCH (TAG ${quoted(session.tag).toString('latin1')}${folder?.correlator ?? ''})`];
  if (by === 'uid') words.push('UID');
  if (uids.length > 0) {
    if (returns.min) words.push(`MIN ${numberOf(uids[0])}`);
    if (returns.max) words.push(`MAX ${numberOf(uids[uids.length - 1])}`);
    if (returns.all) words.push(`ALL ${await format(uids)}`);
  }
  if (returns.count) words.push(`COUNT ${uids.length}`);
  if (returns.partial !== null) {
    const part = selectPartial(uids, returns.partial);
    words.push(`PARTIAL (${formatPartialRange(returns.partial)} ${part.length === 0 ? 'NIL' : await format(part)})`);
  }
  if (result.withModseq && uids.length > 0) {
    const told = returns.all || returns.count ? uids : chosen(uids, returns);
    words.push(`MODSEQ ${await highestModseq(session, folder?.id ?? session.view.id, told.length === 0 ? uids : told)}`);
  }
  session.send(`${words.join(' ')}\r\n`);
}

/** RFC 5182 §2.4, RFC 9394 §3.4: MIN, MAX and PARTIAL save just the messages that they name; ALL and COUNT save all. */
export function chooseSaved(uids: readonly number[], returns: ReturnOptions): number[] {
  const narrows = returns.min || returns.max || returns.partial !== null;
  const saved = narrows && !returns.all && !returns.count ? chosen(uids, returns) : uids;
  return [...new Set(saved)].sort((a, b) => a - b);
}

async function highestModseq(session: Session, mailboxId: number, uids: readonly number[]): Promise<number> {
  let highest = 0;
  await inSlices(session, uids, (slice) => {
    for (const run of session.rooms.mailboxes.states(mailboxId, slice)) highest = Math.max(highest, run.modseq);
  });
  return highest;
}

function chosen(uids: readonly number[], { min, max, partial }: ReturnOptions): number[] {
  if (uids.length === 0) return [];
  return [...(min ? [uids[0]] : []), ...(max ? [uids[uids.length - 1]] : []), ...(partial === null ? [] : selectPartial(uids, partial))];
}
