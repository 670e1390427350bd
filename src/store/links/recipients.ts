/** To whom submitted mails go, and how it stands with each of them: a row is a message of the node. */
import type { Database } from '../database.js';

export interface SubmissionRecipient {
  readonly outgoingId: number;
  readonly submissionId: number;
  readonly address: string;
  readonly typed: string;
  readonly original: string;
  readonly notify: string;
  readonly thread: string;
  readonly standing: string;
  readonly wasOut: boolean;
  readonly delayTold: boolean;
}

const RECIPIENT = `outgoing_id AS outgoingId, submission_id AS submissionId, address, typed, original, notify, thread, standing,
  was_out AS wasOut, delay_told AS delayTold`;

type RecipientRow = Omit<SubmissionRecipient, 'wasOut' | 'delayTold'> & { wasOut: number; delayTold: number };

export class Recipients {
  constructor(private readonly database: Database) {}

  add(recipient: Omit<SubmissionRecipient, 'wasOut' | 'delayTold'>): void {
    this.database.run(
      `INSERT INTO submission_recipient (outgoing_id, submission_id, address, typed, original, notify, thread, standing, was_out, delay_told)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0)`,
      recipient.outgoingId,
      recipient.submissionId,
      recipient.address,
      recipient.typed,
      recipient.original,
      recipient.notify,
      recipient.thread,
      recipient.standing,
    );
  }

  /** A recipient of what another program sent: the node has no message for it, so its id is below 0. */
  addSentElsewhere(
    recipient: Omit<SubmissionRecipient, 'outgoingId' | 'wasOut' | 'delayTold'>,
    wasOut: boolean,
    objectHash: Uint8Array | null,
  ): void {
    const row = this.database.get<{ id: number }>('SELECT min(coalesce(min(outgoing_id), 0), 0) - 1 AS id FROM submission_recipient');
    const outgoingId = row!.id;
    this.add({ ...recipient, outgoingId });
    this.setStanding(outgoingId, recipient.standing, wasOut, objectHash);
  }

  /** The node goes on with what another program had begun to send. */
  continueSentElsewhere(foreignId: number, outgoingId: number, standing: string): void {
    this.database.run(
      'UPDATE submission_recipient SET outgoing_id = ?, standing = ? WHERE outgoing_id = ?',
      outgoingId,
      standing,
      foreignId,
    );
  }

  get(outgoingId: number): SubmissionRecipient | undefined {
    const row = this.database.get<RecipientRow>(`SELECT ${RECIPIENT} FROM submission_recipient WHERE outgoing_id = ?`, outgoingId);
    return row && toRecipient(row);
  }

  of(submissionId: number): SubmissionRecipient[] {
    return this.database
      .all<RecipientRow>(`SELECT ${RECIPIENT} FROM submission_recipient WHERE submission_id = ? ORDER BY outgoing_id`, submissionId)
      .map(toRecipient);
  }

  /** Recipients whose standing is one of these. */
  standing(standings: readonly string[]): SubmissionRecipient[] {
    return this.database
      .all<RecipientRow>(
        `SELECT ${RECIPIENT} FROM submission_recipient WHERE standing IN (${standings.map(() => '?').join(', ')}) ORDER BY outgoing_id`,
        ...standings,
      )
      .map(toRecipient);
  }

  setStanding(outgoingId: number, standing: string, wasOut: boolean, objectHash: Uint8Array | null): void {
    this.database.run(
      `UPDATE submission_recipient SET standing = ?, was_out = max(was_out, ?), object_hash = coalesce(?, object_hash) WHERE outgoing_id = ?`,
      standing,
      wasOut ? 1 : 0,
      objectHash,
      outgoingId,
    );
  }

  setDelayTold(outgoingId: number): void {
    this.database.run('UPDATE submission_recipient SET delay_told = 1 WHERE outgoing_id = ?', outgoingId);
  }
}

function toRecipient(row: RecipientRow): SubmissionRecipient {
  return { ...row, wasOut: row.wasOut === 1, delayTold: row.delayTold === 1 };
}
