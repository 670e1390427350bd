/** Writes a database anew, with its pages encrypted or not encrypted any more, and looks whether all of it is there. */
import type { Row } from './database.js';
import { openSealed, rawKey } from './sealed-driver.js';
import { type Connection, openSqlite, type SqliteFile } from './sqlite-file.js';

interface Table {
  readonly name: string;
  readonly columns: readonly string[];
  /** Rows have a number besides their columns. */
  readonly hasHiddenNumber: boolean;
}

export type Stage = 'copying' | 'comparing' | 'checking';

/** What is written besides the copy, before it is looked through. */
export type Amendment = (run: (sql: string, ...values: (string | Uint8Array)[]) => void) => void;

/**
 * Writes `to`, which must not be there yet. It is not on the disk for certain when this returns: fsync is the caller's.
 *
 * @param told what is begun @throws Error when something is not as it was: `to` is of no use then
 */
export function rewriteDatabase(from: SqliteFile, to: SqliteFile, amend: Amendment, told: (stage: Stage) => void = () => {}): void {
  const source = keyed(from);
  const target = keyed(to);
  const database = openSealed(target.path, target.key, { readOnly: false, timeoutMs: 0 });
  try {
    // A copy that is cut short is thrown away: it needs no journal, which would hold pages of it.
    database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF;');
    attach(database, source);
    const tables = copySchema(database);
    told('copying');
    for (const table of tables) copyRows(database, table);
    copyRest(database);
    told('comparing');
    for (const table of tables) compare(database, table);
    database.exec('DETACH source');
    amend((sql, ...values) => void database.prepare(sql).run(...values));
  } finally {
    database.close();
  }
  told('checking');
  findFaults(to);
}

function keyed(file: SqliteFile): { path: string; key: Uint8Array | null } {
  return typeof file === 'string' ? { path: file, key: null } : file;
}

function attach(database: Connection, { path, key }: { path: string; key: Uint8Array | null }): void {
  database.prepare('ATTACH ? AS source KEY ?').run(path, key === null ? '' : rawKey(key));
  database.exec('BEGIN');
}

function copySchema(database: Connection): Table[] {
  const rows = database
    .prepare("SELECT name, sql FROM source.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
    .all() as { name: string; sql: string }[];
  return rows.map(({ name, sql }) => {
    // Its content would be tables that are there a second time.
    if (/^CREATE VIRTUAL/i.test(sql)) throw new Error(`${name} is no plain table`);
    database.exec(sql);
    const columns = database.prepare('SELECT name, type, pk, hidden FROM pragma_table_xinfo(?)').all(name) as {
      name: string;
      type: string;
      pk: number;
      hidden: number;
    }[];
    const { wr } = database.prepare("SELECT wr FROM pragma_table_list(?) WHERE schema = 'main'").get(name) as { wr: number };
    const keys = columns.filter(({ pk }) => pk > 0);
    const isNumbered = keys.length === 1 && keys[0].type.toUpperCase() === 'INTEGER';
    return {
      name,
      columns: columns.filter(({ hidden }) => hidden === 0).map((column) => quoted(column.name)),
      hasHiddenNumber: wr === 0 && !isNumbered,
    };
  });
}

function copyRows(database: Connection, table: Table): void {
  const columns = allColumns(table).join(', ');
  database.exec(`INSERT INTO main.${quoted(table.name)} (${columns}) SELECT ${columns} FROM source.${quoted(table.name)}`);
}

/** Indexes after the rows, which is faster; then what SQLite keeps for itself. */
function copyRest(database: Connection): void {
  const rest = database.prepare("SELECT sql FROM source.sqlite_schema WHERE type <> 'table' AND sql IS NOT NULL").all() as {
    sql: string;
  }[];
  for (const { sql } of rest) database.exec(sql);
  database.exec('DELETE FROM main.sqlite_sequence; INSERT INTO main.sqlite_sequence SELECT * FROM source.sqlite_sequence');
  for (const setting of ['user_version', 'application_id']) {
    const row = database.prepare(`PRAGMA source.${setting}`).get() as Record<string, number>;
    database.exec(`PRAGMA main.${setting} = ${row[setting]}`);
  }
  database.exec('COMMIT');
}

/** Row by row, in the order in which they lie. */
function compare(database: Connection, table: Table): void {
  const [before, after] = ['source', 'main'].map((schema) =>
    database.prepare(`SELECT ${allColumns(table).join(', ')} FROM ${schema}.${quoted(table.name)} NOT INDEXED`).iterate(),
  ) as IterableIterator<Row>[];
  for (;;) {
    const [was, is] = [before.next(), after.next()];
    if (was.done === true && is.done === true) return;
    if (was.done === true || is.done === true || !isSame(was.value, is.value)) throw new Error(`the copy of ${table.name} is another one`);
  }
}

function isSame(one: Row, other: Row): boolean {
  return Object.entries(one).every(([name, value]) => {
    const beside = other[name];
    return value === beside || (value instanceof Uint8Array && beside instanceof Uint8Array && Buffer.compare(value, beside) === 0);
  });
}

function allColumns({ columns, hasHiddenNumber }: Table): readonly string[] {
  return hasHiddenNumber ? ['rowid', ...columns] : columns;
}

function findFaults(file: SqliteFile): void {
  const database = openSqlite(file, 'copying');
  try {
    const [row] = database.prepare('PRAGMA integrity_check(1)').all() as { integrity_check: string }[];
    if (row?.integrity_check !== 'ok') throw new Error(`the copy is not sound: ${row?.integrity_check}`);
  } finally {
    database.close();
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
