/** Folders that were removed and still hold messages: nobody sees them, and they are emptied piece by piece. */
import type { Database } from '../database.js';
import { DeletionBudget } from './deletion-budget.js';
import { deleteOrphans } from './messages.js';

export const REMOVED_FOLDERS_SCHEMA = `
ALTER TABLE mailboxes ADD COLUMN removed INTEGER NOT NULL DEFAULT 0; -- 1: gone for everybody, its messages are being deleted
CREATE INDEX mailboxes_removed ON mailboxes (id) WHERE removed = 1;
`;

export class RemovedFolders {
  constructor(private readonly database: Database) {}

  /** Gives the name free and hides the folder, whatever lies in it. Inside the caller's transaction. */
  hide(mailboxId: number): void {
    // No folder can have this path: a level of it is empty.
    this.database.run("UPDATE mailboxes SET removed = 1, path = '/' || id, special_use = NULL WHERE id = ?", mailboxId);
    this.database.run('DELETE FROM entry_counts WHERE mailbox_id = ?', mailboxId);
    this.database.run('DELETE FROM metadata WHERE mailbox_id = ?', mailboxId);
  }

  /** Deletes up to so many entries of one of them. Answers false when there is nothing left to do. */
  emptyNext(count: number): boolean {
    const folder = this.database.get<{ id: number }>('SELECT id FROM mailboxes INDEXED BY mailboxes_removed WHERE removed = 1 LIMIT 1');
    if (folder === undefined) return false;
    // A batch: what a power failure brings back is hidden, and deleted again.
    this.database.batch(() => this.empty(folder.id, count));
    return true;
  }

  /** Deletes up to so many entries, and the folder with the last of them. Inside the caller's transaction. */
  empty(mailboxId: number, count: number): void {
    const found = this.database.all<{ uid: number; size: number; message_id: number }>(
      'SELECT uid, size, message_id FROM entries WHERE mailbox_id = ? ORDER BY uid LIMIT ?',
      mailboxId,
      count,
    );
    const entries = new DeletionBudget().take(found);
    this.database.run('DELETE FROM entries WHERE mailbox_id = ? AND uid <= ?', mailboxId, entries.at(-1)?.uid ?? 0);
    deleteOrphans(this.database, new Set(entries.map((entry) => entry.message_id)));
    if (found.length < count && entries.length === found.length) this.#drop(mailboxId);
  }

  #drop(mailboxId: number): void {
    for (const table of ['entry_states', 'entry_counts', 'removed_entries', 'expunged', 'keywords', 'metadata']) {
      this.database.run(`DELETE FROM ${table} WHERE mailbox_id = ?`, mailboxId);
    }
    this.database.run('DELETE FROM mailboxes WHERE id = ?', mailboxId);
  }
}
