/** The full-text index behind SEARCH, in a file of its own: it may lag behind and says how far, it may be lost and is made anew. */
import { rmSync } from 'node:fs';
import { isDamage } from '../../base/disk-fault.js';
import { type Connection, openSqlite, pathOf, type SqliteFile, type Statement } from '../sqlite-file.js';
import { closeSmall } from './mail-file.js';
import type { SearchableText } from './message-types.js';
import { placeOfShortText, shortTextsOf } from './short-texts.js';

/** An index of another number is thrown away. */
const SCHEMA_VERSION = 2;

/**
 * Which messages hold which three characters in a row: enough to leave most of them unread in a search, which then reads the
 * rest to be exact. Without places and without the text, so that it takes half the space of the text.
 */
const SCHEMA = `
CREATE VIRTUAL TABLE message_text
  USING fts5(text, content = '', contentless_delete = 1, detail = none, tokenize = 'trigram case_sensitive 1');
-- What is too short for that: see short-texts. Nothing has to be read to be exact.
CREATE TABLE short_texts (message_id INTEGER PRIMARY KEY, bits BLOB) STRICT; -- NULL: it has to be read
CREATE INDEX short_texts_unknown ON short_texts (message_id) WHERE bits IS NULL;
CREATE TABLE unindexed (message_id INTEGER PRIMARY KEY) STRICT;
-- Every message up to this number is in the first two of these tables, or in the third, or is no more.
CREATE TABLE progress (reach INTEGER NOT NULL) STRICT;
INSERT INTO progress (reach) VALUES (0);
PRAGMA user_version = ${SCHEMA_VERSION};
`;

/** Messages with more text are always read: they hold most runs of three characters anyway, and one would take longer than a turn may. */
export const MAX_INDEXED_CHARACTERS = 200_000;

const GRAM = 3;
/** More say little that these do not: each narrows down what is left. */
const MAX_GRAMS = 30;
/** So many messages with a run are looked at to judge how common it is. */
const SAMPLED = 200;
/** A run that is so many times as common as the rarest one is not asked for. */
const WORTHWHILE = 8;

/** Numbers of messages. */
export interface FoundIds {
  /** The text is in the header or in the body of these. */
  readonly sure: number[];
  /** It may be: they have to be read. */
  readonly possible: number[];
}

export class TextIndex {
  #database: Connection;
  readonly #statements = new Map<string, Statement>();
  #isDamaged = false;

  /** Opens an index that is there. */
  constructor(private readonly file: SqliteFile) {
    this.#database = openSqlite(file, 'text index');
  }

  /**
   * Opens the index; begins with an empty one where there is none, or none that can be used.
   *
   * @param lastMessageId the highest number that a message ever had: an index that goes further belongs to another state of the mail
   */
  static openOrMake(file: SqliteFile, lastMessageId: number): TextIndex {
    if (!isUsable(file, lastMessageId)) make(file).close();
    return new TextIndex(file);
  }

  /** Something in the file cannot be read: until `makeAnew` every message is a candidate. */
  get isDamaged(): boolean {
    return this.#isDamaged;
  }

  /** Somebody else has met the damage. */
  noteDamage(): void {
    this.#isDamaged = true;
  }

  /** Begins with an empty index. */
  makeAnew(): void {
    this.close();
    this.#database = make(this.file);
    this.#isDamaged = false;
  }

  close(): void {
    this.#statements.clear();
    closeSmall(this.#database);
  }

  /** As `close`, when nobody else has it open, and leaves nothing in the write-ahead log: see `closeWhole` of the database. */
  closeWhole(): void {
    try {
      if (!this.#isDamaged) this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } finally {
      this.close();
    }
  }

  /** Messages up to this one need not be brought any more. */
  get reach(): number {
    const row = this.#prepare('SELECT reach FROM progress').get() as { reach: number };
    return row.reach;
  }

  /** Within a `change`. */
  set reach(messageId: number) {
    this.#prepare('UPDATE progress SET reach = ?').run(messageId);
  }

  /** The numbers from `firstId` to `lastId` that messages with this text have, in no order; null: it cannot tell. */
  find(foldedText: string, firstId: number, lastId: number): FoundIds | null {
    if (this.#isDamaged) return null;
    try {
      // The reach first: what is indexed meanwhile is then named twice rather than never.
      const { reach } = this;
      const lastIndexed = Math.min(lastId, reach);
      const found = this.#findShort(foldedText, firstId, lastIndexed) ?? this.#findByGrams(foldedText, firstId, lastIndexed);
      if (found === null) return null;
      for (let id = Math.max(firstId, reach + 1); id <= lastId; id++) found.possible.push(id);
      return found;
    } catch (error) {
      if (!isDamage(error)) throw error;
      this.#isDamaged = true;
      return null;
    }
  }

  /** Changes of the index, all or none: what a power failure takes away is indexed again. */
  change(work: () => void): void {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.#database.exec('COMMIT');
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  /** Within a `change`. */
  add(messageId: number, searchable: SearchableText): void {
    const all = `${searchable.text}\n${searchable.addresses}`;
    if (all.length > MAX_INDEXED_CHARACTERS) {
      this.leaveOut(messageId);
      return;
    }
    // SQLite ends a text at NUL; nobody can look for one.
    this.#prepare('INSERT INTO message_text (rowid, text) VALUES (?, ?)').run(messageId, all.replaceAll('\0', ' '));
    this.#prepare('INSERT INTO short_texts (message_id, bits) VALUES (?, ?)').run(messageId, shortTextsOf(searchable));
  }

  /** Within a `change`: the message is always read. */
  leaveOut(messageId: number): void {
    this.#prepare('INSERT OR IGNORE INTO unindexed (message_id) VALUES (?)').run(messageId);
  }

  /** Within a `change`. */
  forget(messageId: number): void {
    this.#prepare('DELETE FROM message_text WHERE rowid = ?').run(messageId);
    this.#prepare('DELETE FROM short_texts WHERE message_id = ?').run(messageId);
    this.#prepare('DELETE FROM unindexed WHERE message_id = ?').run(messageId);
  }

  /** Null: it is no letter or two. */
  #findShort(foldedText: string, firstId: number, lastId: number): FoundIds | null {
    const place = placeOfShortText(foldedText);
    if (place === null) return null;
    const { sure, possible } = this.#prepare(
      `SELECT (SELECT json_group_array(message_id) FROM short_texts
               WHERE message_id BETWEEN ?1 AND ?2 AND unicode(substr(bits, ?3, 1)) & ?4) AS sure,
              (SELECT json_group_array(message_id) FROM (
                 SELECT message_id FROM unindexed UNION ALL SELECT message_id FROM short_texts WHERE bits IS NULL)
               WHERE message_id BETWEEN ?1 AND ?2) AS possible`,
    ).get(firstId, lastId, place.byte, place.mask) as { sure: string; possible: string };
    return { sure: JSON.parse(sure), possible: JSON.parse(possible) };
  }

  /** Null: the text is too short for that. `sure` stays empty: runs are in any order, and in addresses, too. */
  #findByGrams(foldedText: string, firstId: number, lastId: number): FoundIds | null {
    const grams = gramsOf(foldedText);
    if (grams.length === 0) return null;
    const query = this.#telling(grams).join(' AND ');
    const { ids } = this.#prepare(
      `SELECT json_group_array(id) AS ids FROM (
         SELECT rowid AS id FROM message_text WHERE message_text MATCH ?1 AND rowid BETWEEN ?2 AND ?3
         UNION ALL SELECT message_id FROM unindexed WHERE message_id BETWEEN ?2 AND ?3)`,
    ).get(query, firstId, lastId) as { ids: string };
    return { sure: [], possible: JSON.parse(ids) };
  }

  /**
   * Those of the runs that are asked for: without those that are common where others are rare, since it takes longer to go through them
   * than to read a few messages more.
   */
  #telling(grams: readonly string[]): string[] {
    const { first, last } = this.#prepare('SELECT min(rowid) AS first, max(rowid) AS last FROM message_text').get() as Record<
      string,
      number
    >;
    const sample = this.#prepare(
      `SELECT count(*) AS count, max(id) AS last FROM (SELECT rowid AS id FROM message_text WHERE message_text MATCH ? LIMIT ${SAMPLED})`,
    );
    const judged = grams.map((gram) => {
      const phrase = `"${gram.replaceAll('"', '""')}"`;
      const found = sample.get(phrase) as { count: number; last: number };
      // About the share of the messages that hold it: the closer together the oldest of them lie, the more.
      return { phrase, share: (found.count + 1) / ((found.count < SAMPLED ? last : found.last) - first + 2) };
    });
    const rarest = Math.min(...judged.map(({ share }) => share));
    return judged.filter(({ share }) => share <= WORTHWHILE * rarest).map(({ phrase }) => phrase);
  }

  #prepare(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) this.#statements.set(sql, (statement = this.#database.prepare(sql)));
    return statement;
  }
}

function isUsable(file: SqliteFile, lastMessageId: number): boolean {
  let database: Connection | undefined;
  try {
    database = openSqlite(file, 'text index');
    const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
    if (version !== SCHEMA_VERSION) return false;
    const { reach } = database.prepare('SELECT reach FROM progress').get() as { reach: number };
    return reach <= lastMessageId;
  } catch (error) {
    if (!isDamage(error)) throw error;
    return false;
  } finally {
    database?.close();
  }
}

function make(file: SqliteFile): Connection {
  for (const ending of ['', '-wal', '-shm']) rmSync(`${pathOf(file)}${ending}`, { force: true });
  const database = openSqlite(file, 'text index');
  database.exec(`BEGIN; ${SCHEMA} COMMIT;`);
  return database;
}

/** The runs of three characters (code points, as SQLite counts them), each once. */
function gramsOf(text: string): string[] {
  const characters = [...text];
  const grams = new Set<string>();
  for (let i = 0; i + GRAM <= characters.length && grams.size < MAX_GRAMS; i++) {
    const gram = characters.slice(i, i + GRAM).join('');
    if (!gram.includes('\0')) grams.add(gram);
  }
  return [...grams];
}
