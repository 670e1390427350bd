/** Directories of PyBitmessage with damage of every kind, taken over: a report or a refusal in words comes of it, and a store that is sound. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { MigrationRefusal } from '../../src/migration/refusal.js';
import { House } from '../migration/house.js';
import { mutate } from './mutate.js';
import { type Generator, generator } from './random.js';
import { VECTORS_DIRECTORY } from './vectors.js';

const VECTOR = `${VECTORS_DIRECTORY}pybitmessage-data`;

/** What another program, or somebody who wishes us ill, may have left in any column of any row. */
const VALUES = [
  'NULL',
  '0',
  '-1',
  '9223372036854775807',
  '9007199254740993',
  '8640000000001',
  '1e300',
  '-1e300',
  "'9e99'",
  "'-5'",
  "'99999999999999'",
  "''",
  "x''",
  "x'ff00fe'",
  "'BM-'",
  "'[Broadcast subscribers]'",
  "'a' || char(13,10) || 'Bcc: x@y'",
  "'msgqueued'",
  "'awaitingpubkey'",
  "'trash'",
  'zeroblob(300000)',
  'randomblob(32)',
  "replace(hex(zeroblob(50000)), '0', '<b>')",
];
const TABLES = [
  'inbox',
  'sent',
  'subscriptions',
  'addressbook',
  'blacklist',
  'whitelist',
  'pubkeys',
  'inventory',
  'objectprocessorqueue',
  'settings',
];
/** Tables that are none, or that do more than hold rows. */
const SCHEMAS = [
  'DROP TABLE inbox; CREATE TABLE inbox (msgid BLOB PRIMARY KEY, toaddress, fromaddress, subject, received, message, folder) WITHOUT ROWID; INSERT INTO inbox VALUES (1, 2, 3, 4, 5, 6, 7)',
  'DROP TABLE inbox; CREATE VIEW inbox AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x FROM n) SELECT x AS msgid, x AS toaddress FROM n',
  'DROP TABLE addressbook; CREATE VIEW addressbook AS SELECT 1 AS label, 2 AS address',
  'DROP TABLE sent; CREATE TABLE sent (a INTEGER, received, senttime GENERATED ALWAYS AS (abs(-9223372036854775807 - a)))',
  'DROP TABLE sent; CREATE VIRTUAL TABLE sent USING fts5(toaddress, fromaddress)',
  'CREATE TRIGGER t AFTER INSERT ON inbox BEGIN DELETE FROM inbox; END',
  'ALTER TABLE inbox RENAME COLUMN received TO rowid',
  'ALTER TABLE sent RENAME COLUMN toaddress TO "to""address"',
  'UPDATE inbox SET rowid = 9223372036854775807 WHERE rowid = (SELECT max(rowid) FROM inbox)',
  'UPDATE inbox SET rowid = -rowid',
  'DROP TABLE subscriptions; CREATE TABLE subscriptions (x)',
  'DROP TABLE pubkeys; CREATE TABLE pubkeys (address)',
  'DROP TABLE inventory; CREATE TABLE inventory (expirestime)',
  'DROP TABLE settings; CREATE TABLE settings (nothing)',
  'DROP TABLE objectprocessorqueue; CREATE TABLE objectprocessorqueue (x)',
];

export interface ImportFuzz {
  readonly taken: number;
  readonly refused: number;
}

/** @throws for anything that is neither a report nor a refusal, with the seed and what was changed */
export async function fuzzImports(count: number, seed: number): Promise<ImportFuzz> {
  const result = { taken: 0, refused: 0 };
  for (let round = 0; round < count; round++) {
    const random = generator(seed + round);
    const directory = mkdtempSync(join(tmpdir(), 'postern-hostile-'));
    cpSync(VECTOR, directory, { recursive: true });
    const change = damage(directory, random);
    const house = new House();
    try {
      await house.migration.importPybitmessage(directory, { resume: random.below(2) === 0 }, () => {});
      result.taken++;
    } catch (error) {
      if (!(error instanceof MigrationRefusal)) throw new Error(`seed ${seed + round}: ${change}`, { cause: error });
      result.refused++;
    } finally {
      assert.equal(house.database.get<{ integrity_check: string }>('PRAGMA integrity_check')?.integrity_check, 'ok');
      house.end();
      rmSync(directory, { recursive: true });
    }
  }
  return result;
}

/** Answers what was done, for whoever has to repeat it. */
function damage(directory: string, random: Generator): string {
  switch (random.below(6)) {
    case 0:
      return `keys.dat: ${damageText(join(directory, 'keys.dat'), random)}`;
    case 1:
      return `knownnodes.dat: ${damageText(join(directory, 'knownnodes.dat'), random)}`;
    case 2:
      return damageBytes(join(directory, 'messages.dat'), random);
    case 3:
      return execute(directory, random.pick(SCHEMAS));
    default:
      return Array.from({ length: 1 + random.below(6) }, () => execute(directory, damageRows(directory, random))).join('; ');
  }
}

function damageText(path: string, random: Generator): string {
  const lines = readFileSync(path, 'latin1').split('\n');
  for (let times = 1 + random.below(8); times > 0; times--) {
    const at = random.below(lines.length);
    lines[at] = random.below(4) === 0 ? random.pick(lines) : mutate(lines[at] ?? '', lines, random);
  }
  writeFileSync(path, lines.join('\n'), 'latin1');
  return JSON.stringify(lines.join('\n').slice(0, 3000));
}

function damageBytes(path: string, random: Generator): string {
  const bytes = readFileSync(path);
  const changes: string[] = [];
  for (let times = 1 + random.below(60); times > 0; times--) {
    const at = random.below(random.below(4) === 0 ? 200 : bytes.length);
    bytes[at] = random.below(256);
    changes.push(`${at}=${bytes[at]}`);
  }
  const length = random.below(4) === 0 ? random.below(bytes.length) : bytes.length;
  writeFileSync(path, bytes.subarray(0, length));
  return `messages.dat: ${changes.join()}, ${length} bytes`;
}

function damageRows(directory: string, { below, pick }: Generator): string {
  const db = new DatabaseSync(join(directory, 'messages.dat'), { readOnly: true });
  try {
    const table = pick(TABLES);
    const columns = db.prepare(`SELECT name FROM pragma_table_info('${table}')`).all() as { name: string }[];
    const value = pick(VALUES);
    return columns.length === 0
      ? ''
      : `UPDATE ${table} SET ${pick(columns).name} = ${value} ${below(2) === 0 ? '' : `WHERE rowid % 3 = ${below(3)}`}`;
  } finally {
    db.close();
  }
}

/** Not every change is possible after another one. */
function execute(directory: string, sql: string): string {
  const db = new DatabaseSync(join(directory, 'messages.dat'));
  try {
    db.exec(sql);
    return sql;
  } catch (error) {
    return `${sql}: ${(error as Error).message}`;
  } finally {
    db.close();
  }
}
