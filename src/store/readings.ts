/** Which encodings the programs of others are known to read. For mapping alone. */
import type { Database } from './database.js';

export const READINGS_SCHEMA = `
CREATE TABLE reading (
  address TEXT    PRIMARY KEY,               -- canonical
  reads   TEXT    NOT NULL,                  -- 'plain' or 'extended'
  told    INTEGER NOT NULL                   -- the owner said so: what is seen does not change it
) STRICT;
`;

export type Reads = 'plain' | 'extended';

export class Readings {
  constructor(private readonly database: Database) {}

  of(address: string): Reads | undefined {
    return this.database.get<{ reads: Reads }>('SELECT reads FROM reading WHERE address = ?', address)?.reads;
  }

  /** Who has written in the extended encoding can read it, whatever else he sends; what the owner said stays. */
  see(address: string, reads: Reads): void {
    this.database.run(
      `INSERT INTO reading (address, reads, told) VALUES (?, ?, 0)
       ON CONFLICT (address) DO UPDATE SET reads = excluded.reads WHERE told = 0 AND reads = 'plain'`,
      address,
      reads,
    );
  }

  /** Null: forget it, and look again. */
  tell(address: string, reads: Reads | null): void {
    this.database.run('DELETE FROM reading WHERE address = ?', address);
    if (reads !== null) this.database.run('INSERT INTO reading (address, reads, told) VALUES (?, ?, 1)', address, reads);
  }
}
