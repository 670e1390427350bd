/** The one SQLite file: opening it, its transactions, and what runs after a commit. */
import type { OnDisk } from '../base/on-disk.js';
import { LogSync } from './log-sync.js';
import { migrate } from './migrations.js';
import { type Connection, LOCK_PATIENCE_MS, openSqlite, type SqliteFile, type Statement } from './sqlite-file.js';

/**
 * What a commit promises when it returns: nothing that a loss of power could not take (the network has it again); that it will be on the
 * disk when `onDisk` resolves; that it is there.
 */
type Promised = 'nothing' | 'soon' | 'now';

export type SqlValue = null | number | bigint | string | Uint8Array;
export type Row = Record<string, SqlValue>;

export class Database {
  readonly #db: Connection;
  readonly #log: LogSync | null;
  readonly #statements = new Map<string, Statement>();
  #depth = 0;
  #promised: Promised = 'nothing';
  #revision = 0;
  #afterCommit: (() => void)[] = [];
  readonly #commitWatchers = new Set<() => void>();

  /**
   * Opens (and, where needed, makes or migrates) the database. `:memory:` is for tests.
   *
   * SQLite itself waits for the disk only where the log is taken over into the database; that commits reach it is seen to by LogSync.
   *
   * @param onLost told, once, that the disk did not keep what it was given: nothing may be promised any more
   */
  constructor(file: SqliteFile, onLost: (error: Error) => void = throwLater) {
    this.#db = openSqlite(file, 'database');
    // Reading makes the write-ahead log, beside the file that a link may lead to.
    this.get('PRAGMA user_version');
    const { file: path } = this.get<{ file: string }>('PRAGMA database_list')!;
    this.#log = path === '' ? null : new LogSync(`${path}-wal`, onLost);
    migrate(this);
  }

  readonly onDisk: OnDisk = () => this.#log?.onDisk() ?? null;

  /**
   * Takes the whole write-ahead log over into the database and leaves nothing of it, so that what was overwritten stands nowhere any more.
   * Answers false when somebody reads, or a checkpoint runs: then it is to be tried again.
   */
  emptyLog(): boolean {
    this.#db.exec('PRAGMA busy_timeout = 0');
    try {
      return this.get<{ busy: number }>('PRAGMA wal_checkpoint(TRUNCATE)')?.busy === 0;
    } finally {
      this.#db.exec(`PRAGMA busy_timeout = ${LOCK_PATIENCE_MS}`);
    }
  }

  close(): void {
    this.#statements.clear();
    this.#log?.close();
    this.#db.close();
  }

  /**
   * Another number after each `run`, `exec` and rollback: as long as it stays, what was read is so still, since nobody else writes
   * (see instance-lock).
   */
  get revision(): number {
    return this.#revision;
  }

  /** Runs statements that return nothing, such as a schema. */
  exec(sql: string): void {
    this.#revision++;
    this.#db.exec(sql);
  }

  /** All rows. */
  all<T = Row>(sql: string, ...values: SqlValue[]): T[] {
    return this.#prepare(sql).all(...values) as T[];
  }

  /** The first row, or undefined. */
  get<T = Row>(sql: string, ...values: SqlValue[]): T | undefined {
    return this.#prepare(sql).get(...values) as T | undefined;
  }

  /** As `get`, of a statement that was put together for this one question: it is not kept. */
  getOnce<T = Row>(sql: string, ...values: SqlValue[]): T | undefined {
    return this.#db.prepare(sql).get(...values) as T | undefined;
  }

  /** Rows one at a time; do not write to the same tables while the iterator is open. */
  iterate<T = Row>(sql: string, ...values: SqlValue[]): IterableIterator<T> {
    // A fresh statement: a cached one would be reset by a second use while this one is open.
    return this.#db.prepare(sql).iterate(...values) as IterableIterator<T>;
  }

  /** Runs an INSERT, UPDATE or DELETE. */
  run(sql: string, ...values: SqlValue[]): { changes: number; lastId: number } {
    this.#revision++;
    const result = this.#prepare(sql).run(...values);
    if (this.#depth === 0) {
      this.#log?.committed();
      this.#tellCommitted();
    }
    return { changes: Number(result.changes), lastId: Number(result.lastInsertRowid) };
  }

  /**
   * Runs `work` in one transaction, on the disk when `onDisk` resolves next. Nested calls join the outer one.
   * `work` is synchronous: nothing else can come between its statements.
   */
  transaction<T>(work: () => T): T {
    return this.#transact(work, 'soon');
  }

  /** As `transaction`, on the disk when this returns: for what leaves the house by itself, such as an object of our own. The outer one, too. */
  durably<T>(work: () => T): T {
    return this.#transact(work, 'now');
  }

  /** As `transaction`, for what the network can give again: safe against a crash of the program, not of the power. */
  batch<T>(work: () => T): T {
    return this.#transact(work, 'nothing');
  }

  /** Whether what is read now may be taken back by a rollback. */
  get inTransaction(): boolean {
    return this.#depth > 0;
  }

  /** Runs `callback` once the running transaction is committed (at once when there is none); dropped on rollback. */
  afterCommit(callback: () => void): void {
    if (this.#depth === 0) callback();
    else this.#afterCommit.push(callback);
  }

  /** Tells after each commit; must not write itself. Answers the way to stop. */
  watchCommits(listener: () => void): () => void {
    this.#commitWatchers.add(listener);
    return () => this.#commitWatchers.delete(listener);
  }

  /** The write-ahead log: its pages, and how many of them are not in the database file yet. Takes microseconds. */
  logPages(): { log: number; pending: number } {
    const { log, checkpointed } = this.get<{ log: number; checkpointed: number }>('PRAGMA wal_checkpoint(NOOP)')!;
    return { log, pending: log - checkpointed };
  }

  /** From how many pages on a commit shall shorten the write-ahead log itself (SQLite: 1000). */
  checkpointAt(pages: number): void {
    this.#db.exec(`PRAGMA wal_autocheckpoint = ${pages}`);
  }

  #tellCommitted(): void {
    for (const watcher of this.#commitWatchers) watcher();
  }

  #transact<T>(work: () => T, promised: Promised): T {
    if (this.#depth > 0) {
      if (promised !== 'nothing' && this.#promised === 'nothing') throw new TypeError('a transaction inside a batch would not be kept');
      if (promised === 'now') this.#promised = 'now';
      return work();
    }
    this.#db.exec('BEGIN IMMEDIATE');
    this.#depth = 1;
    this.#promised = promised;
    let result: T;
    try {
      result = work();
      if (result instanceof Promise) throw new TypeError('a transaction must not wait');
      this.#db.exec('COMMIT');
    } catch (error) {
      this.#depth = 0;
      this.#revision++;
      this.#afterCommit = [];
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
    this.#depth = 0;
    const callbacks = this.#afterCommit;
    this.#afterCommit = [];
    if (this.#promised !== 'nothing') this.#log?.committed();
    if (this.#promised === 'now') this.#log?.bring();
    for (const callback of callbacks) callback();
    this.#tellCommitted();
    return result;
  }

  #prepare(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

/** Nobody was there to be told: the process ends, as its word is worth nothing now. */
function throwLater(error: Error): void {
  setImmediate(() => {
    throw error;
  });
}
