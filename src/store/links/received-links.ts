/** Which received mail came in which object: nothing is delivered twice. */
import type { Database } from '../database.js';

export interface ReceivedLink {
  readonly objectHash: Uint8Array;
  readonly signatureHash: Uint8Array;
  readonly contentDigest: Uint8Array;
  readonly messageId: string;
  readonly thread: string;
  readonly references: string;
  readonly sender: string;
  readonly recipient: string;
  readonly receivedAt: number;
  readonly expiresAt: number;
}

export class ReceivedLinks {
  constructor(private readonly database: Database) {}

  add(link: ReceivedLink): void {
    this.database.run(
      `INSERT INTO received_link (object_hash, signature_hash, content_digest, message_id, thread, refs, sender, recipient, received_at, expires_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      link.objectHash,
      link.signatureHash,
      link.contentDigest,
      link.messageId,
      link.thread,
      link.references,
      link.sender,
      link.recipient,
      link.receivedAt,
      link.expiresAt,
    );
  }

  /** Whether this object, or another copy of the same signed message, has been delivered; expunging the mail does not change it. */
  isDelivered(objectHash: Uint8Array, signatureHash: Uint8Array): boolean {
    return (
      this.database.get('SELECT 1 FROM received_link WHERE object_hash = ? OR signature_hash = ?', objectHash, signatureHash) !== undefined
    );
  }

  /** When earlier copies of the same content came, and until when they lived. */
  copiesOf(contentDigest: Uint8Array): { receivedAt: number; expiresAt: number }[] {
    return this.database.all(
      'SELECT received_at AS receivedAt, expires_at AS expiresAt FROM received_link WHERE content_digest = ?',
      contentDigest,
    );
  }

  /** What lies in this folder may be delivered again: it was given up, and comes back with its history when the chan is joined again. */
  forgetFolder(mailboxId: number): void {
    this.database.run(
      `DELETE FROM received_link WHERE message_id IN (SELECT message_id_header
         FROM entries JOIN messages ON messages.id = entries.message_id WHERE entries.mailbox_id = ?)`,
      mailboxId,
    );
  }

  /** Who wrote a received mail to whom; the same address twice for broadcasts, and for what a chan itself says. */
  addressesOf(messageId: string): { sender: string; recipient: string } | undefined {
    return this.database.get('SELECT sender, recipient FROM received_link WHERE message_id = ? LIMIT 1', messageId);
  }

  /** How many messages to this address that expire in this time were delivered. */
  count(recipient: string, { from, to }: { readonly from: number; readonly to: number }): number {
    const sql = 'SELECT count(*) AS count FROM received_link WHERE recipient = ? AND expires_at >= ? AND expires_at < ?';
    return this.database.get<{ count: number }>(sql, recipient, from, to)?.count ?? 0;
  }
}
