/** Messages too large to be written or read at once: their bytes lie in pieces, and go in and out one piece at a time. */
import type { Database } from '../database.js';

export const LARGE_MESSAGES_SCHEMA = `
-- A message that has a row here has none in bodies.
CREATE TABLE large_messages (
  id           INTEGER PRIMARY KEY AUTOINCREMENT, -- never re-used: readers of a message that is gone hold it
  message_id   INTEGER UNIQUE REFERENCES messages (id) ON DELETE SET NULL, -- NULL: on its way in, or to be deleted piece by piece
  header_bytes INTEGER NOT NULL
) STRICT;
CREATE INDEX large_messages_unowned ON large_messages (id) WHERE message_id IS NULL;

CREATE TABLE message_pieces (
  large_id INTEGER NOT NULL REFERENCES large_messages (id),
  start    INTEGER NOT NULL, -- bytes from the beginning of the message
  bytes    BLOB    NOT NULL,
  PRIMARY KEY (large_id, start)
) STRICT;
`;

/** A row of this size is written and read in some milliseconds, what the network brings (423,379 bytes) is smaller. */
export const LARGE_MESSAGE_BYTES = 2 ** 20;
/** Written, its commit included, in 4 ms and read in 0.3 ms; half of it takes nearly as long. */
export const PIECE_BYTES = 2 ** 19;

/** A message whose bytes are read in pieces. They stay where they are until `close`, even if the message is deleted meanwhile. */
export interface LargeMessage {
  readonly headerBytes: number;
  /** The bytes from `start` on that lie together, at most those up to `end` and at least one (of a range within the message). */
  read(start: number, end: number): Buffer;
  close(): void;
}

/** Writes the next bytes of a message, on the disk when it returns. */
export type LargeMessageWriter = (bytes: Buffer) => void;

/** Rows that are being read, and how often: when their message is gone they are kept all the same, whoever looks. */
const heldRows = new WeakMap<Database, Map<number, number>>();

export class LargeMessages {
  readonly #held: Map<number, number>;

  constructor(private readonly database: Database) {
    this.#held = heldRows.get(database) ?? new Map();
    heldRows.set(database, this.#held);
  }

  open(messageId: number): LargeMessage | null {
    const row = this.#find(messageId);
    if (row === undefined) return null;
    const release = this.#hold(row.id);
    return { headerBytes: row.header_bytes, read: (start, end) => this.#read(row.id, start, end), close: release };
  }

  /** The whole message; undefined when it is not a large one. */
  raw(messageId: number): Buffer | undefined {
    const row = this.#find(messageId);
    if (row === undefined) return undefined;
    const pieces = this.database.all<{ bytes: Uint8Array }>('SELECT bytes FROM message_pieces WHERE large_id = ? ORDER BY start', row.id);
    return Buffer.concat(pieces.map(({ bytes }) => bytes));
  }

  header(messageId: number): Buffer | undefined {
    const row = this.#find(messageId);
    if (row === undefined) return undefined;
    const pieces: Buffer[] = [];
    for (let start = 0; start < row.header_bytes; start += pieces.at(-1)!.length) pieces.push(this.#read(row.id, start, row.header_bytes));
    return pieces.length === 1 ? pieces[0] : Buffer.concat(pieces);
  }

  /** Deletes up to so many pieces of a message that is no more. Answers false when there is nothing left to do. */
  deleteNext(count: number): boolean {
    const unowned = this.database.all<{ id: number }>(
      'SELECT id FROM large_messages INDEXED BY large_messages_unowned WHERE message_id IS NULL ORDER BY id',
    );
    const row = unowned.find(({ id }) => !this.#held.has(id));
    if (row === undefined) return false;
    // A batch: what a power failure brings back is deleted again.
    this.database.batch(() => {
      const { changes } = this.database.run(
        'DELETE FROM message_pieces WHERE large_id = ?1 AND start IN (SELECT start FROM message_pieces WHERE large_id = ?1 LIMIT ?2)',
        row.id,
        count,
      );
      if (changes < count) this.database.run('DELETE FROM large_messages WHERE id = ?', row.id);
    });
    return true;
  }

  #find(messageId: number): { id: number; header_bytes: number } | undefined {
    return this.database.get('SELECT id, header_bytes FROM large_messages WHERE message_id = ?', messageId);
  }

  #read(id: number, start: number, end: number): Buffer {
    const piece = this.database.get<{ start: number; bytes: Uint8Array }>(
      'SELECT start, bytes FROM message_pieces WHERE large_id = ? AND start <= ? ORDER BY start DESC LIMIT 1',
      id,
      start,
    )!;
    const bytes = Buffer.from(piece.bytes.buffer, piece.bytes.byteOffset, piece.bytes.byteLength);
    return bytes.subarray(start - piece.start, end - piece.start);
  }

  #hold(id: number): () => void {
    this.#held.set(id, (this.#held.get(id) ?? 0) + 1);
    let released = false;
    return () => {
      if (released) return;
      released = true;
      const count = this.#held.get(id)! - 1;
      if (count === 0) this.#held.delete(id);
      else this.#held.set(id, count);
    };
  }
}

/** Begins to write the bytes of a message; belongs into the transaction that makes the message. */
export function writeLarge(database: Database, messageId: number, headerBytes: number): LargeMessageWriter {
  const { lastId } = database.run('INSERT INTO large_messages (message_id, header_bytes) VALUES (?, ?)', messageId, headerBytes);
  let length = 0;
  return (bytes) => {
    database.run('INSERT INTO message_pieces (large_id, start, bytes) VALUES (?, ?, ?)', lastId, length, bytes);
    length += bytes.length;
  };
}

/** Writes a whole message at once; belongs into the transaction that stores it. */
export function insertPieces(database: Database, messageId: number, raw: Buffer, headerBytes: number): void {
  const write = writeLarge(database, messageId, headerBytes);
  for (let start = 0; start < raw.length; start += PIECE_BYTES) write(raw.subarray(start, start + PIECE_BYTES));
}
