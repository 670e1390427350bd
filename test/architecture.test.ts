/** The picture of docs/ARCHITECTURE.md held against the real imports: who may import whom, which files are doors, which rooms are pure. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';

/** The sources, seen from dist/test. */
const SOURCE = new URL('../../src/', import.meta.url).pathname;

/**
 * A room and what it may import. An entry is a room, or one file of a room (its door).
 * A new arrow is added here in the commit that needs it, with the reason in its message.
 */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  // 1: the ground
  base: [],
  // What is said to people, in each language; whoever speaks to them knows it.
  words: [],
  config: ['words'],
  mime: [],
  'store/sqlite-file': ['store/database', 'store/sealed-driver'],
  'store/sealed-driver': ['store/database', 'store/sqlite-file'],
  'store/rewrite': ['store/database', 'store/sealed-driver', 'store/sqlite-file'],
  'store/database': ['base', 'store/migrations', 'store/log-sync', 'store/sqlite-file'],
  'store/log-sync': [],
  'store/schema-age': ['store/migrations', 'store/sqlite-file'],
  'store/checkpointer': ['base', 'store/database', 'store/checkpoint', 'store/sqlite-file'],
  'store/checkpoint-worker': ['base', 'store/checkpoint'],
  'store/checkpoint': ['store/sqlite-file'],
  'store/migrations': [
    'store/database',
    'store/contacts',
    'store/imports',
    'store/key-slots',
    'store/links',
    'store/chan-limits',
    'store/held-mail',
    'store/spellings',
    'store/orders',
    'store/readings',
    'store/mail',
    'store/node',
  ],
  'store/links': ['store/database'],
  'store/chan-limits': ['store/database'],
  'store/held-mail': ['store/database'],
  'store/spellings': ['store/database', 'store/held-mail'],
  'store/contacts': ['store/database'],
  'store/orders': ['store/database'],
  'store/readings': ['store/database'],
  'store/imports': ['store/database'],
  'store/foreign': ['store/database', 'store/sqlite-file'],
  'store/snapshot': ['store/database', 'store/sqlite-file'],
  'store/instance-lock': ['store/sqlite-file'],
  'store/disk-room': ['base'],
  'store/file-form': [],
  'store/key-slots': ['store/database', 'store/rewrite'],
  'store/mail': ['base', 'store/database', 'store/sqlite-file'],
  'store/node': ['base', 'store/database'],
  // 2: work, and who may enter
  pow: ['base'],
  access: ['base', 'words', 'config'],
  // 3: three doors
  smtp: ['base', 'words', 'access'],
  namecoin: ['base'],
  // A fourth door, for address book programs: as imap it asks the house through an interface of its own.
  carddav: ['base', 'access', 'mime'],
  imap: ['base', 'words', 'access', 'mime', 'store/mail'],
  'imap/wire': ['base'],
  'imap/search': ['imap/wire', 'base', 'mime', 'store/mail'],
  'imap/sort': ['base', 'mime', 'store/mail'],
  'imap/thread': ['imap/sort', 'base', 'mime', 'store/mail'],
  'bitmessage/wire': ['base'],
  'bitmessage/crypto': ['base', 'bitmessage/wire'],
  'bitmessage/objects': ['base', 'pow', 'bitmessage/wire', 'bitmessage/crypto'],
  'bitmessage/network': ['base', 'store/node', 'bitmessage/wire', 'bitmessage/crypto', 'bitmessage/inventory', 'bitmessage/takeover'],
  'bitmessage/inventory': ['base', 'pow', 'store/node', 'bitmessage/wire', 'bitmessage/crypto'],
  'bitmessage/messaging': [
    'base',
    'pow',
    'store/database',
    'store/node',
    'bitmessage/wire',
    'bitmessage/crypto',
    'bitmessage/objects',
    'bitmessage/inventory',
    'bitmessage/network',
    'bitmessage/node',
    'bitmessage/takeover',
    'bitmessage/key-vault',
  ],
  'bitmessage/takeover': ['base', 'bitmessage/node'],
  'bitmessage/key-vault': [],
  'bitmessage/node': ['base', 'bitmessage/takeover', 'bitmessage/crypto', 'bitmessage/network/route-status'],
  'bitmessage/create-node': [
    'bitmessage/key-vault',
    'base',
    'pow',
    'store/database',
    'store/node',
    'bitmessage/node',
    'bitmessage/wire',
    'bitmessage/inventory',
    'bitmessage/network',
    'bitmessage/messaging',
  ],
  // 4: the only room that knows both sides
  mapping: [
    'base',
    'mime',
    'access/login',
    'store/database',
    'store/contacts',
    'store/links',
    'store/chan-limits',
    'store/held-mail',
    'store/spellings',
    'store/orders',
    'store/readings',
    'store/mail',
    'store/node/sender-lists', // whom the owner blocked: the node asks mapping for the verdict
    'smtp/submission',
    'imap/folder-rules',
    'carddav/address-books',
    'namecoin', // the answers of a name server
    'words',
    'bitmessage/key-vault', // the passphrases of chans are kept like keys
    'bitmessage/node',
    'bitmessage/crypto/address',
    'bitmessage/crypto/address-alias',
    'bitmessage/crypto/spellings', // pure: whether lost capital letters can be found
    'bitmessage/wire/content',
    'bitmessage/wire/bytes', // DecodeError: a damaged content is shown as such
  ],
  // 4: one step above mapping, whose mails it makes: moving in and out. Keys are brought and taken as they are, hence the formats of the node.
  migration: [
    'base',
    'words',
    'mime',
    'mapping',
    'store/contacts',
    'store/database',
    'store/foreign',
    'store/imports',
    'store/links',
    'store/mail',
    'store/node/sender-lists',
    'bitmessage/node',
    'bitmessage/takeover',
    'bitmessage/crypto',
    'bitmessage/objects/pubkey-data',
    'bitmessage/wire/bytes',
    'bitmessage/wire/content',
  ],
  'migration/formats': ['mime', 'bitmessage/crypto', 'bitmessage/wire/bytes'],
  // 4: beside migration: copies of the whole data directory.
  backup: ['base', 'words', 'access/slot-file', 'store/file-form', 'store/snapshot', 'store/sqlite-file'],
  // 4: beside it: the database encrypted as a whole, and back.
  sealing: [
    'base',
    'words',
    'access',
    'backup/archive',
    'store/database',
    'store/file-form',
    'store/instance-lock',
    'store/key-slots',
    'store/rewrite',
    'store/sealed-driver',
    'store/snapshot',
    'store/sqlite-file',
  ],
  // 5: every operation, named once
  control: [
    'base',
    'words',
    'config',
    'mapping',
    'migration',
    'backup',
    'sealing',
    'access',
    'bitmessage/node',
    'bitmessage/crypto/address',
    'bitmessage/crypto/address-alias',
    'mime/vcard',
  ],
  // 6: the house is built
  gateway: ['*'],
  // 7: two faces
  web: ['base', 'words', 'control', 'access'],
  cli: ['base', 'words', 'config', 'control', 'gateway'],
};

/** Rooms and files that only compute: no sockets, files, threads, timers, SQL. */
const PURE = [
  'words',
  'bitmessage/wire',
  'bitmessage/crypto',
  'bitmessage/objects',
  'imap/wire',
  'imap/search',
  'imap/sort',
  'imap/thread',
  'mime',
  'migration/formats',
];
const IMPURE_MODULES = /^node:(net|tls|fs|dns|dgram|http|https|worker_threads|child_process|timers)/;

interface Import {
  readonly from: string;
  readonly to: string;
}

const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.replaceAll('\\', '/').replace(/\.ts$/, ''));

/** The longest room name that a file lies in (or is). */
function roomOf(file: string): string | undefined {
  return Object.keys(ARROWS)
    .filter((room) => file === room || file.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)[0];
}

function importsOf(file: string): { inner: Import[]; modules: string[] } {
  const text = readFileSync(join(SOURCE, `${file}.ts`), 'utf8');
  const specifiers = [...text.matchAll(/^\s*(?:import|export)\s[^'"]*?from\s+'([^']+)'|^\s*import\s+'([^']+)'|import\('([^']+)'\)/gm)].map(
    (match) => match[1] ?? match[2] ?? match[3],
  );
  const inner = specifiers
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => ({ from: file, to: relative('.', normalize(join(dirname(file), specifier))).replace(/\.js$/, '') }));
  return { inner, modules: specifiers.filter((specifier) => !specifier.startsWith('.')) };
}

function allowed(arrow: Import): boolean {
  const from = roomOf(arrow.from);
  const to = roomOf(arrow.to);
  if (from === undefined || to === undefined) return false;
  // A file of a room may use the whole room, the rooms inside it, and (from inside) the room around it.
  if (from === to || to.startsWith(`${from}/`) || from.startsWith(`${to}/`)) return true;
  return ARROWS[from].some((entry) => entry === '*' || entry === to || arrow.to === entry || to.startsWith(`${entry}/`));
}

describe('architecture', () => {
  it('has a room for every file', () => {
    assert.deepEqual(
      files.filter((file) => roomOf(file) === undefined),
      [],
    );
  });

  it('has only the arrows of the table', () => {
    const wrong = files.flatMap((file) => importsOf(file).inner).filter((arrow) => !allowed(arrow));
    assert.deepEqual(
      wrong.map((arrow) => `${arrow.from} -> ${arrow.to}`),
      [],
    );
  });

  it('keeps the pure rooms pure', () => {
    const wrong = files
      .filter((file) => PURE.includes(roomOf(file) ?? ''))
      .flatMap((file) =>
        importsOf(file)
          .modules.filter((module) => IMPURE_MODULES.test(module))
          .map((module) => `${file} -> ${module}`),
      );
    assert.deepEqual(wrong, []);
  });

  it('keeps all SQL in store', () => {
    const wrong = files.filter(
      (file) =>
        !file.startsWith('store/') &&
        /\b(SELECT\s+[\w*].*\bFROM|INSERT INTO|DELETE FROM|CREATE TABLE)\b/.test(readFileSync(join(SOURCE, `${file}.ts`), 'utf8')),
    );
    assert.deepEqual(wrong, []);
  });

  it('opens SQLite files in one place', () => {
    const drivers = files.filter(
      (file) =>
        importsOf(file).modules.some((module) => /sqlite/.test(module)) ||
        /better-sqlite3/.test(readFileSync(join(SOURCE, `${file}.ts`), 'utf8')),
    );
    assert.deepEqual(drivers.sort(), ['store/sealed-driver', 'store/sqlite-file']);
  });

  it('opens every file with a sentence that says what it does', () => {
    const wrong = files.filter((file) => !/^(#!.*\n)?\/\*\*/.test(readFileSync(join(SOURCE, `${file}.ts`), 'utf8')));
    assert.deepEqual(wrong, []);
  });

  it('has no file over 400 lines', () => {
    const long = files.filter((file) => readFileSync(join(SOURCE, `${file}.ts`), 'utf8').split('\n').length > 400);
    assert.deepEqual(long, []);
  });
});
