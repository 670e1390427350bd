/** Which mail is which Bitmessage: the one table family across the wall between mail and node, for mapping alone. */
import type { Database } from './database.js';

export const LINKS_SCHEMA = `
CREATE TABLE received_link (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  object_hash    BLOB    NOT NULL UNIQUE,
  signature_hash BLOB    NOT NULL,
  content_digest BLOB    NOT NULL,           -- of sender, recipient, encoding and content: finds copies that were signed anew
  message_id     TEXT    NOT NULL,           -- Message-ID header, "<...>"
  thread         TEXT    NOT NULL,           -- who talks with whom about what: see mapping/threading
  refs           TEXT    NOT NULL,           -- References header of the mail
  sender         TEXT    NOT NULL,
  recipient      TEXT    NOT NULL,
  received_at    INTEGER NOT NULL,           -- UnixSeconds
  expires_at     INTEGER NOT NULL            -- UnixSeconds
) STRICT;
CREATE INDEX received_link_signature ON received_link (signature_hash);
CREATE INDEX received_link_digest ON received_link (content_digest);
CREATE INDEX received_link_message_id ON received_link (message_id);
CREATE INDEX received_link_thread ON received_link (thread);
CREATE INDEX received_link_sender ON received_link (sender);
CREATE INDEX received_link_recipient ON received_link (recipient, expires_at);

CREATE TABLE submission (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  message_id  TEXT    NOT NULL,              -- Message-ID header, "<...>"
  content_id  INTEGER NOT NULL,              -- the store's id of the mail's text: the same in every folder
  identity    TEXT    NOT NULL,
  outbox_uid  INTEGER NOT NULL,              -- 0 = no longer in Outbox
  sent_uid    INTEGER NOT NULL,              -- 0 = not (yet) in Sent
  refs        TEXT    NOT NULL,              -- References header of the mail
  envelope_id TEXT    NOT NULL,              -- RFC 3461 ENVID, '' = none
  return_full INTEGER NOT NULL,              -- RFC 3461 RET=FULL
  created_at  INTEGER NOT NULL               -- UnixSeconds
) STRICT;
CREATE INDEX submission_message_id ON submission (message_id);
CREATE INDEX submission_outbox_uid ON submission (outbox_uid);

CREATE TABLE submission_recipient (
  outgoing_id   INTEGER PRIMARY KEY,         -- the node's id
  submission_id INTEGER NOT NULL REFERENCES submission (id) ON DELETE CASCADE,
  address       TEXT    NOT NULL,
  typed         TEXT    NOT NULL,            -- RCPT TO as the client wrote it
  original      TEXT    NOT NULL,            -- RFC 3461 ORCPT, '' = none
  notify        TEXT    NOT NULL,            -- RFC 3461 NOTIFY, comma-separated, '' = not said
  thread        TEXT    NOT NULL,
  standing      TEXT    NOT NULL,            -- mapping/standing
  was_out       INTEGER NOT NULL,            -- it was on the network at least once
  delay_told    INTEGER NOT NULL,
  object_hash   BLOB                         -- of the newest object
) STRICT;
CREATE INDEX submission_recipient_submission ON submission_recipient (submission_id);
CREATE INDEX submission_recipient_thread ON submission_recipient (thread);
CREATE INDEX submission_recipient_object ON submission_recipient (object_hash);

CREATE TABLE group_folder (
  address    TEXT    PRIMARY KEY,            -- the chan's or the broadcaster's
  kind       TEXT    NOT NULL,               -- 'chan' or 'subscription'
  mailbox_id INTEGER NOT NULL UNIQUE,        -- ids are never used again, so a rename keeps the connection
  joined     INTEGER NOT NULL,               -- 0 = left: the folder lies in Trash, and moving it back joins again
  passphrase TEXT    NOT NULL,               -- of a chan, for joining again; '' = not known
  left_at    INTEGER NOT NULL DEFAULT 0      -- UnixSeconds, 0 = joined
) STRICT;

CREATE TABLE said_once (topic TEXT PRIMARY KEY) STRICT; -- what a person need be told only once per data directory
`;

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
  readonly createdAt: number;
}

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

export interface GroupFolder {
  readonly address: string;
  readonly kind: 'chan' | 'subscription';
  readonly mailboxId: number;
  readonly joined: boolean;
  /** '' where it is not known, or sealed. */
  readonly passphrase: string;
  readonly sealedPassphrase: Uint8Array | null;
  /** When it was left, 0 while joined. */
  readonly leftAt: number;
}

/** A mail that another one may answer. */
export interface ThreadMember {
  readonly messageId: string;
  readonly references: string;
}

const SUBMISSION = `id, message_id AS messageId, content_id AS contentId, identity, outbox_uid AS outboxUid, sent_uid AS sentUid,
  refs AS "references", envelope_id AS envelopeId, return_full AS returnFull, created_at AS createdAt`;
const RECIPIENT = `outgoing_id AS outgoingId, submission_id AS submissionId, address, typed, original, notify, thread, standing,
  was_out AS wasOut, delay_told AS delayTold`;
const FOLDER = 'address, kind, mailbox_id AS mailboxId, joined, passphrase, sealed_passphrase AS sealedPassphrase, left_at AS leftAt';

type SubmissionRow = Omit<Submission, 'returnFull'> & { returnFull: number };
type RecipientRow = Omit<SubmissionRecipient, 'wasOut' | 'delayTold'> & { wasOut: number; delayTold: number };
type FolderRow = Omit<GroupFolder, 'joined'> & { joined: number };

export class Links {
  constructor(private readonly database: Database) {}

  addReceived(link: ReceivedLink): void {
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

  /** The mail may be delivered again: its folder was given up, and comes back with its history when the chan is joined again. */
  forgetReceived(messageId: string): void {
    this.database.run('DELETE FROM received_link WHERE message_id = ?', messageId);
  }

  /** Who wrote a received mail to whom; the same address twice for broadcasts, and for what a chan itself says. */
  receivedFrom(messageId: string): { sender: string; recipient: string } | undefined {
    return this.database.get('SELECT sender, recipient FROM received_link WHERE message_id = ? LIMIT 1', messageId);
  }

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

  /** How many messages to this address that expire in this time were delivered. */
  countReceived(recipient: string, { from, to }: { readonly from: number; readonly to: number }): number {
    const sql = 'SELECT count(*) AS count FROM received_link WHERE recipient = ? AND expires_at >= ? AND expires_at < ?';
    return this.database.get<{ count: number }>(sql, recipient, from, to)?.count ?? 0;
  }

  /** Addresses that wrote to us or that we wrote to. */
  seenAddresses(): string[] {
    return this.database
      .all<{ address: string }>('SELECT sender AS address FROM received_link UNION SELECT address FROM submission_recipient')
      .map(({ address }) => address);
  }

  addSubmission(submission: Omit<Submission, 'id'>): number {
    return this.database.run(
      `INSERT INTO submission (message_id, content_id, identity, outbox_uid, sent_uid, refs, envelope_id, return_full, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      submission.messageId,
      submission.contentId,
      submission.identity,
      submission.outboxUid,
      submission.sentUid,
      submission.references,
      submission.envelopeId,
      submission.returnFull ? 1 : 0,
      submission.createdAt,
    ).lastId;
  }

  addRecipient(recipient: Omit<SubmissionRecipient, 'wasOut' | 'delayTold'>): void {
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
    this.addRecipient({ ...recipient, outgoingId });
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

  submission(id: number): Submission | undefined {
    return toSubmission(this.database.get(`SELECT ${SUBMISSION} FROM submission WHERE id = ?`, id));
  }

  /** The newest one, when a client has submitted the same mail twice. */
  submissionByMessageId(messageId: string): Submission | undefined {
    return toSubmission(this.database.get(`SELECT ${SUBMISSION} FROM submission WHERE message_id = ? ORDER BY id DESC LIMIT 1`, messageId));
  }

  submissionInOutbox(uid: number): Submission | undefined {
    return uid === 0 ? undefined : toSubmission(this.database.get(`SELECT ${SUBMISSION} FROM submission WHERE outbox_uid = ?`, uid));
  }

  placeSubmission(id: number, { outboxUid, sentUid }: { outboxUid: number; sentUid: number }): void {
    this.database.run('UPDATE submission SET outbox_uid = ?, sent_uid = ? WHERE id = ?', outboxUid, sentUid, id);
  }

  recipient(outgoingId: number): SubmissionRecipient | undefined {
    const row = this.database.get<RecipientRow>(`SELECT ${RECIPIENT} FROM submission_recipient WHERE outgoing_id = ?`, outgoingId);
    return row && toRecipient(row);
  }

  recipientsOf(submissionId: number): SubmissionRecipient[] {
    return this.database
      .all<RecipientRow>(`SELECT ${RECIPIENT} FROM submission_recipient WHERE submission_id = ? ORDER BY outgoing_id`, submissionId)
      .map(toRecipient);
  }

  /** Recipients whose standing is one of these. */
  recipientsStanding(standings: readonly string[]): SubmissionRecipient[] {
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

  /** Ties a folder to a chan or a subscription; a new folder for the same address takes the place of the old. */
  setGroupFolder(folder: GroupFolder): void {
    this.database.run(
      `INSERT INTO group_folder (address, kind, mailbox_id, joined, left_at, passphrase, sealed_passphrase) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (address) DO UPDATE SET kind = excluded.kind, mailbox_id = excluded.mailbox_id, joined = excluded.joined,
         left_at = excluded.left_at, passphrase = excluded.passphrase, sealed_passphrase = excluded.sealed_passphrase`,
      folder.address,
      folder.kind,
      folder.mailboxId,
      folder.joined ? 1 : 0,
      folder.leftAt,
      folder.passphrase,
      folder.sealedPassphrase,
    );
  }

  /** Of chans and subscriptions, joined and left. */
  groupFolders(): GroupFolder[] {
    return this.database.all<FolderRow>(`SELECT ${FOLDER} FROM group_folder`).map(toFolder);
  }

  groupFolder(address: string): GroupFolder | undefined {
    const row = this.database.get<FolderRow>(`SELECT ${FOLDER} FROM group_folder WHERE address = ?`, address);
    return row && toFolder(row);
  }

  groupFolderOf(mailboxId: number): GroupFolder | undefined {
    const row = this.database.get<FolderRow>(`SELECT ${FOLDER} FROM group_folder WHERE mailbox_id = ?`, mailboxId);
    return row && toFolder(row);
  }

  /** Folders of groups that were left before that time. */
  groupFoldersLeftBefore(time: number): GroupFolder[] {
    return this.database.all<FolderRow>(`SELECT ${FOLDER} FROM group_folder WHERE joined = 0 AND left_at < ?`, time).map(toFolder);
  }

  removeGroupFolder(address: string): void {
    this.database.run('DELETE FROM group_folder WHERE address = ?', address);
  }

  /** True the first time it is asked about a topic, inside the caller's transaction; false for ever after. */
  sayOnce(topic: string): boolean {
    return this.database.run('INSERT OR IGNORE INTO said_once (topic) VALUES (?)', topic).changes > 0;
  }
}

function toSubmission(row: SubmissionRow | undefined): Submission | undefined {
  return row && { ...row, returnFull: row.returnFull === 1 };
}

function toRecipient(row: RecipientRow): SubmissionRecipient {
  return { ...row, wasOut: row.wasOut === 1, delayTold: row.delayTold === 1 };
}

function toFolder(row: FolderRow): GroupFolder {
  return { ...row, joined: row.joined === 1 };
}
