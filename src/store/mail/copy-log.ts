/** What copies that are under way have put into their folders: noted with every step, so that a crash leaves no half of a copy. */
import type { Database } from '../database.js';
import type { UidRun } from './uid-runs.js';

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

  /** Belongs into the transaction that makes these entries. */
  note({ first, last }: UidRun): void {
    this.database.run(
      'INSERT INTO unfinished_copies (copy_id, target_id, first_uid, last_uid) VALUES (?, ?, ?, ?)',
      this.id,
      this.targetId,
      first,
      last,
    );
  }

  /** Takes what one step has put there out of the log; null: nothing is left. */
  take(): UidRun | null {
    const run = this.database.get<{ first_uid: number; last_uid: number }>(
      'SELECT first_uid, last_uid FROM unfinished_copies WHERE copy_id = ? ORDER BY first_uid LIMIT 1',
      this.id,
    );
    if (run === undefined) return null;
    this.database.run('DELETE FROM unfinished_copies WHERE copy_id = ? AND first_uid = ?', this.id, run.first_uid);
    return { first: run.first_uid, last: run.last_uid };
  }

  /** Takes what lies in a range of UIDs out of the log. */
  takeWithin({ first, last }: UidRun): UidRun[] {
    const values = [this.id, first, last] as const;
    const found = this.database.all<UidRun>(
      'SELECT first_uid AS first, last_uid AS last FROM unfinished_copies WHERE copy_id = ? AND first_uid BETWEEN ? AND ?',
      ...values,
    );
    this.database.run('DELETE FROM unfinished_copies WHERE copy_id = ? AND first_uid BETWEEN ? AND ?', ...values);
    return found;
  }

  forget(): void {
    this.database.run('DELETE FROM unfinished_copies WHERE copy_id = ?', this.id);
  }
}
