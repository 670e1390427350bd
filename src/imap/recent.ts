/** Which messages of a folder are \\Recent for one client: those that no other session was told of before. */
import type { Mailbox, Mailboxes } from '../store/mail/types.js';
import type { UidList } from './uid-list.js';

/** UIDs from the first one to before the last one. */
interface Range {
  readonly from: number;
  to: number;
}

export class Recent {
  #ranges: Range[] = [];

  constructor(
    private readonly mailboxes: Mailboxes,
    private readonly readOnly: boolean,
  ) {}

  /** Takes what is new in the folder; a read-only session leaves it to the next one. */
  note(mailbox: Mailbox, uids: UidList): void {
    if (this.readOnly) {
      this.#ranges = [{ from: mailbox.recentFrom, to: Infinity }];
      return;
    }
    // Most of the time there is nothing to claim, which would be a transaction.
    if (mailbox.recentFrom === mailbox.uidNext) return;
    const from = this.mailboxes.claimRecent(mailbox.id);
    const to = uids.highest + 1;
    if (from >= to) return;
    const last = this.#ranges.at(-1);
    if (last !== undefined && uids.lowerBound(last.to) === uids.lowerBound(from)) last.to = to;
    else this.#ranges.push({ from, to });
  }

  has(uid: number): boolean {
    return this.#ranges.some(({ from, to }) => uid >= from && uid < to);
  }

  count(uids: UidList): number {
    return this.places(uids).reduce((sum, { start, end }) => sum + end - start, 0);
  }

  /** Where they stand: from the start to before the end of each stretch. */
  places(uids: UidList): { start: number; end: number }[] {
    return this.#ranges.map(({ from, to }) => ({ start: uids.lowerBound(from), end: uids.lowerBound(to) }));
  }
}
