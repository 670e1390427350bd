/** Entries that were expunged, many at once, and still have their rows: without a state nobody sees them; they are deleted piece by piece. */
import type { Database } from '../database.js';
import { DeletionBudget } from './deletion-budget.js';
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

interface Row {
  readonly uid: number;
  /** Bytes. */
  readonly size: number;
  readonly message_id: number;
}

export class RemovedEntries {
  constructor(private readonly database: Database) {}

  /** Deletes entries (ascending) that have no state any more, now or later. Inside the caller's transaction. */
  remove(mailboxId: number, uids: readonly number[]): void {
    const runs = exactRuns(uids);
    const rows = uids.length > FEW ? [] : runs.flatMap((run) => this.#read(mailboxId, run, FEW));
    const isSoonDone = rows.length > 0 && new DeletionBudget().take(rows).length === rows.length;
    for (const run of runs) if (!isSoonDone) this.#note(mailboxId, run);
    if (isSoonDone) this.#delete(mailboxId, rows);
  }

  /** Leaves entries that have no state to be deleted later. Inside the caller's transaction. */
  leave(mailboxId: number, run: UidRun): void {
    this.#note(mailboxId, run);
  }

  /** Deletes up to so many of those that were left. Answers false when there is nothing left to do. */
  deleteNext(count: number): boolean {
    const runs = this.database.all<UidRun & { mailboxId: number }>(
      'SELECT mailbox_id AS mailboxId, first_uid AS first, last_uid AS last FROM removed_entries LIMIT ?',
      count,
    );
    if (runs.length === 0) return false;
    // A batch: what a power failure brings back has no state, and is deleted again.
    this.database.batch(() => {
      const budget = new DeletionBudget();
      let left = count;
      for (const run of runs) {
        const found = this.#read(run.mailboxId, run, left);
        const rows = budget.take(found);
        this.#delete(run.mailboxId, rows);
        this.database.run('DELETE FROM removed_entries WHERE mailbox_id = ? AND first_uid = ?', run.mailboxId, run.first);
        left -= found.length;
        const rest = found[rows.length]?.uid ?? (left > 0 ? run.last : found[found.length - 1].uid) + 1;
        if (rest <= run.last) this.#note(run.mailboxId, { first: rest, last: run.last });
        if (left <= 0 || rows.length < found.length) break;
      }
    });
    return true;
  }

  #note(mailboxId: number, { first, last }: UidRun): void {
    this.database.run('INSERT OR IGNORE INTO removed_entries (mailbox_id, first_uid, last_uid) VALUES (?, ?, ?)', mailboxId, first, last);
  }

  #read(mailboxId: number, { first, last }: UidRun, count: number): Row[] {
    return this.database.all<Row>(
      'SELECT uid, size, message_id FROM entries WHERE mailbox_id = ? AND uid BETWEEN ? AND ? ORDER BY uid LIMIT ?',
      mailboxId,
      first,
      last,
      count,
    );
  }

  #delete(mailboxId: number, rows: readonly Row[]): void {
    for (const { first, last } of exactRuns(rows.map(({ uid }) => uid))) {
      this.database.run('DELETE FROM entries WHERE mailbox_id = ? AND uid BETWEEN ? AND ?', mailboxId, first, last);
    }
    deleteOrphans(this.database, new Set(rows.map((row) => row.message_id)));
  }
}
