/** Finds the messages that a search key fits. Row by row, cheap questions first, with pauses, so that nobody else waits. */
import type { UnixSeconds } from '../../base/clock.js';
import type { Mailboxes, Messages } from '../../store/mail/types.js';
import { compile } from './compile.js';
import type { SearchKey } from './key.js';
import { type LargeTexts, SearchedMessage } from './searched-message.js';

export interface SearchContext {
  readonly mailboxes: Mailboxes;
  readonly messages: Messages;
  readonly mailboxId: number;
  /** The UIDs of the client's view, by message number. */
  readonly uids: readonly number[];
  /** What "$" names. */
  readonly saved: readonly number[];
  readonly now: UnixSeconds;
  isRecent(uid: number): boolean;
  readonly largeTexts: LargeTexts;
  /** Lets others have their turn if it is time; called after every few rows and after each text that was read. */
  breathe(): Promise<void>;
}

/** Rows read at a time: one takes some microseconds, so that a slice stays far below a time that anybody notices. */
const ROWS_PER_SLICE = 500;

/** The UIDs in the view that the key fits, ascending. */
export async function search(key: SearchKey, context: SearchContext): Promise<number[]> {
  const { candidates, fits } = compile(key, context);
  const found: number[] = [];
  for (let next = 0; next < candidates.length; ) {
    const slice = candidates.slice(next, next + ROWS_PER_SLICE);
    next += slice.length;
    const modseq = modseqOf(context);
    for (const entry of context.mailboxes.entries(context.mailboxId, slice)) {
      const message = new SearchedMessage(entry, context);
      const verdict = fits(message);
      if (typeof verdict === 'boolean' ? verdict : await verdict) found.push(entry.uid);
      if (!message.wasRead) continue;
      await context.breathe();
      // Others had their turn and may have removed what was read ahead: the rest of the slice is read anew.
      if (modseqOf(context) === modseq) continue;
      next -= slice.length - slice.indexOf(entry.uid) - 1;
      break;
    }
    await context.breathe();
  }
  return found;
}

function modseqOf({ mailboxes, mailboxId }: SearchContext): number | undefined {
  return mailboxes.byId(mailboxId)?.highestModseq;
}
