/** Mail in Outbox that is to be sent later: when, and with which envelope. For mapping alone. Some waits for a spelling besides: spellings.ts. */
import type { Database } from './database.js';

export const HELD_MAIL_SCHEMA = `
CREATE TABLE held_mail (
  outbox_uid INTEGER PRIMARY KEY,            -- its entry in Outbox
  release_at INTEGER NOT NULL,               -- UnixSeconds
  envelope   TEXT    NOT NULL                -- as JSON
) STRICT;
`;

export interface Held {
  readonly outboxUid: number;
  readonly releaseAt: number;
  readonly envelope: string;
}

export class HeldMail {
  constructor(private readonly database: Database) {}

  add({ outboxUid, releaseAt, envelope }: Held): void {
    this.database.run('INSERT INTO held_mail (outbox_uid, release_at, envelope) VALUES (?, ?, ?)', outboxUid, releaseAt, envelope);
  }

  /** The one that is to be sent first, of those that wait for nothing but their time. */
  first(): Held | undefined {
    return this.database.get(
      `SELECT outbox_uid AS outboxUid, release_at AS releaseAt, envelope FROM held_mail
       WHERE outbox_uid NOT IN (SELECT outbox_uid FROM held_for_spelling JOIN spelling USING (lowered) WHERE searched = 0)
       ORDER BY release_at LIMIT 1`,
    );
  }

  setEnvelope(outboxUid: number, envelope: string): void {
    this.database.run('UPDATE held_mail SET envelope = ? WHERE outbox_uid = ?', envelope, outboxUid);
  }

  /** By the time of sending. */
  all(): Held[] {
    return this.database.all(
      'SELECT outbox_uid AS outboxUid, release_at AS releaseAt, envelope FROM held_mail ORDER BY release_at, outbox_uid',
    );
  }

  /** True when it was held. */
  remove(outboxUid: number): boolean {
    return this.database.run('DELETE FROM held_mail WHERE outbox_uid = ?', outboxUid).changes > 0;
  }
}
