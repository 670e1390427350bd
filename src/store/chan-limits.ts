/** What may be posted to a chan, where its owner has said so for that one. For mapping alone. */
import type { Database } from './database.js';

export const CHAN_LIMITS_SCHEMA = `
CREATE TABLE chan_limit (
  address       TEXT PRIMARY KEY,            -- the chan's
  posts_per_day INTEGER,                     -- NULL: as in the settings; 0: no limit
  post_bytes    INTEGER                      -- NULL: as in the settings
) STRICT;
`;

/** Null: as in the settings. */
export interface OwnChanLimits {
  readonly postsPerDay: number | null;
  readonly postBytes: number | null;
}

export class ChanLimitTable {
  constructor(private readonly database: Database) {}

  of(address: string): OwnChanLimits {
    const row = this.database.get<OwnChanLimits>(
      'SELECT posts_per_day AS postsPerDay, post_bytes AS postBytes FROM chan_limit WHERE address = ?',
      address,
    );
    return row ?? { postsPerDay: null, postBytes: null };
  }

  set(address: string, { postsPerDay, postBytes }: OwnChanLimits): void {
    this.database.run(
      'INSERT OR REPLACE INTO chan_limit (address, posts_per_day, post_bytes) VALUES (?, ?, ?)',
      address,
      postsPerDay,
      postBytes,
    );
  }
}
