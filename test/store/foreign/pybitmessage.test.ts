import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { ForeignDatabaseError, PybitmessageDatabase } from '../../../src/store/foreign/pybitmessage.js';
import { VECTORS_DIRECTORY } from '../../support/vectors.js';

type Rows = Record<string, unknown>[];

const vector = `${VECTORS_DIRECTORY}pybitmessage-data/`;
const expected = (JSON.parse(readFileSync(`${vector}expected.json`, 'utf8')) as { tables: Record<string, Rows> }).tables;
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
/** As expected.json writes a row: names without capitals, bytes as hex. */
const plain = (row: object, omit: readonly string[] = []): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(row)
      .filter(([name]) => !omit.includes(name))
      .map(([name, value]) => [name.toLowerCase(), value instanceof Uint8Array ? hex(value) : value]),
  );

describe('foreign/pybitmessage', () => {
  const directory = mkdtempSync(join(tmpdir(), 'postern-foreign-'));
  after(() => rmSync(directory, { recursive: true }));

  const make = (name: string, sql: string): string => {
    const path = join(directory, name);
    const db = new DatabaseSync(path);
    db.exec(sql);
    db.close();
    return path;
  };

  describe('the data that PyBitmessage left', () => {
    let database: PybitmessageDatabase;
    before(() => (database = new PybitmessageDatabase(`${vector}messages.dat`)));
    after(() => database.close());

    it('has schema 11', () => assert.equal(database.schema, 11));

    it('holds every received message, field by field', () => {
      const rows = database.mails('inbox', 0, 1000).map(({ id, time }) => ({ ...database.inboxRow(id)!, time }));
      assert.deepEqual(
        rows.map((row) => plain({ ...row, read: row.read ? 1 : 0, received: String(row.received) }, ['time'])),
        expected.inbox,
      );
      assert.deepEqual(
        rows.map(({ time }) => String(time)),
        expected.inbox.map(({ received }) => received),
      );
    });

    it('holds every sent message, field by field', () => {
      const rows = database.mails('sent', 0, 1000).map(({ id }) => database.sentRow(id)!);
      assert.deepEqual(
        rows.map(({ sentTime, ...row }) => ({ ...plain(row), senttime: sentTime })),
        expected.sent,
      );
    });

    for (const table of ['subscriptions', 'blacklist', 'whitelist', 'addressbook'] as const)
      it(`holds the ${table}`, () =>
        assert.deepEqual(
          database
            .addresses(table, 0, 100)
            .map(({ id, ...row }) => plain({ ...row, enabled: row.enabled ? 1 : 0 }, table === 'addressbook' ? ['enabled'] : [])),
          expected[table],
        ));

    it('holds the public keys', () => {
      assert.deepEqual(
        database.pubkeys(0, 1000).map((row) => plain({ ...row, usedPersonally: row.usedPersonally ? 'yes' : 'no' }, ['id'])),
        expected.pubkeys,
      );
    });

    it('holds the objects, whichever way they are asked for', () => {
      const rows: Rows = [];
      for (let afterId = 0; ; ) {
        const page = database.objects(afterId, 7);
        if (page.length === 0) break;
        rows.push(...page.map((row) => plain(row, ['id', 'payload'])));
        afterId = page[page.length - 1].id;
      }
      assert.deepEqual(rows, expected.inventory);
      assert.ok(database.objects(0, 1)[0].payload.length > 22);
    });

    it('had processed everything', () => assert.deepEqual(database.unprocessed(0, 10), []));
  });

  it('reads bytes that are no UTF-8, numbers as text and text as numbers', () => {
    const path = make(
      'odd.dat',
      `CREATE TABLE inbox (msgid blob, toaddress text, fromaddress text, subject text, received text, message text, folder text,
         encodingtype int, read bool, sighash blob);
       CREATE TABLE sent (msgid blob);
       CREATE TABLE subscriptions (label text, address text, enabled bool);
       CREATE TABLE settings (key blob, value blob);
       INSERT INTO settings VALUES ('version', 11);
       INSERT INTO inbox VALUES ('text id', 'a', 'b', x'ff41', 1700000000, 12, 'inbox', '2', 'true', NULL);
       INSERT INTO subscriptions VALUES (x'c3a4', 'x', '1'), (7, 'y', 0), (NULL, 'z', 'true');`,
    );
    const database = new PybitmessageDatabase(path);
    const row = database.inboxRow(1)!;
    assert.deepEqual(
      [row.subject, row.received, row.message, row.encodingType, row.read, row.sighash.length, hex(row.msgid)],
      ['\ufffdA', 1_700_000_000, '12', 2, true, 0, hex(Buffer.from('text id'))],
    );
    assert.deepEqual(
      database.addresses('subscriptions', 0, 10).map(({ label, enabled }) => [label, enabled]),
      [
        ['ä', true],
        ['7', false],
        ['', true],
      ],
    );
    database.close();
  });

  for (const [name, sql, schema] of [
    [
      'schema-9.dat',
      `CREATE TABLE inbox (msgid blob, toaddress text, fromaddress text, subject text, received text, message text, folder text,
         encodingtype int, read bool, sighash blob);
       CREATE TABLE sent (msgid blob, toaddress text, toripe blob, fromaddress text, subject text, message text, ackdata blob,
         lastactiontime integer, status text, pubkeyretrynumber integer, msgretrynumber integer, folder text, encodingtype int);
       CREATE TABLE settings (key blob, value blob); INSERT INTO settings VALUES ('version', '9');`,
      9,
    ],
    [
      'no-settings.dat',
      `CREATE TABLE inbox (msgid blob, toaddress text, fromaddress text, subject text, received text, message text, folder text);
       CREATE TABLE sent (msgid blob, toaddress text, toripe blob, fromaddress text, subject text, message text, ackdata blob,
         lastactiontime integer, status text, pubkeyretrynumber integer, msgretrynumber integer, folder text);
       CREATE TABLE pubkeys (hash blob, transmitdata blob, time int, usedpersonally text);`,
      0,
    ],
  ] as const)
    it(`reads mails of ${name}`, () => {
      const path = make(
        name,
        `${sql} INSERT INTO inbox (msgid, toaddress, fromaddress, subject, received, message, folder) VALUES (x'01', 'a', 'b', 's', '5', 'm', 'inbox');
         INSERT INTO sent (msgid, lastactiontime, msgretrynumber, status) VALUES (x'02', 7, 3, 'ackreceived');`,
      );
      const database = new PybitmessageDatabase(path);
      assert.equal(database.schema, schema);
      assert.deepEqual(database.mails('sent', 0, 10), [{ id: 1, time: 7 }]);
      const { sentTime, retryNumber, ttl, encodingType } = database.sentRow(1)!;
      assert.deepEqual([sentTime, retryNumber, ttl, encodingType], [7, 3, 216_000, 2]);
      assert.deepEqual([database.inboxRow(1)!.read, database.inboxRow(1)!.encodingType], [true, 2]);
      assert.deepEqual([database.pubkeys(0, 10), database.objects(0, 10), database.addresses('blacklist', 0, 10)], [[], [], []]);
      database.close();
    });

  it('refuses what is no messages.dat, and one from the future', () => {
    const garbage = join(directory, 'garbage.dat');
    writeFileSync(garbage, 'This is not a database, and long enough to be looked at. '.repeat(50));
    assert.throws(() => new PybitmessageDatabase(garbage), ForeignDatabaseError);
    assert.throws(() => new PybitmessageDatabase(make('other.dat', 'CREATE TABLE x (y)')), /not a database of PyBitmessage/);
    const future = 'CREATE TABLE inbox (x); CREATE TABLE sent (x); CREATE TABLE settings (key, value); INSERT INTO settings VALUES';
    assert.throws(() => new PybitmessageDatabase(make('future.dat', `${future} ('version', 12)`)), /schema 12/);
  });
});
