/** The private key of our onion service: with it the service keeps its name. */
import type { Database } from '../database.js';

export const ONION_KEYS_SCHEMA = `
CREATE TABLE onion_keys (
  id          INTEGER PRIMARY KEY CHECK (id = 1), -- there is one service
  private_key TEXT    NOT NULL                    -- as Tor's ADD_ONION takes it: "ED25519-V3:" and base 64
) STRICT;
`;

export class OnionKeyTable {
  constructor(private readonly database: Database) {}

  get(): string | undefined {
    return this.database.get<{ private_key: string }>('SELECT private_key FROM onion_keys')?.private_key;
  }

  /** On the disk when this returns. */
  put(privateKey: string): void {
    this.database.transaction(() => {
      this.database.run(
        'INSERT INTO onion_keys (id, private_key) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET private_key = excluded.private_key',
        privateKey,
      );
    });
  }
}
