/** The driver of encrypted files does what the usual one does, and nobody reads or changes a file without its key. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Connection, openSqlite, type SqliteFile } from '../../src/store/sqlite-file.js';
import { needsSealedDriver } from '../support/sealed.js';

const KEY = new Uint8Array(32).fill(7);
const SCHEMA = 'CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, bytes BLOB, text TEXT) STRICT;';
const PAGE_BYTES = 4096;

describe('encrypted database files', () => {
  needsSealedDriver();
  let directory: string;
  let open: Connection[];
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'postern-sealed-'));
    open = [];
  });
  afterEach(() => {
    for (const connection of open) connection.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const path = (name = 'sealed.sqlite'): string => join(directory, name);
  const sealed = (name?: string, key = KEY): SqliteFile => ({ path: path(name), key });
  const opened = (file: SqliteFile, purpose: Parameters<typeof openSqlite>[1] = 'database'): Connection => {
    const connection = openSqlite(file, purpose);
    open.push(connection);
    return connection;
  };
  const both = (): [Connection, Connection] => {
    const pair: [Connection, Connection] = [opened(path('plain.sqlite')), opened(sealed())];
    for (const connection of pair) connection.exec(SCHEMA);
    return pair;
  };

  for (const [what, work] of [
    ['bytes as a Uint8Array', (db) => db.prepare("SELECT x'0102' AS a, NULL AS b, 'c' AS c").get()],
    ['whole numbers as such, others as such', (db) => db.prepare('SELECT typeof(?) AS a, typeof(?) AS b, ? / 2 AS c').get(5, 5.5, 3)],
    ['large whole numbers', (db) => db.prepare('SELECT typeof(?) AS a, ? AS b, typeof(?) AS c').get(2 ** 40, 2 ** 40, 5n)],
    ['parameters by number', (db) => db.prepare('SELECT ?2 AS a, ?1 AS b, ?2 AS c').get(1, 'two')],
    ['what a change has changed', (db) => db.prepare('INSERT INTO t (text) VALUES (?)').run('x')],
    ['rows of a change', (db) => db.prepare('INSERT INTO t (text) VALUES (?) RETURNING id, text').all('x')],
    ['a change that answers rows nobody wants', (db) => db.prepare('INSERT INTO t (text) VALUES (?) RETURNING id').run('x')],
    ['a change that is asked for rows', (db) => [db.prepare('DELETE FROM t').all(), db.prepare('DELETE FROM t').get()]],
    ['nothing found', (db) => [db.prepare('SELECT * FROM t').get(), db.prepare('SELECT * FROM t').all()]],
    ['how far a log is taken over', (db) => db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()],
    ['texts found by runs of characters', findText],
  ] as [string, (db: Connection) => unknown][])
    it(`answers ${what} as the usual driver does`, () => {
      const [plain, other] = both();
      assert.deepEqual(plainly(work(other)), plainly(work(plain)));
    });

  it('goes on reading rows while others are written', () => {
    for (const connection of both()) {
      for (let i = 0; i < 5; i++) connection.prepare('INSERT INTO t (bytes) VALUES (?)').run(Uint8Array.of(i));
      const seen: unknown[] = [];
      for (const row of connection.prepare('SELECT id, bytes FROM t WHERE id <= 5').iterate()) {
        connection.prepare('INSERT INTO t (text) VALUES (?)').run('meanwhile');
        seen.push(row);
      }
      assert.equal(seen.length, 5);
      assert.deepEqual((seen[4] as { bytes: unknown }).bytes, Uint8Array.of(4));
    }
  });

  it('says by the same number what went wrong', () => {
    const [plain, other] = both();
    for (const connection of [plain, other]) {
      connection.exec('BEGIN IMMEDIATE');
      const second = opened(connection === plain ? path('plain.sqlite') : sealed(), 'checkpoint');
      assert.throws(() => second.exec('BEGIN IMMEDIATE'), { errcode: 5 });
      connection.exec('ROLLBACK');
    }
  });

  it('leaves nothing readable: not in the file, not in its log, not in what is sorted', () => {
    const connection = opened(sealed());
    connection.exec(SCHEMA);
    connection.exec('BEGIN');
    for (let i = 0; i < 2000; i++) connection.prepare('INSERT INTO t (text) VALUES (?)').run(`a readable sentence ${i}`);
    connection.exec('COMMIT');
    assert.deepEqual(connection.prepare('PRAGMA temp_store').get(), { temp_store: 2 });
    for (const name of ['sealed.sqlite', 'sealed.sqlite-wal', 'sealed.sqlite-shm'])
      for (const text of ['readable', 'CREATE TABLE', 'SQLite format'])
        assert.ok(!readFileSync(path(name)).includes(text), `${text} in ${name}`);
  });

  it('has each page look otherwise each time it is written, and in each file', () => {
    const images = ['one.sqlite', 'two.sqlite'].map((name) => {
      const connection = openSqlite(sealed(name), 'database');
      connection.exec(`${SCHEMA} INSERT INTO t (text) VALUES ('the same')`);
      connection.close();
      return readFileSync(path(name));
    });
    for (let at = 0; at < images[0].length; at += 64) assert.notDeepEqual(images[0].subarray(at, at + 32), images[1].subarray(at, at + 32));
  });

  for (const [why, key] of [
    ['with another key', new Uint8Array(32)],
    ['without a key', null],
  ] as const)
    it(`is not opened ${why}, and stays as it is`, () => {
      const connection = openSqlite(sealed(), 'database');
      connection.exec(SCHEMA);
      connection.close();
      const before = readFileSync(path());
      assert.throws(() => opened(key === null ? path() : { path: path(), key }), { errcode: 26 });
      assert.deepEqual(readFileSync(path()), before);
    });

  for (const [what, harm] of [
    ['one changed bit', (bytes: Buffer) => bytes.writeUInt8(bytes[5 * PAGE_BYTES + 1000] ^ 1, 5 * PAGE_BYTES + 1000)],
    [
      'two pages that were exchanged',
      (bytes: Buffer) => {
        const fifth = Buffer.from(bytes.subarray(5 * PAGE_BYTES, 6 * PAGE_BYTES));
        bytes.copy(bytes, 5 * PAGE_BYTES, 6 * PAGE_BYTES, 7 * PAGE_BYTES);
        fifth.copy(bytes, 6 * PAGE_BYTES);
      },
    ],
  ] as const)
    it(`notices ${what}`, () => {
      const connection = openSqlite(sealed(), 'database');
      connection.exec(SCHEMA);
      for (let i = 0; i < 20; i++) connection.prepare('INSERT INTO t (bytes) VALUES (?)').run(new Uint8Array(3000).fill(i));
      connection.close();
      const bytes = readFileSync(path());
      harm(bytes);
      writeFileSync(path(), bytes);
      assert.throws(() => opened(sealed(), 'reading').prepare('SELECT bytes FROM t').all(), /malformed|not a database/);
    });
});

function findText(db: Connection): unknown {
  db.exec("CREATE VIRTUAL TABLE words USING fts5(text, content = '', contentless_delete = 1, detail = none, tokenize = 'trigram')");
  db.prepare('INSERT INTO words (rowid, text) VALUES (?, ?)').run(3, 'a needle in hay');
  return db.prepare('SELECT rowid FROM words WHERE words MATCH ?').all('"nee" AND "dle"');
}

/** Without prototypes, in which drivers differ and nobody cares. */
function plainly(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainly);
  if (value instanceof Uint8Array) return [value.constructor.name, ...value];
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plainly(v)])) : value;
}
