/** The content of messages: stored once, whatever folders it lies in, and gone with its last entry. */
import type { Database } from '../database.js';
import { insertEnvelope, readEnvelopes } from './envelopes.js';
import { insertPieces, LARGE_MESSAGE_BYTES, type LargeMessage, LargeMessages } from './large-messages.js';
import { insertListedFields, readFieldsOfOne, readListedFields } from './listed-fields.js';
import { readHeaders, readPieces, readRanges, readRaws, readStructures, readThreadIds } from './message-blocks.js';
import { readMessageColumns } from './message-columns.js';
import {
  type Describe,
  type FoundTexts,
  type MessageColumn,
  type MessageColumns,
  type MessageDescription,
  MessageGone,
  type MessageRange,
  type Messages,
  type TextFinder,
} from './message-types.js';
import { insertSummary, readBodyStructures, readPartIndexes, readPreviews } from './summaries.js';
import { noteRemoval } from './text-backlog.js';

/** A thread of real mail names its last dozens; bounds what one forged References can write. */
export const MAX_THREAD_NAMES = 50;

interface DescriptionRow {
  structure: string;
  subject: string;
  sender: string;
  recipients: string;
  cc: string;
  bcc: string;
  message_id_header: string;
  reference_ids: string;
  sent_at: number | null;
  sent_day: number | null;
}

export class SqliteMessages implements Messages {
  readonly large: LargeMessages;

  /** @param finder null: every message is read in a search */
  constructor(
    private readonly database: Database,
    private readonly finder: TextFinder | null = null,
  ) {
    this.large = new LargeMessages(database);
  }

  raw(messageId: number): Buffer {
    const pieces = this.pieces(messageId);
    return pieces.length === 1 ? pieces[0] : Buffer.concat(pieces);
  }

  pieces(messageId: number): readonly Buffer[] {
    return readPieces(this.database, [messageId])?.[0] ?? [this.large.raw(messageId) ?? missing(messageId)];
  }

  header(messageId: number): Buffer {
    const row = this.#body<{ header: Uint8Array }>('header', messageId);
    if (row !== undefined) return Buffer.from(row.header.buffer, row.header.byteOffset, row.header.byteLength);
    return this.large.header(messageId) ?? missing(messageId);
  }

  listedFields(messageId: number): Buffer {
    return readFieldsOfOne(this.database, messageId) ?? this.header(messageId);
  }

  describe(messageId: number): MessageDescription {
    const row = this.database.get<DescriptionRow>(
      'SELECT structure, subject, sender, recipients, cc, bcc, message_id_header, reference_ids, sent_at, sent_day FROM messages WHERE id = ?',
      messageId,
    );
    if (row === undefined) return missing(messageId);
    return {
      structure: row.structure,
      subject: row.subject,
      from: row.sender,
      to: row.recipients,
      cc: row.cc,
      bcc: row.bcc,
      messageIdHeader: row.message_id_header,
      references: row.reference_ids === '' ? [] : row.reference_ids.split(' '),
      sentAt: row.sent_at,
      sentDay: row.sent_day,
    };
  }

  structure(messageId: number): string {
    const row = this.database.get<{ structure: string }>('SELECT structure FROM messages WHERE id = ?', messageId);
    if (row === undefined) return missing(messageId);
    return row.structure;
  }

  objectIds(messageId: number): { emailId: string; threadId: string } {
    const row = this.database.get<{ thread_id: number }>('SELECT thread_id FROM messages WHERE id = ?', messageId);
    if (row === undefined) return missing(messageId);
    return { emailId: `M${messageId}`, threadId: `T${row.thread_id}` };
  }

  raws(messageIds: readonly number[]): Buffer[] {
    return readRaws(this.database, messageIds) ?? messageIds.map((id) => this.raw(id));
  }

  piecesOf(messageIds: readonly number[]): (readonly Buffer[])[] {
    return readPieces(this.database, messageIds) ?? messageIds.map((id) => this.pieces(id));
  }

  headers(messageIds: readonly number[]): Buffer[] {
    return readHeaders(this.database, messageIds) ?? messageIds.map((id) => this.header(id));
  }

  listedFieldsOf(messageIds: readonly number[]): Buffer[] {
    return readListedFields(this.database, messageIds).map((fields, index) => fields ?? this.header(messageIds[index]));
  }

  structures(messageIds: readonly number[]): string[] {
    return readStructures(this.database, messageIds);
  }

  columns<C extends MessageColumn>(messageIds: readonly number[], wanted: readonly C[]): Pick<MessageColumns, C> {
    return readMessageColumns(this.database, messageIds, wanted);
  }

  envelope(messageId: number): Buffer | null {
    return this.envelopes([messageId])[0];
  }

  envelopes(messageIds: readonly number[]): (Buffer | null)[] {
    return readEnvelopes(this.database, messageIds);
  }

  bodyStructure(messageId: number): Buffer | null {
    return this.bodyStructures([messageId])[0];
  }

  bodyStructures(messageIds: readonly number[]): (Buffer | null)[] {
    return readBodyStructures(this.database, messageIds);
  }

  preview(messageId: number): Buffer | null {
    return this.previews([messageId])[0];
  }

  previews(messageIds: readonly number[]): (Buffer | null)[] {
    return readPreviews(this.database, messageIds);
  }

  partIndex(messageId: number): string | null {
    return this.partIndexes([messageId])[0];
  }

  partIndexes(messageIds: readonly number[]): (string | null)[] {
    return readPartIndexes(this.database, messageIds);
  }

  range(range: MessageRange): Buffer | null {
    return this.ranges([range])[0];
  }

  ranges(ranges: readonly MessageRange[]): (Buffer | null)[] {
    return readRanges(this.database, ranges);
  }

  threadIds(messageIds: readonly number[]): number[] {
    return readThreadIds(this.database, messageIds);
  }

  async candidates(mailboxId: number, foldedText: string): Promise<FoundTexts | null> {
    return this.finder === null ? null : this.finder.find(mailboxId, foldedText);
  }

  openLarge(messageId: number): LargeMessage | null {
    return this.large.open(messageId);
  }

  #body<T>(columns: string, messageId: number): T | undefined {
    return this.database.get<T>(`SELECT ${columns} FROM bodies WHERE message_id = ?`, messageId);
  }
}

/** Stores a message; belongs into the transaction that makes its first entry, or notes that it has none. */
export function insertMessage(database: Database, describe: Describe, raw: Buffer): number {
  const description = describe(raw);
  const id = insertDescription(database, description, raw.length);
  insertBody(database, id, raw, description.headerBytes);
  return id;
}

/** As `insertMessage`, without the bytes: they follow in pieces. */
export function insertDescription(database: Database, description: ReturnType<Describe>, size: number): number {
  const { lastId } = database.run(
    `INSERT INTO messages (size, thread_id, sent_at, sent_day, message_id_header, reference_ids, subject, sender, recipients, cc, bcc, structure)
     VALUES (?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    size,
    description.sentAt,
    description.sentDay,
    description.messageIdHeader,
    description.references.join(' '),
    description.subject,
    description.from,
    description.to,
    description.cc,
    description.bcc,
    description.structure,
  );
  insertEnvelope(database, lastId, description.envelope);
  insertSummary(database, lastId, description);
  insertListedFields(database, lastId, description.listedFields);
  joinThread(database, lastId, [...description.references.slice(-MAX_THREAD_NAMES), description.messageIdHeader]);
  return lastId;
}

function insertBody(database: Database, messageId: number, raw: Buffer, headerBytes: number): void {
  if (raw.length > LARGE_MESSAGE_BYTES) insertPieces(database, messageId, raw, headerBytes);
  else {
    const [header, text] = [raw.subarray(0, headerBytes), raw.subarray(headerBytes)];
    database.run('INSERT INTO bodies (message_id, header, text) VALUES (?, ?, ?)', messageId, header, text);
  }
}

/** Deletes those of these messages that no folder holds any more. */
export function deleteOrphans(database: Database, messageIds: Iterable<number>): void {
  for (const id of messageIds) {
    if (database.get('SELECT 1 FROM entries WHERE message_id = ? LIMIT 1', id) !== undefined) continue;
    const row = database.get<{ thread_id: number }>('SELECT thread_id FROM messages WHERE id = ?', id);
    if (row === undefined) continue;
    noteRemoval(database, id);
    database.run('DELETE FROM messages WHERE id = ?', id);
    if (database.get('SELECT 1 FROM messages WHERE thread_id = ? LIMIT 1', row.thread_id) !== undefined) continue;
    database.run('DELETE FROM thread_names WHERE thread_id = ?', row.thread_id);
  }
}

/** The oldest thread that one of the names belongs to, else a new one. A THREADID never changes: RFC 8474 §5.2. */
function joinThread(database: Database, messageId: number, candidates: readonly string[]): void {
  const names = candidates.filter((name) => name !== '');
  let threadId = messageId;
  const strangers: string[] = [];
  for (const name of new Set(names)) {
    const known = database.get<{ thread_id: number }>('SELECT thread_id FROM thread_names WHERE name = ?', name);
    if (known === undefined) strangers.push(name);
    else threadId = Math.min(threadId, known.thread_id);
  }
  database.run('UPDATE messages SET thread_id = ? WHERE id = ?', threadId, messageId);
  for (const name of strangers) database.run('INSERT INTO thread_names (name, thread_id) VALUES (?, ?)', name, threadId);
}

function missing(messageId: number): never {
  throw new MessageGone(`there is no message ${messageId}`);
}
