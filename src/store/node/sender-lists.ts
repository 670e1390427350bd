/** Whom the owner blocked, and whom he let through: the black and the white list. */
import type { Database } from '../database.js';

export const SENDER_LISTS_SCHEMA = `
CREATE TABLE listed_senders (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  list    TEXT    NOT NULL,                -- 'black' or 'white'
  address TEXT    NOT NULL,                -- canonical
  label   TEXT    NOT NULL,
  enabled INTEGER NOT NULL,                -- 0: kept, and without effect
  UNIQUE (list, address)
) STRICT;
`;

export type SenderList = 'black' | 'white';

export interface ListedSender {
  readonly address: string;
  readonly label: string;
  readonly enabled: boolean;
}

export class SenderLists {
  constructor(private readonly database: Database) {}

  all(list: SenderList): ListedSender[] {
    return this.database
      .all<{ address: string; label: string; enabled: number }>(
        'SELECT address, label, enabled FROM listed_senders WHERE list = ? ORDER BY id',
        list,
      )
      .map(({ address, label, enabled }) => ({ address, label, enabled: enabled === 1 }));
  }

  has(list: SenderList, address: string): boolean {
    return this.database.get('SELECT 1 FROM listed_senders WHERE list = ? AND address = ? AND enabled = 1', list, address) !== undefined;
  }

  /** Answers false, and changes nothing, for an address that is on the list. */
  add(list: SenderList, { address, label, enabled }: ListedSender): boolean {
    return (
      this.database.run(
        'INSERT INTO listed_senders (list, address, label, enabled) VALUES (?, ?, ?, ?) ON CONFLICT (list, address) DO NOTHING',
        list,
        address,
        label,
        enabled ? 1 : 0,
      ).changes > 0
    );
  }

  remove(list: SenderList, address: string): void {
    this.database.run('DELETE FROM listed_senders WHERE list = ? AND address = ?', list, address);
  }
}
