/** Entries that were expunged, many at once, and still have their rows: without a state nobody sees them; they are deleted piece by piece. */
import type { Database } from '../database.js';
import { deleteOrphans } from './messages.js';
import { exactRuns, type UidRun } from './uid-runs.js';

export const REMOVED_ENTRIES_SCHEMA = `
CREATE TABLE removed_entries (
  mailbox_id INTEGER NOT NULL REFERENCES mailboxes (id),
  first_uid  INTEGER NOT NULL,
  last_uid   INTEGER NOT NULL,
  PRIMARY KEY (mailbox_id, first_uid)
) STRICT, WITHOUT ROWID;
`;

/** So few are deleted at once, with their messages: some milliseconds. */
const FEW = 200;

export class RemovedEntries {
  constructor(private readonly database: Database) {}

  /** Deletes entries (ascending) that have no state any more, now or later. Inside the caller's transaction. */
  remove(mailboxId: number, uids: readonly number[]): void {
    for (const run of exactRuns(uids)) {
      if (uids.length <= FEW) this.#delete(mailboxId, run);
      else this.#note(mailboxId, run);
    }
  }

  /** Deletes up to so many of those that were left. Answers false when there is nothing left to do. */
  deleteNext(count: number): boolean {
    const runs = this.database.all<{ mailbox_id: number; first_uid: number; last_uid: number }>(
      'SELECT mailbox_id, first_uid, last_uid FROM removed_entries LIMIT ?',
      count,
    );
    if (runs.length === 0) return false;
    // A batch: what a power failure brings back has no state, and is deleted again.
    this.database.batch(() => {
      let left = count;
      for (const { mailbox_id: mailboxId, first_uid: first, last_uid: last } of runs) {
        if (left <= 0) break;
        const end = Math.min(last, first + left - 1);
        this.#delete(mailboxId, { first, last: end });
        this.database.run('DELETE FROM removed_entries WHERE mailbox_id = ? AND first_uid = ?', mailboxId, first);
        if (end < last) this.#note(mailboxId, { first: end + 1, last });
        left -= end - first + 1;
      }
    });
    return true;
  }

  #note(mailboxId: number, { first, last }: UidRun): void {
    this.database.run('INSERT INTO removed_entries (mailbox_id, first_uid, last_uid) VALUES (?, ?, ?)', mailboxId, first, last);
  }

  #delete(mailboxId: number, { first, last }: UidRun): void {
    const rows = this.database.all<{ message_id: number }>(
      'SELECT message_id FROM entries WHERE mailbox_id = ? AND uid BETWEEN ? AND ?',
      mailboxId,
      first,
      last,
    );
    this.database.run('DELETE FROM entries WHERE mailbox_id = ? AND uid BETWEEN ? AND ?', mailboxId, first, last);
    deleteOrphans(this.database, new Set(rows.map((row) => row.message_id)));
  }
}
