/** Mails that were handed in to be sent: what was said with them, and where they lie. */
import type { Database } from '../database.js';

export interface Submission {
  readonly id: number;
  readonly messageId: string;
  readonly contentId: number;
  readonly identity: string;
  readonly outboxUid: number;
  readonly sentUid: number;
  readonly references: string;
  readonly envelopeId: string;
  readonly returnFull: boolean;
  /** RFC 4865 §6: when it was to be sent, as was asked for: "for;3600" or "until;2027-01-15T09:00:00Z"; '' when nothing was. */
  readonly releaseRequest: string;
  readonly createdAt: number;
}

export const RELEASE_REQUEST_SCHEMA = `
ALTER TABLE submission ADD COLUMN release_request TEXT NOT NULL DEFAULT '';
`;

const SUBMISSION = `id, message_id AS messageId, content_id AS contentId, identity, outbox_uid AS outboxUid, sent_uid AS sentUid,
  refs AS "references", envelope_id AS envelopeId, return_full AS returnFull, release_request AS releaseRequest, created_at AS createdAt`;

type SubmissionRow = Omit<Submission, 'returnFull'> & { returnFull: number };

export class Submissions {
  constructor(private readonly database: Database) {}

  add(submission: Omit<Submission, 'id'>): number {
    return this.database.run(
      `INSERT INTO submission (message_id, content_id, identity, outbox_uid, sent_uid, refs, envelope_id, return_full, release_request,
        created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      submission.messageId,
      submission.contentId,
      submission.identity,
      submission.outboxUid,
      submission.sentUid,
      submission.references,
      submission.envelopeId,
      submission.returnFull ? 1 : 0,
      submission.releaseRequest,
      submission.createdAt,
    ).lastId;
  }

  get(id: number): Submission | undefined {
    return toSubmission(this.database.get(`SELECT ${SUBMISSION} FROM submission WHERE id = ?`, id));
  }

  /** The newest one, when a client has submitted the same mail twice. */
  byMessageId(messageId: string): Submission | undefined {
    return toSubmission(this.database.get(`SELECT ${SUBMISSION} FROM submission WHERE message_id = ? ORDER BY id DESC LIMIT 1`, messageId));
  }

  inOutbox(uid: number): Submission | undefined {
    return uid === 0 ? undefined : toSubmission(this.database.get(`SELECT ${SUBMISSION} FROM submission WHERE outbox_uid = ?`, uid));
  }

  place(id: number, { outboxUid, sentUid }: { outboxUid: number; sentUid: number }): void {
    this.database.run('UPDATE submission SET outbox_uid = ?, sent_uid = ? WHERE id = ?', outboxUid, sentUid, id);
  }
}

function toSubmission(row: SubmissionRow | undefined): Submission | undefined {
  return row && { ...row, returnFull: row.returnFull === 1 };
}
