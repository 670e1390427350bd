/** Finds the messages that a search key fits. Row by row, cheap questions first, with pauses, so that nobody else waits. */
import type { UnixSeconds } from '../../base/clock.js';
import type { Mailboxes, Messages } from '../../store/mail/types.js';
import { compile } from './compile.js';
import type { SearchKey } from './key.js';
import { SearchedMessage } from './searched-message.js';

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
  /** Lets others have their turn if it is time; called after every few rows and after each text that was read. */
  breathe(): Promise<void>;
}

/** Rows read at a time: one takes some microseconds, so that a slice stays far below a time that anybody notices. */
const ROWS_PER_SLICE = 500;

/** The UIDs in the view that the key fits, ascending. */
export async function search(key: SearchKey, context: SearchContext): Promise<number[]> {
  const test = compile(key, context);
  const found: number[] = [];
  for (let start = 0; start < test.candidates.length; start += ROWS_PER_SLICE) {
    const slice = test.candidates.slice(start, start + ROWS_PER_SLICE);
    for (const entry of context.mailboxes.entries(context.mailboxId, slice)) {
      const message = new SearchedMessage(entry, context.messages);
      if (test.fits(message)) found.push(entry.uid);
      if (message.wasRead) await context.breathe();
    }
    await context.breathe();
  }
  return found;
}
