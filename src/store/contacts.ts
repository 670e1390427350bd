/** The address book: the names that a person gave to addresses of others. */
import type { Database } from './database.js';

export const CONTACTS_SCHEMA = `
CREATE TABLE contacts (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  address TEXT    NOT NULL UNIQUE,         -- canonical
  label   TEXT    NOT NULL
) STRICT;
`;

export interface ContactRow {
  readonly address: string;
  readonly label: string;
}

export class Contacts {
  constructor(private readonly database: Database) {}

  /** In the order in which they were added. */
  all(): ContactRow[] {
    return this.database.all<ContactRow>('SELECT address, label FROM contacts ORDER BY id');
  }

  /** Undefined for who is not in the book. */
  labelOf(address: string): string | undefined {
    return this.database.get<{ label: string }>('SELECT label FROM contacts WHERE address = ?', address)?.label;
  }

  /** Adds an address, or gives it another name. */
  put(address: string, label: string): void {
    this.database.run(
      'INSERT INTO contacts (address, label) VALUES (?, ?) ON CONFLICT (address) DO UPDATE SET label = excluded.label',
      address,
      label,
    );
  }

  /** Adds an address that is not in the book; the name that a known one has stays. */
  add(address: string, label: string): boolean {
    return (
      this.database.run('INSERT INTO contacts (address, label) VALUES (?, ?) ON CONFLICT (address) DO NOTHING', address, label).changes > 0
    );
  }

  remove(address: string): void {
    this.database.run('DELETE FROM contacts WHERE address = ?', address);
  }
}
