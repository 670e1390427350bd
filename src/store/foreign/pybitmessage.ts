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

export class PybitmessageDatabase {
  readonly #db: Connection;
  readonly schema: number;
  readonly #columns = new Map<string, Set<string>>();

  /** @throws ForeignDatabaseError */
  constructor(path: string) {
    this.#db = openSqlite(path, 'foreign');
    try {
      for (const { name } of this.#all<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'")) {
        const columns = this.#all<{ name: string }>('SELECT name FROM pragma_table_info(?)', name);
        this.#columns.set(name, new Set(columns.map((column) => column.name.toLowerCase())));
      }
      this.schema = this.#readSchema();
    } catch (error) {
      this.#db.close();
      if (error instanceof ForeignDatabaseError) throw error;
      throw new ForeignDatabaseError(`messages.dat cannot be read: ${(error as Error).message}`, { cause: error });
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
      `SELECT rowid AS id, CAST(${time} AS BLOB) AS time FROM ${table} WHERE rowid > ? ORDER BY rowid LIMIT ?`,
      afterId,
      limit,
    ).map((row) => ({ id: row.id, time: whole(row.time) }));
  }

  inboxRow(id: number): ForeignInboxRow | undefined {
    const row = this.#row('inbox', id, INBOX_COLUMNS);
    if (row === undefined) return undefined;
    return {
      msgid: blob(row.msgid),
      toAddress: text(row.toaddress),
      fromAddress: text(row.fromaddress),
      subject: text(row.subject),
      received: whole(row.received),
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
    const lastActionTime = whole(row.lastactiontime);
    return {
      msgid: blob(row.msgid),
      toAddress: text(row.toaddress),
      toRipe: blob(row.toripe),
      fromAddress: text(row.fromaddress),
      subject: text(row.subject),
      message: text(row.message),
      ackdata: blob(row.ackdata),
      sentTime: whole(row.senttime) || lastActionTime,
      lastActionTime,
      sleepTill: whole(row.sleeptill),
      status: text(row.status),
      retryNumber: whole(row.retrynumber ?? row.msgretrynumber),
      folder: text(row.folder),
      encodingType: whole(row.encodingtype) || OLD_ENCODING,
      ttl: whole(row.ttl) || OLD_TTL_SECONDS,
    };
  }

  /** All rows: a person's lists are short. */
  addresses(table: AddressTable): ForeignAddressRow[] {
    if (!this.#has(table)) return [];
    const enabled = this.#has(table, 'enabled') ? 'CAST(enabled AS BLOB)' : "CAST('1' AS BLOB)";
    return this.#all<Record<string, SqlValue>>(
      `SELECT CAST(label AS BLOB) AS label, CAST(address AS BLOB) AS address, ${enabled} AS enabled FROM ${table} ORDER BY rowid`,
    ).map((row) => ({ label: text(row.label), address: text(row.address), enabled: truth(row.enabled) }));
  }

  /** By rowid; ask again after the last id. */
  pubkeys(afterId: number, limit: number): (ForeignPubkeyRow & { readonly id: number })[] {
    if (!this.isFull || !this.#has('pubkeys', 'address')) return [];
    return this.#all<Record<string, SqlValue>>(
      `SELECT rowid AS id, CAST(address AS BLOB) AS address, CAST(addressversion AS BLOB) AS addressversion,
       CAST(transmitdata AS BLOB) AS transmitdata, CAST(time AS BLOB) AS time, CAST(usedpersonally AS BLOB) AS usedpersonally
       FROM pubkeys WHERE rowid > ? ORDER BY rowid LIMIT ?`,
      afterId,
      limit,
    ).map((row) => ({
      id: Number(row.id),
      address: text(row.address),
      addressVersion: whole(row.addressversion),
      transmitData: blob(row.transmitdata),
      time: whole(row.time),
      usedPersonally: text(row.usedpersonally) === 'yes',
    }));
  }

  /** Objects that everybody shares, by rowid; ask again after the last id. */
  objects(afterId: number, limit: number): ForeignObjectRow[] {
    if (!this.isFull || !this.#has('inventory', 'expirestime')) return [];
    return this.#all<Record<string, SqlValue>>(
      `SELECT rowid AS id, CAST(hash AS BLOB) AS hash, CAST(objecttype AS BLOB) AS objecttype, CAST(streamnumber AS BLOB) AS streamnumber,
       CAST(payload AS BLOB) AS payload, CAST(expirestime AS BLOB) AS expirestime, CAST(tag AS BLOB) AS tag
       FROM inventory WHERE rowid > ? ORDER BY rowid LIMIT ?`,
      afterId,
      limit,
    ).map((row) => ({
      id: Number(row.id),
      hash: blob(row.hash),
      objectType: whole(row.objecttype),
      streamNumber: whole(row.streamnumber),
      payload: blob(row.payload),
      expiresTime: whole(row.expirestime),
      tag: blob(row.tag),
    }));
  }

  /** Objects that came, and that the program had not looked at when it ended. */
  unprocessed(): { readonly objectType: number; readonly data: Uint8Array }[] {
    if (!this.#has('objectprocessorqueue')) return [];
    return this.#all<Record<string, SqlValue>>(
      'SELECT CAST(objecttype AS BLOB) AS objecttype, CAST(data AS BLOB) AS data FROM objectprocessorqueue ORDER BY rowid',
    ).map((row) => ({ objectType: whole(row.objecttype), data: blob(row.data) }));
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

  /** Each column as bytes, whatever Python made of it; null for one that this schema does not have. */
  #row(table: MailTable, id: number, columns: readonly string[]): Record<string, SqlValue> | undefined {
    if (!this.#has(table)) return undefined;
    const list = columns.map((column) => `${this.#has(table, column) ? `CAST(${column} AS BLOB)` : 'NULL'} AS ${column}`);
    return this.#all<Record<string, SqlValue>>(`SELECT ${list.join(', ')} FROM ${table} WHERE rowid = ?`, id)[0];
  }

  #has(table: string, column?: string): boolean {
    const columns = this.#columns.get(table);
    return columns !== undefined && (column === undefined || columns.has(column));
  }

  #all<T>(sql: string, ...values: SqlValue[]): T[] {
    return this.#db.prepare(sql).all(...values) as T[];
  }
}

const INBOX_COLUMNS = ['msgid', 'toaddress', 'fromaddress', 'subject', 'received', 'message', 'folder', 'encodingtype', 'read', 'sighash'];
const SENT_COLUMNS = [
  ...['msgid', 'toaddress', 'toripe', 'fromaddress', 'subject', 'message', 'ackdata', 'senttime', 'lastactiontime', 'sleeptill', 'status'],
  ...['retrynumber', 'msgretrynumber', 'folder', 'encodingtype', 'ttl'],
];

function blob(value: SqlValue): Uint8Array {
  return value instanceof Uint8Array ? value : new Uint8Array(0);
}

/** Python 2 wrote bytes of any kind: what is no UTF-8 becomes replacement characters. */
function text(value: SqlValue): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(blob(value));
}

function whole(value: SqlValue): number {
  const number = Number(text(value).trim() || '0');
  return Number.isFinite(number) && number >= 0 ? Math.floor(number) : 0;
}

function truth(value: SqlValue): boolean {
  return ['1', 'true', 'yes', 'on'].includes(text(value).trim().toLowerCase());
}
