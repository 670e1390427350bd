/** What copies that are under way have put into their folders: noted with every step, so that a crash leaves no half of a copy. */
import type { Database } from '../database.js';
import { exactRuns } from './uid-runs.js';

export const COPY_LOG_SCHEMA = `
CREATE TABLE unfinished_copies (
  copy_id   INTEGER NOT NULL,
  target_id INTEGER NOT NULL, -- the folder
  first_uid INTEGER NOT NULL,
  last_uid  INTEGER NOT NULL,
  PRIMARY KEY (copy_id, first_uid)
) STRICT, WITHOUT ROWID;
`;

export class CopyLog {
  constructor(
    private readonly database: Database,
    readonly targetId: number,
    /** Differs from that of every other copy under way. */
    private readonly id: number,
  ) {}

  /** Those of all copies that did not come to their end. */
  static all(database: Database): CopyLog[] {
    const rows = database.all<{ copy_id: number; target_id: number }>('SELECT DISTINCT copy_id, target_id FROM unfinished_copies');
    return rows.map((row) => new CopyLog(database, row.target_id, row.copy_id));
  }

  /** Belongs into the transaction that makes these entries. @param uids ascending */
  note(uids: readonly number[]): void {
    for (const run of exactRuns(uids)) {
      this.database.run(
        'INSERT INTO unfinished_copies (copy_id, target_id, first_uid, last_uid) VALUES (?, ?, ?, ?)',
        this.id,
        this.targetId,
        run.first,
        run.last,
      );
    }
  }

  /** Takes what one step has put there out of the log; null: nothing is left. */
  take(): number[] | null {
    const run = this.database.get<{ first_uid: number; last_uid: number }>(
      'SELECT first_uid, last_uid FROM unfinished_copies WHERE copy_id = ? ORDER BY first_uid LIMIT 1',
      this.id,
    );
    if (run === undefined) return null;
    this.database.run('DELETE FROM unfinished_copies WHERE copy_id = ? AND first_uid = ?', this.id, run.first_uid);
    return Array.from({ length: run.last_uid - run.first_uid + 1 }, (_, index) => run.first_uid + index);
  }

  forget(): void {
    this.database.run('DELETE FROM unfinished_copies WHERE copy_id = ?', this.id);
  }
}
