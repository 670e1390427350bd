/** Reads PyBitmessage's messages.dat, read-only and from a copy: schemas 9 to 11, and of older ones what a person wrote and read. */
import type { SqlValue } from '../database.js';
import { type Connection, openSqlite } from '../sqlite-file.js';

export interface ForeignInboxRow {
  readonly msgid: Uint8Array;
  readonly toAddress: string;
  readonly fromAddress: string;
  readonly subject: string;
  /** UnixSeconds, as are all times here. */
  readonly received: number;
  readonly message: string;
  readonly folder: string;
  readonly encodingType: number;
  readonly read: boolean;
  /** Empty in rows older than schema 9. */
  readonly sighash: Uint8Array;
}

export interface ForeignSentRow {
  readonly msgid: Uint8Array;
  readonly toAddress: string;
  readonly toRipe: Uint8Array;
  readonly fromAddress: string;
  readonly subject: string;
  readonly message: string;
  readonly ackdata: Uint8Array;
  readonly sentTime: number;
  readonly lastActionTime: number;
  readonly sleepTill: number;
  readonly status: string;
  readonly retryNumber: number;
  readonly folder: string;
  readonly encodingType: number;
  readonly ttl: number;
}

/** A row of subscriptions, addressbook, blacklist or whitelist; the address book knows no "enabled", and means it. */
export interface ForeignAddressRow {
  readonly label: string;
  readonly address: string;
  readonly enabled: boolean;
}

export interface ForeignPubkeyRow {
  readonly address: string;
  readonly addressVersion: number;
  readonly transmitData: Uint8Array;
  readonly time: number;
  readonly usedPersonally: boolean;
}

export interface ForeignObjectRow {
  /** For going on after it. */
  readonly id: number;
  readonly hash: Uint8Array;
  readonly objectType: number;
  readonly streamNumber: number;
  readonly payload: Uint8Array;
  readonly expiresTime: number;
  readonly tag: Uint8Array;
}

export type AddressTable = 'subscriptions' | 'addressbook' | 'blacklist' | 'whitelist';
export type MailTable = 'inbox' | 'sent';

/** The file is no messages.dat that this program can read; the message says why. */
export class ForeignDatabaseError extends Error {
  override readonly name = 'ForeignDatabaseError';
}

/** From here on tables of keys and objects have today's shape. */
const FIRST_FULL_SCHEMA = 9;
const LAST_SCHEMA = 11;
/** What rows from before schema 10 were sent with: PyBitmessage class_sqlThread.py. */
const OLD_TTL_SECONDS = 216_000;
/** Encodings are kept since settings version 4; before, all was encoding 2, and all of it read. */
const OLD_ENCODING = 2;
/** Whatever PyBitmessage wrote came through objects of 256 KiB; what does not fit into so much memory is nothing of its. */
const MAX_ROW_BYTES = 16_777_216;
/** The end of the year 9999, beyond which dates cannot be written down. */
const LAST_TIME = 253_402_300_799;

export class PybitmessageDatabase {
  readonly #db: Connection;
  readonly schema: number;
  readonly #columns = new Map<string, Set<string>>();

  /** @throws ForeignDatabaseError */
  constructor(path: string) {
    this.#db = openSqlite(path, 'foreign');
    try {
      // Somebody else made the file: its expressions may call nothing but what is harmless, and its pages may lie.
      this.#db.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON');
      for (const { name } of this.#all<{ name: string }>(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'",
      )) {
        const columns = this.#all<{ name: string }>('SELECT name FROM pragma_table_info(?)', name);
        this.#columns.set(name, new Set(columns.map((column) => column.name.toLowerCase())));
      }
      this.schema = this.#readSchema();
    } catch (error) {
      this.#db.close();
      throw error instanceof ForeignDatabaseError ? error : unreadable(error);
    }
  }

  close(): void {
    this.#db.close();
  }

  /** Keys and objects are there, too. */
  get isFull(): boolean {
    return this.schema >= FIRST_FULL_SCHEMA;
  }

  count(table: MailTable | AddressTable | 'pubkeys' | 'inventory'): number {
    return this.#has(table) ? (this.#all<{ count: number }>(`SELECT count(*) AS count FROM ${table}`)[0]?.count ?? 0) : 0;
  }

  /** Which mails there are, and when each came or went, without their text; ask again after the last id. */
  mails(table: MailTable, afterId: number, limit: number): { id: number; time: number }[] {
    if (!this.#has(table)) return [];
    const time = table === 'inbox' ? 'received' : this.#has('sent', 'senttime') ? 'senttime' : 'lastactiontime';
    return this.#all<{ id: number; time: SqlValue }>(
      `SELECT rowid AS id, ${bytesOf(time)} AS time FROM ${table} WHERE rowid > ? ORDER BY rowid LIMIT ?`,
      afterId,
      limit,
    ).map((row) => ({ id: row.id, time: timeOf(row.time) }));
  }

  inboxRow(id: number): ForeignInboxRow | undefined {
    const row = this.#row('inbox', id, INBOX_COLUMNS);
    if (row === undefined) return undefined;
    return {
      msgid: blob(row.msgid),
      toAddress: text(row.toaddress),
      fromAddress: text(row.fromaddress),
      subject: text(row.subject),
      received: timeOf(row.received),
      message: text(row.message),
      folder: text(row.folder),
      encodingType: whole(row.encodingtype) || OLD_ENCODING,
      read: row.read === null ? true : truth(row.read),
      sighash: blob(row.sighash),
    };
  }

  sentRow(id: number): ForeignSentRow | undefined {
    const row = this.#row('sent', id, SENT_COLUMNS);
    if (row === undefined) return undefined;
    const lastActionTime = timeOf(row.lastactiontime);
    return {
      msgid: blob(row.msgid),
      toAddress: text(row.toaddress),
      toRipe: blob(row.toripe),
      fromAddress: text(row.fromaddress),
      subject: text(row.subject),
      message: text(row.message),
      ackdata: blob(row.ackdata),
      sentTime: timeOf(row.senttime) || lastActionTime,
      lastActionTime,
      sleepTill: timeOf(row.sleeptill),
      status: text(row.status),
      retryNumber: whole(row.retrynumber ?? row.msgretrynumber),
      folder: text(row.folder),
      encodingType: whole(row.encodingtype) || OLD_ENCODING,
      ttl: whole(row.ttl) || OLD_TTL_SECONDS,
    };
  }

  /** By rowid, as all that follow; ask again after the last id. */
  addresses(table: AddressTable, afterId: number, limit: number): (ForeignAddressRow & { readonly id: number })[] {
    if (!this.#has(table)) return [];
    const enabled = this.#has(table, 'enabled') ? bytesOf('enabled') : "CAST('1' AS BLOB)";
    return this.#page(table, ['label', 'address'], afterId, limit, `${enabled} AS enabled`).map((row) => ({
      id: Number(row.id),
      label: text(row.label),
      address: text(row.address),
      enabled: truth(row.enabled),
    }));
  }

  pubkeys(afterId: number, limit: number): (ForeignPubkeyRow & { readonly id: number })[] {
    if (!this.isFull || !this.#has('pubkeys', 'address')) return [];
    return this.#page('pubkeys', PUBKEY_COLUMNS, afterId, limit).map((row) => ({
      id: Number(row.id),
      address: text(row.address),
      addressVersion: whole(row.addressversion),
      transmitData: blob(row.transmitdata),
      time: timeOf(row.time),
      usedPersonally: text(row.usedpersonally) === 'yes',
    }));
  }

  /** Objects that everybody shares. */
  objects(afterId: number, limit: number): ForeignObjectRow[] {
    if (!this.isFull || !this.#has('inventory', 'expirestime')) return [];
    return this.#page('inventory', OBJECT_COLUMNS, afterId, limit).map((row) => ({
      id: Number(row.id),
      hash: blob(row.hash),
      objectType: whole(row.objecttype),
      streamNumber: whole(row.streamnumber),
      payload: blob(row.payload),
      expiresTime: timeOf(row.expirestime),
      tag: blob(row.tag),
    }));
  }

  /** Objects that came, and that the program had not looked at when it ended. */
  unprocessed(afterId: number, limit: number): { readonly id: number; readonly objectType: number; readonly data: Uint8Array }[] {
    if (!this.#has('objectprocessorqueue')) return [];
    return this.#page('objectprocessorqueue', ['objecttype', 'data'], afterId, limit).map((row) => ({
      id: Number(row.id),
      objectType: whole(row.objecttype),
      data: blob(row.data),
    }));
  }

  #readSchema(): number {
    if (!this.#has('inbox') || !this.#has('sent')) throw new ForeignDatabaseError('messages.dat is not a database of PyBitmessage');
    if (!this.#has('settings')) return 0;
    const [row] = this.#all<{ value: SqlValue }>("SELECT CAST(value AS BLOB) AS value FROM settings WHERE CAST(key AS TEXT) = 'version'");
    const schema = row === undefined ? 0 : whole(row.value);
    if (schema > LAST_SCHEMA)
      throw new ForeignDatabaseError(`messages.dat has schema ${schema}; the newest that is known here is ${LAST_SCHEMA}`);
    return schema;
  }

  /** Each column as bytes, whatever Python made of it; null for one that this schema does not have; no row that is too long. */
  #row(table: MailTable, id: number, columns: readonly string[]): Record<string, SqlValue> | undefined {
    if (!this.#has(table)) return undefined;
    const list = columns.map((column) => `${this.#has(table, column) ? `CAST(${column} AS BLOB)` : 'NULL'} AS ${column}`);
    const lengths = columns.filter((column) => this.#has(table, column)).map((column) => `coalesce(octet_length(${column}), 0)`);
    const isBounded = `${lengths.join(' + ')} <= ${MAX_ROW_BYTES}`;
    return this.#all<Record<string, SqlValue>>(`SELECT ${list.join(', ')} FROM ${table} WHERE rowid = ? AND ${isBounded}`, id)[0];
  }

  #page(table: string, columns: readonly string[], afterId: number, limit: number, ...more: string[]): Record<string, SqlValue>[] {
    const list = ['rowid AS id', ...columns.map((column) => `${bytesOf(column)} AS ${column}`), ...more];
    return this.#all(`SELECT ${list.join(', ')} FROM ${table} WHERE rowid > ? ORDER BY rowid LIMIT ?`, afterId, limit);
  }

  #has(table: string, column?: string): boolean {
    const columns = this.#columns.get(table);
    return columns !== undefined && (column === undefined || columns.has(column));
  }

  /** @throws ForeignDatabaseError: the file is damaged, or its tables are not what they are called */
  #all<T>(sql: string, ...values: SqlValue[]): T[] {
    try {
      return this.#db.prepare(sql).all(...values) as T[];
    } catch (error) {
      throw unreadable(error);
    }
  }
}

const INBOX_COLUMNS = ['msgid', 'toaddress', 'fromaddress', 'subject', 'received', 'message', 'folder', 'encodingtype', 'read', 'sighash'];
const PUBKEY_COLUMNS = ['address', 'addressversion', 'transmitdata', 'time', 'usedpersonally'];
const OBJECT_COLUMNS = ['hash', 'objecttype', 'streamnumber', 'payload', 'expirestime', 'tag'];
const SENT_COLUMNS = [
  ...['msgid', 'toaddress', 'toripe', 'fromaddress', 'subject', 'message', 'ackdata', 'senttime', 'lastactiontime', 'sleeptill', 'status'],
  ...['retrynumber', 'msgretrynumber', 'folder', 'encodingtype', 'ttl'],
];

/** A column as bytes, whatever Python made of it; null when it is too long, which is told without reading it. */
function bytesOf(column: string): string {
  return `CASE WHEN octet_length(${column}) > ${MAX_ROW_BYTES} THEN NULL ELSE CAST(${column} AS BLOB) END`;
}

function unreadable(error: unknown): ForeignDatabaseError {
  return new ForeignDatabaseError(`messages.dat cannot be read: ${(error as Error).message}`, { cause: error });
}

function blob(value: SqlValue): Uint8Array {
  return value instanceof Uint8Array ? value : new Uint8Array(0);
}

/** Python 2 wrote bytes of any kind: what is no UTF-8 becomes replacement characters. */
function text(value: SqlValue): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(blob(value));
}

/** 0 for what is no number, or too large to be stored. */
function whole(value: SqlValue): number {
  const number = Math.floor(Number(text(value).trim() || '0'));
  return Number.isSafeInteger(number) && number >= 0 ? number : 0;
}

function timeOf(value: SqlValue): number {
  const time = whole(value);
  return time <= LAST_TIME ? time : 0;
}

function truth(value: SqlValue): boolean {
  return ['1', 'true', 'yes', 'on'].includes(text(value).trim().toLowerCase());
}
