/** The ways to the master key of encryption at rest: none, and nothing is encrypted. */
import type { Database } from './database.js';
import type { Amendment } from './rewrite.js';

export const KEY_SLOTS_SCHEMA = `
CREATE TABLE key_slots (
  kind   TEXT PRIMARY KEY, -- who can open it
  cost   TEXT NOT NULL,    -- of scrypt, "N:r:p"; '' where it needs none
  salt   BLOB NOT NULL,
  sealed BLOB NOT NULL     -- the master key; empty: to be made when its secret is heard of
) STRICT;

ALTER TABLE identities ADD COLUMN sealed BLOB;              -- both private keys and, of a chan, the label; these are empty then
ALTER TABLE group_folder ADD COLUMN sealed_passphrase BLOB; -- in the place of the passphrase, which is '' then
`;

export interface KeySlotRow<Kind extends string> {
  readonly kind: Kind;
  readonly cost: string;
  readonly salt: Uint8Array;
  readonly sealed: Uint8Array;
}

/** For a database that is written anew: these slots and no others. */
export function withSlots(slots: readonly KeySlotRow<string>[]): Amendment {
  return (run) => {
    run('DELETE FROM key_slots');
    for (const { kind, cost, salt, sealed } of slots)
      run('INSERT INTO key_slots (kind, cost, salt, sealed) VALUES (?, ?, ?, ?)', kind, cost, salt, sealed);
  };
}

export class KeySlots<Kind extends string> {
  constructor(private readonly database: Database) {}

  all(): KeySlotRow<Kind>[] {
    return this.database.all<KeySlotRow<Kind>>('SELECT kind, cost, salt, sealed FROM key_slots');
  }

  put({ kind, cost, salt, sealed }: KeySlotRow<Kind>): void {
    this.database.run(
      `INSERT INTO key_slots (kind, cost, salt, sealed) VALUES (?, ?, ?, ?)
       ON CONFLICT (kind) DO UPDATE SET cost = excluded.cost, salt = excluded.salt, sealed = excluded.sealed`,
      kind,
      cost,
      salt,
      sealed,
    );
  }

  removeAll(): void {
    this.database.run('DELETE FROM key_slots');
  }
}
