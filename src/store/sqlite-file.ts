/** The one place that opens SQLite files: the driver, and with which settings which kind of file is opened for what. */
import { DatabaseSync } from '@photostructure/sqlite';
import type { SqlValue } from './database.js';
import { openSealed } from './sealed-driver.js';

/** A path; and the key of its pages, where they are encrypted. */
export type SqliteFile = string | SealedFile;

export interface SealedFile {
  readonly path: string;
  readonly key: Uint8Array;
}

/** An open file. */
export interface Connection {
  /** Within BEGIN and COMMIT. */
  readonly isTransaction: boolean;
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

export interface Statement {
  all(...values: SqlValue[]): unknown[];
  get(...values: SqlValue[]): unknown;
  iterate(...values: SqlValue[]): IterableIterator<unknown>;
  run(...values: SqlValue[]): { readonly changes: number | bigint; readonly lastInsertRowid: number | bigint };
}

interface Settings {
  readonly readOnly?: boolean;
  /** How long it waits for somebody else who holds the file; SQLite's own 0 when not given. */
  readonly timeoutMs?: number;
  readonly pragmas?: string;
}

/** 16 MB: what the write-ahead log keeps of the disk when it begins anew after something large. */
const KEPT_LOG_BYTES = 16_777_216;

/** Others hold a file for milliseconds, while a log is shortened or begins anew; on a disk that hangs, longer. */
export const LOCK_PATIENCE_MS = 5000;

const SETTINGS = {
  /**
   * The database, by the main thread, which alone writes there. WAL, so that readers never wait for the writer; that a commit reaches the
   * disk is seen to by LogSync (synchronous NORMAL).
   */
  database: {
    timeoutMs: LOCK_PATIENCE_MS,
    pragmas: `PRAGMA journal_mode = WAL; PRAGMA journal_size_limit = ${KEPT_LOG_BYTES}; PRAGMA synchronous = NORMAL;
      PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;`,
  },
  /** The database, by a thread that reads beside the main thread. */
  reading: { readOnly: true, timeoutMs: LOCK_PATIENCE_MS },
  /** The database, by the thread that takes its log over: a writer in the midst of a commit is waited for, or a reader of an old state; no longer, it comes again. */
  checkpoint: { timeoutMs: 50 },
  /** A file at rest, or as a process of its own reads it: to be copied, or looked through. */
  copying: { readOnly: true },
  /** The full-text index. What a power failure takes from it is indexed again. */
  'text index': {
    timeoutMs: LOCK_PATIENCE_MS,
    pragmas: 'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON;',
  },
  /** A file that is nothing but a lock. */
  lock: {},
  /** Another program's. */
  foreign: { readOnly: true },
} satisfies Record<string, Settings>;

/** The path of a file, whether its pages are encrypted or not. */
export function pathOf(file: SqliteFile): string {
  return typeof file === 'string' ? file : file.path;
}

/** @throws Error as SQLite says it, or NoSealedDriver */
export function openSqlite(file: SqliteFile, purpose: keyof typeof SETTINGS): Connection {
  const { readOnly = false, timeoutMs = 0, pragmas }: Settings = SETTINGS[purpose];
  const connection =
    typeof file === 'string'
      ? new DatabaseSync(file, { readOnly, timeout: timeoutMs })
      : openSealed(file.path, file.key, { readOnly, timeoutMs });
  if (pragmas !== undefined) connection.exec(pragmas);
  return connection;
}
