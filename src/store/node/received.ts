/** What came in: which messages were delivered, which acks we still owe, and on which objects the receiver stumbled. */
import type { Database } from '../database.js';

export interface ReceivedRow {
  readonly signatureHash: Uint8Array;
  /** Over sender, recipient, encoding and content. */
  readonly contentHash: Uint8Array;
  readonly recipient: string;
  readonly receivedAt: number;
}

export interface PendingAck {
  readonly id: number;
  readonly object: Uint8Array;
}

export class ReceivedTable {
  constructor(private readonly database: Database) {}

  hasSignature(signatureHash: Uint8Array): boolean {
    return this.database.get('SELECT 1 AS yes FROM received WHERE signature_hash = ?', signatureHash) !== undefined;
  }

  hasContent(contentHash: Uint8Array, since: number): boolean {
    return this.database.get('SELECT 1 AS yes FROM received WHERE content_hash = ? AND received_at >= ?', contentHash, since) !== undefined;
  }

  add(row: ReceivedRow): void {
    this.database.run(
      `INSERT INTO received (signature_hash, content_hash, recipient, received_at) VALUES (?, ?, ?, ?)
       ON CONFLICT (signature_hash) DO NOTHING`,
      row.signatureHash,
      row.contentHash,
      row.recipient,
      row.receivedAt,
    );
  }

  /** So that a look back after joining again finds everything again. */
  forgetRecipient(recipient: string): void {
    this.database.run('DELETE FROM received WHERE recipient = ?', recipient);
  }

  prune(before: number): void {
    this.database.run('DELETE FROM received WHERE received_at < ?', before);
  }

  addAck(object: Uint8Array, releaseAt: number): void {
    this.database.run('INSERT INTO pending_acks (object, release_at) VALUES (?, ?) ON CONFLICT (object) DO NOTHING', object, releaseAt);
  }

  dueAcks(now: number): PendingAck[] {
    return this.database.all<{ id: number; object: Uint8Array }>(
      'SELECT id, object FROM pending_acks WHERE release_at <= ? ORDER BY release_at',
      now,
    );
  }

  nextAckTime(): number | undefined {
    return this.database.get<{ time: number | null }>('SELECT min(release_at) AS time FROM pending_acks')?.time ?? undefined;
  }

  removeAck(id: number): void {
    this.database.run('DELETE FROM pending_acks WHERE id = ?', id);
  }

  /** Counts one more failure on this object and answers how many there were. */
  addFailure(hash: Uint8Array): number {
    this.database.run(
      'INSERT INTO processing_failures (hash, tries) VALUES (?, 1) ON CONFLICT (hash) DO UPDATE SET tries = tries + 1',
      hash,
    );
    return this.database.get<{ tries: number }>('SELECT tries FROM processing_failures WHERE hash = ?', hash)?.tries ?? 0;
  }

  removeFailure(hash: Uint8Array): void {
    this.database.run('DELETE FROM processing_failures WHERE hash = ?', hash);
  }
}
