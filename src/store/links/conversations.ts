/** What was said with whom, received and sent together: threads, and who is known. */
import type { Database } from '../database.js';

/** A mail that another one may answer. */
export interface ThreadMember {
  readonly messageId: string;
  readonly references: string;
}

export class Conversations {
  constructor(private readonly database: Database) {}

  /** Whether something was ever sent to that address. */
  hasWrittenTo(address: string): boolean {
    return this.database.get('SELECT 1 FROM submission_recipient WHERE address = ? LIMIT 1', address) !== undefined;
  }

  /** The inventory hash of the object that this mail came in from this peer or group, or that it went out in to them. */
  objectHashOf(messageId: string, peer: string): Uint8Array | undefined {
    const received = 'SELECT object_hash AS hash FROM received_link WHERE message_id = ?1 AND ?2 IN (sender, recipient)';
    const sent = `SELECT object_hash AS hash FROM submission_recipient WHERE object_hash IS NOT NULL AND address = ?2
      AND submission_id IN (SELECT id FROM submission WHERE message_id = ?1)`;
    return this.database.get<{ hash: Uint8Array }>(`${received} UNION ALL ${sent} LIMIT 1`, messageId, peer)?.hash;
  }

  /** The mail that came in, or went out in, the object of this inventory hash. */
  memberByObject(objectHash: Uint8Array): (ThreadMember & { readonly from: string; readonly to: string }) | undefined {
    return this.database.get(
      `SELECT message_id AS messageId, refs AS "references", sender AS "from", recipient AS "to" FROM received_link WHERE object_hash = ?1
       UNION ALL
       SELECT message_id, refs, identity, address FROM submission_recipient JOIN submission ON submission.id = submission_id
         WHERE object_hash = ?1
       LIMIT 1`,
      objectHash,
    );
  }

  /** The newest mail of a thread, sent or received. */
  newestOfThread(thread: string): ThreadMember | undefined {
    return this.database.get(
      `SELECT message_id AS messageId, refs AS "references", received_at AS at FROM received_link WHERE thread = ?1
       UNION ALL
       SELECT message_id, refs, created_at FROM submission
         WHERE id IN (SELECT submission_id FROM submission_recipient WHERE thread = ?1)
       ORDER BY at DESC LIMIT 1`,
      thread,
    );
  }

  /** Addresses that wrote to us or that we wrote to. */
  seenAddresses(): string[] {
    return this.database
      .all<{ address: string }>('SELECT sender AS address FROM received_link UNION SELECT address FROM submission_recipient')
      .map(({ address }) => address);
  }
}
