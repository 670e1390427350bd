/** The other driver: SQLite files whose pages are encrypted, by a package that not everybody has, with the manners of the usual one. */
import { createRequire } from 'node:module';
import type { SqlValue } from './database.js';
import type { Connection, Statement } from './sqlite-file.js';

/** What is to be installed for it: docs/decisions/0028-encrypted-mail.md. */
export const SEALED_DRIVER = 'better-sqlite3-multiple-ciphers@13.0.3';
/** Of Node.js: the driver speaks Node-API 10, and an older one crashes when it is loaded. */
export const LEAST_NODE: readonly [number, number] = [22, 14];

/** Each page is encrypted and authenticated (AEGIS-256), with a nonce of its own each time it is written. */
const CIPHER = 'aegis';

/** Of the driver, what is used here: better-sqlite3's own names. */
interface Driver {
  readonly inTransaction: boolean;
  exec(sql: string): void;
  prepare(sql: string): DriverStatement;
  unsafeMode(on: boolean): void;
  close(): void;
}

interface DriverStatement {
  /** Whether it answers rows. */
  readonly reader: boolean;
  all(...values: unknown[]): Answered[];
  get(...values: unknown[]): Answered | undefined;
  iterate(...values: unknown[]): IterableIterator<Answered>;
  run(...values: unknown[]): { readonly changes: number; readonly lastInsertRowid: number | bigint };
  columns(): { readonly name: string; readonly type: string | null }[];
}

type Answered = Record<string, unknown>;
type DriverModule = new (path: string, options: { readonly readonly: boolean; readonly timeout: number }) => Driver;

export interface SealedOptions {
  readonly readOnly: boolean;
  readonly timeoutMs: number;
}

/** Encrypted files cannot be opened by what is installed here. */
export class NoSealedDriver extends Error {
  override readonly name = 'NoSealedDriver';

  constructor(
    readonly lacks: 'node' | 'driver',
    options?: ErrorOptions,
  ) {
    super(
      lacks === 'node' ? `encrypted files need Node.js ${LEAST_NODE.join('.')} or later` : `${SEALED_DRIVER} is not installed`,
      options,
    );
  }
}

/** What is missing for encrypted files; null: nothing. */
export function missingForSealed(): NoSealedDriver | null {
  try {
    loadDriver();
    return null;
  } catch (error) {
    if (error instanceof NoSealedDriver) return error;
    throw error;
  }
}

/** @param key null: the file is not encrypted, but one that is attached to it may be @throws NoSealedDriver, or Error as SQLite says it */
export function openSealed(path: string, key: Uint8Array | null, { readOnly, timeoutMs }: SealedOptions): Connection {
  const Opener = loadDriver();
  const connection = new SealedConnection(told(() => new Opener(path, { readonly: readOnly, timeout: timeoutMs })));
  connection.exec(`PRAGMA cipher = '${CIPHER}'`);
  if (key !== null) connection.exec(`PRAGMA key = '${rawKey(key)}'`);
  // What does not fit into memory would be written to a file that is not encrypted.
  connection.exec('PRAGMA temp_store = MEMORY');
  return connection;
}

/** As PRAGMA key and ATTACH take it: bytes that are no passphrase. */
export function rawKey(key: Uint8Array): string {
  return `raw:${Buffer.from(key).toString('hex')}`;
}

let loaded: DriverModule | undefined;

function loadDriver(): DriverModule {
  if (loaded !== undefined) return loaded;
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < LEAST_NODE[0] || (major === LEAST_NODE[0] && minor < LEAST_NODE[1])) throw new NoSealedDriver('node');
  try {
    return (loaded = createRequire(import.meta.url)(SEALED_DRIVER.split('@')[0]) as DriverModule);
  } catch (error) {
    throw new NoSealedDriver('driver', { cause: error });
  }
}

class SealedConnection implements Connection {
  constructor(private readonly driver: Driver) {
    // Otherwise it refuses to write while rows are read one at a time; SQLite does not.
    driver.unsafeMode(true);
  }

  get isTransaction(): boolean {
    return this.driver.inTransaction;
  }

  exec(sql: string): void {
    told(() => this.driver.exec(sql));
  }

  prepare(sql: string): Statement {
    const statement = told(() => this.driver.prepare(sql));
    return new SealedStatement(statement, /\?\d/.test(sql), () =>
      this.driver.prepare('SELECT changes() AS changes, last_insert_rowid() AS lastInsertRowid'),
    );
  }

  close(): void {
    told(() => this.driver.close());
  }
}

class SealedStatement implements Statement {
  /** Columns that may hold bytes, which the driver answers as Buffer: those slice otherwise than a Uint8Array does. */
  readonly #bytes: readonly string[];

  /** @param isNumbered it says ?1 rather than ?, which is a name to the driver */
  constructor(
    private readonly statement: DriverStatement,
    private readonly isNumbered: boolean,
    private readonly outcome: () => DriverStatement,
  ) {
    const columns = statement.reader ? statement.columns() : [];
    this.#bytes = columns.filter(({ type }) => type === null || type === 'BLOB').map(({ name }) => name);
  }

  all(...values: SqlValue[]): unknown[] {
    if (!this.statement.reader) {
      this.run(...values);
      return [];
    }
    const rows = told(() => this.statement.all(...this.#bound(values)));
    if (this.#bytes.length > 0) for (const row of rows) this.#plain(row);
    return rows;
  }

  get(...values: SqlValue[]): unknown {
    if (!this.statement.reader) {
      this.run(...values);
      return undefined;
    }
    const row = told(() => this.statement.get(...this.#bound(values)));
    return row === undefined ? undefined : this.#plain(row);
  }

  *iterate(...values: SqlValue[]): IterableIterator<unknown> {
    const rows = told(() => this.statement.iterate(...this.#bound(values)));
    for (;;) {
      const next = told(() => rows.next());
      if (next.done === true) return;
      yield this.#plain(next.value);
    }
  }

  run(...values: SqlValue[]): ReturnType<Statement['run']> {
    if (!this.statement.reader) return told(() => this.statement.run(...this.#bound(values)));
    told(() => this.statement.all(...this.#bound(values)));
    return this.outcome().get() as unknown as ReturnType<Statement['run']>;
  }

  /** Whole numbers as such, as the usual driver binds them: `uid + ?` is to be one. */
  #bound(values: readonly SqlValue[]): unknown[] {
    const bound = values.map((value) => (typeof value === 'number' && (value | 0) === value ? BigInt(value) : value));
    return this.isNumbered ? [Object.fromEntries(bound.map((value, i) => [i + 1, value]))] : bound;
  }

  #plain(row: Answered): Answered {
    for (const name of this.#bytes) {
      const value = row[name];
      if (value instanceof Uint8Array) row[name] = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    }
    return row;
  }
}

/** SQLite's result codes that somebody here asks for, by the driver's names for them. */
const RESULT_CODES: readonly (readonly [string, number])[] = [
  ['SQLITE_BUSY', 5],
  ['SQLITE_CORRUPT', 11],
  ['SQLITE_FULL', 13],
  ['SQLITE_NOTADB', 26],
];

/** Its errors, with the number that the usual driver gives them. */
function told<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = String((error as { code?: unknown }).code);
    const known = RESULT_CODES.find(([name]) => code.startsWith(name));
    throw known === undefined ? error : Object.assign(error as Error, { errcode: known[1] });
  }
}
