/** What was taken over from other programs, so that taking it over again changes nothing, and goes on where it was interrupted. */
import type { Database } from './database.js';

export const IMPORTS_SCHEMA = `
CREATE TABLE imported (
  kind   TEXT NOT NULL,                    -- 'inbox', 'sent', 'mail' …
  source BLOB NOT NULL,                    -- what names it there, whatever the file lies: a hash
  PRIMARY KEY (kind, source)
) STRICT, WITHOUT ROWID;
`;

export class Imports {
  constructor(private readonly database: Database) {}

  has(kind: string, source: Uint8Array): boolean {
    return this.database.get('SELECT 1 FROM imported WHERE kind = ? AND source = ?', kind, source) !== undefined;
  }

  /** True the first time, inside the transaction that takes it over; false for ever after, also when the person has deleted it since. */
  claim(kind: string, source: Uint8Array): boolean {
    return this.database.run('INSERT OR IGNORE INTO imported (kind, source) VALUES (?, ?)', kind, source).changes > 0;
  }
}
