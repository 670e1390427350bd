import assert from 'node:assert/strict';
import { on } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { Backup } from '../../src/backup/backup.js';
import { BackupRefusal } from '../../src/backup/refusal.js';
import { restoreBackup } from '../../src/backup/restore.js';
import { SealError, seal, unseal } from '../../src/backup/seal.js';
import { type TarFile, writeTar } from '../../src/backup/tar.js';
import { silentLogger } from '../../src/base/log.js';
import { describeMessage } from '../../src/mime/describe.js';
import { Database } from '../../src/store/database.js';
import { SqliteMailboxes } from '../../src/store/mail/mailboxes.js';
import { SqliteMessages } from '../../src/store/mail/messages.js';
import { House, NOW } from '../migration/house.js';

const PASSPHRASE = 'correct horse battery';
/** The least that age allows: the tests are not about guessing. */
const WORK_FACTOR = 1;
const isRefusal = (pattern: RegExp) => (error: Error) => error instanceof BackupRefusal && pattern.test(error.message);

async function* inChunks(bytes: Buffer, length: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += length) yield bytes.subarray(start, start + length);
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

describe('seal', () => {
  const text = Buffer.from('0123456789'.repeat(20_000));
  let sealed: Buffer;
  before(async () => (sealed = await collect(seal(inChunks(text, 1000), PASSPHRASE, WORK_FACTOR))));

  it('is age, version 1, with a passphrase', () => assert.match(sealed.toString('latin1', 0, 60), /^age-encryption\.org\/v1\n-> scrypt /));

  for (const chunk of [100, 65_536, 1_000_000])
    it(`opens what it sealed, in chunks of ${chunk}`, async () =>
      assert.deepEqual(await collect(unseal(inChunks(sealed, chunk), PASSPHRASE)), text));

  for (const [change, pattern] of [
    [(bytes: Buffer) => bytes.subarray(0, bytes.length - 1), /damaged|cut/],
    [(bytes: Buffer) => bytes.subarray(0, 150_000), /damaged|cut/],
    [(bytes: Buffer) => Buffer.concat([bytes.subarray(0, 5000), Buffer.from([bytes[5000] ^ 1]), bytes.subarray(5001)]), /damaged/],
    [() => Buffer.from('something else'), /not a backup|damaged/],
    [() => Buffer.alloc(0), /not a backup|damaged/],
  ] as const)
    it(`says ${pattern.source} to ${change}`, () =>
      assert.rejects(
        collect(unseal(inChunks(change(sealed), 1000), PASSPHRASE)),
        (error: Error) => error instanceof SealError && pattern.test(error.message),
      ));

  it('says so when the passphrase is wrong', () =>
    assert.rejects(collect(unseal(inChunks(sealed, 1000), 'another one')), /passphrase is wrong/));
});

describe('backup', function () {
  this.timeout(30_000);
  let house: House;
  let backup: Backup;
  let directory: string;
  beforeEach(() => {
    house = new House();
    directory = mkdtempSync(join(tmpdir(), 'postern-backup-'));
    backup = new Backup({ dataDirectory: house.directory, key: null, workFactor: WORK_FACTOR }, { clock: house.clock, log: silentLogger });
    writeFileSync(join(house.directory, 'login.json'), '{"user":"postern"}');
    writeFileSync(join(house.directory, 'config.toml'), '[log]\nlevel = "info"\n');
    mkdirSync(join(house.directory, 'certificates'));
    writeFileSync(join(house.directory, 'certificates', 'ca.pem'), 'CA');
  });
  afterEach(async () => {
    await backup.stop();
    house.end();
    rmSync(directory, { recursive: true });
  });
  const append = (path: string, ...texts: string[]): number[] =>
    house.mailboxes.append(
      house.mailboxes.find(path)!.id,
      texts.map((text) => ({ raw: Buffer.from(`Subject: ${text}\r\n\r\n`), flags: ['\\Seen', 'word'], internalDate: NOW, identity: '' })),
    );
  const file = (): string => join(directory, 'mine.age');

  it('gives back the same folders, UIDs, flags, texts and keys on another machine', async () => {
    const identity = await house.node.createIdentity({ label: 'Me' });
    append('INBOX', 'one', 'two', 'three');
    house.mailboxes.expunge(house.mailboxes.find('INBOX')!.id, [2]);
    append('Sent', 'sent');
    const made = backup.make(file(), PASSPHRASE);
    const { size } = await made;
    assert.equal(statSync(file()).size, size);
    assert.equal(statSync(file()).mode & 0o077, 0);
    assert.ok(!readFileSync(file()).includes('Subject'));
    assert.deepEqual(readdirSync(directory), ['mine.age']);
    assert.deepEqual(
      readdirSync(house.directory).filter((name) => name.startsWith('backup-')),
      [],
    );

    const target = join(directory, 'new', 'data');
    assert.equal((await restoreBackup(file(), PASSPHRASE, target)).createdAt, NOW);
    assert.equal(statSync(target).mode & 0o077, 0);
    assert.deepEqual(readdirSync(target).sort(), ['certificates', 'config.toml', 'login.json', 'postern.sqlite']);
    for (const name of ['login.json', 'config.toml', 'certificates/ca.pem'])
      assert.deepEqual(readFileSync(join(target, name)), readFileSync(join(house.directory, name)));
    const database = new Database(join(target, 'postern.sqlite'));
    try {
      const [mailboxes, messages] = [new SqliteMailboxes(database, describeMessage, house.clock), new SqliteMessages(database)];
      const see = (boxes: SqliteMailboxes, texts: SqliteMessages) =>
        boxes.list().map(({ id, path, uidValidity, objectId }) => ({
          id,
          path,
          uidValidity,
          objectId,
          mails: boxes
            .entries(id, boxes.uids(id, null))
            .map(({ uid, flags, messageId }) => [uid, flags, texts.raw(messageId).toString(), texts.objectIds(messageId)]),
        }));
      assert.deepEqual(see(mailboxes, messages), see(house.mailboxes, house.messages));
      assert.deepEqual(mailboxes.subscriptions(), house.mailboxes.subscriptions());
      const row = database.get<{ address: string }>('SELECT address FROM identities');
      assert.equal(row?.address, identity.address);
    } finally {
      database.close();
    }
  });

  it('never gives out again what was given out after the backup', async () => {
    append('INBOX', 'one');
    await backup.make(file(), PASSPHRASE);
    const inbox = house.mailboxes.find('INBOX')!;
    const [lost] = append('INBOX', 'lost');
    const lostFolder = house.mailboxes.create('Lost');
    const { modseq, messageId } = house.mailboxes.entries(inbox.id, [lost])[0];
    await restoreBackup(file(), PASSPHRASE, join(directory, 'data'));
    const database = new Database(join(directory, 'data', 'postern.sqlite'));
    try {
      const mailboxes = new SqliteMailboxes(database, describeMessage, house.clock);
      const again = mailboxes.find('INBOX')!;
      assert.equal(again.uidValidity, inbox.uidValidity);
      assert.ok(again.uidNext > lost && again.highestModseq > modseq);
      const [uid] = mailboxes.append(again.id, [{ raw: Buffer.from('\r\n'), flags: [], internalDate: NOW, identity: '' }]);
      const entry = mailboxes.entries(again.id, [uid])[0];
      assert.ok(entry.modseq > modseq && entry.messageId > messageId);
      const folder = mailboxes.create('Lost');
      assert.ok(folder.id > lostFolder.id);
      // Who remembers the old state is told that it is no longer known what went.
      assert.deepEqual(mailboxes.changesSince(again.id, null, modseq).expunged?.length !== 0 || again.highestModseq > modseq, true);
    } finally {
      database.close();
    }
  });

  it('is of one moment, while mail keeps coming', async () => {
    append('INBOX', 'before');
    const made = backup.make(file(), PASSPHRASE);
    for (let i = 0; i < 20; i++) {
      append('INBOX', `during ${i}`);
      await new Promise(setImmediate);
    }
    await made;
    await restoreBackup(file(), PASSPHRASE, join(directory, 'data'));
    const database = new Database(join(directory, 'data', 'postern.sqlite'));
    const mailboxes = new SqliteMailboxes(database, describeMessage, house.clock);
    const uids = mailboxes.uids(mailboxes.find('INBOX')!.id, null);
    assert.deepEqual(
      uids,
      uids.map((_, i) => i + 1),
    );
    assert.equal(mailboxes.counts(mailboxes.find('INBOX')!.id, null).messages, uids.length);
    database.close();
  });

  it('refuses a short passphrase, a file that is there, and a place where it cannot write', async () => {
    await assert.rejects(backup.make(file(), 'short'), isRefusal(/at least 10 characters/));
    writeFileSync(file(), 'mine');
    await assert.rejects(backup.make(file(), PASSPHRASE), isRefusal(/is there already/));
    assert.equal(readFileSync(file(), 'utf8'), 'mine');
    await assert.rejects(backup.make(join(directory, 'nowhere', 'x'), PASSPHRASE), isRefusal(/cannot be written/));
    assert.deepEqual(
      readdirSync(house.directory).filter((name) => name.startsWith('backup-')),
      [],
    );
  });

  it('makes one at a time, and ends with the gateway', async () => {
    append('INBOX', 'x'.repeat(30_000_000));
    const first = backup.make(file(), PASSPHRASE);
    const watcher = watch(house.directory);
    for await (const [, name] of on(watcher, 'change')) if (name === 'backup-snapshot.sqlite') break;
    watcher.close();
    await assert.rejects(backup.make(join(directory, 'other'), PASSPHRASE), isRefusal(/another backup is under way/));
    const ended = assert.rejects(first, isRefusal(/the gateway is stopping/));
    await backup.stop();
    await ended;
    assert.deepEqual(readdirSync(directory), []);
    assert.deepEqual(
      readdirSync(house.directory).filter((name) => name.startsWith('backup-')),
      [],
    );
  });

  describe('restore', () => {
    beforeEach(() => backup.make(file(), PASSPHRASE));
    const restore = (passphrase = PASSPHRASE) => restoreBackup(file(), passphrase, join(directory, 'data'));
    const leavesNothing = (): void => assert.deepEqual(readdirSync(directory), ['mine.age']);

    it('refuses a wrong passphrase', async () => {
      await assert.rejects(restore('another passphrase'), isRefusal(/passphrase is wrong/));
      leavesNothing();
    });

    it('refuses a file that is cut short or damaged, and leaves nothing behind', async () => {
      const whole = readFileSync(file());
      for (const length of [0, 100, 5000, whole.length - 20]) {
        writeFileSync(file(), whole.subarray(0, length));
        await assert.rejects(restore(), isRefusal(/not a backup|damaged|cut short/), String(length));
        leavesNothing();
      }
    });

    it('refuses what another program sealed', async () => {
      writeFileSync(file(), await collect(seal(inChunks(Buffer.alloc(2048, 'x'), 100), PASSPHRASE, WORK_FACTOR)));
      await assert.rejects(restore(), isRefusal(/it is not a backup/));
      leavesNothing();
    });

    describe('what another program has sealed as we would', () => {
      const MANIFEST: [string, Buffer] = ['backup.json', Buffer.from('{"format":1,"createdAt":1}')];
      const sealArchive = async (...files: readonly (readonly [string, Buffer])[]): Promise<void> => {
        async function* all(): AsyncGenerator<TarFile> {
          for (const [name, bytes] of files) yield { name, size: bytes.length, body: inChunks(bytes, 1000) };
        }
        writeFileSync(file(), await collect(seal(writeTar(all(), NOW), PASSPHRASE, WORK_FACTOR)));
      };
      const foreignDatabase = (sql: string): Buffer => {
        const path = join(house.directory, 'foreign.sqlite');
        rmSync(path, { force: true });
        const foreign = new DatabaseSync(path);
        foreign.exec(sql);
        foreign.close();
        return readFileSync(path);
      };

      for (const [name, manifest] of [
        ['a manifest of nothing', 'null'],
        ['a manifest that is no JSON', '{"format":'],
        ['a manifest of other things', '[1]'],
      ] as const)
        it(`is refused with ${name}`, async () => {
          await sealArchive(['backup.json', Buffer.from(manifest)]);
          await assert.rejects(restore(), isRefusal(/it is not a backup/));
          leavesNothing();
        });

      it('is refused with a file twice, or with one that leads elsewhere', async () => {
        await sealArchive(MANIFEST, ['login.json', Buffer.from('{}')], ['login.json', Buffer.from('{}')]);
        await assert.rejects(restore(), isRefusal(/it is not a backup/));
        await sealArchive(MANIFEST, ['certificates/../../login.json', Buffer.from('{}')]);
        await assert.rejects(restore(), isRefusal(/it is not a backup/));
        leavesNothing();
      });

      for (const [name, bytes] of [
        ['no database', () => Buffer.from('not a database '.repeat(1000))],
        ['the database of another program', () => foreignDatabase('CREATE TABLE messages (x); PRAGMA user_version = 3')],
        ['the database of a later version', () => foreignDatabase('CREATE TABLE messages (x); PRAGMA user_version = 100000')],
      ] as const)
        it(`is refused with ${name}`, async () => {
          await sealArchive(MANIFEST, ['postern.sqlite', bytes()]);
          await assert.rejects(restore(), isRefusal(/is not sound|not a backup/));
          leavesNothing();
        });
    });

    it('refuses a directory that is in use', async () => {
      mkdirSync(join(directory, 'data'));
      writeFileSync(join(directory, 'data', 'postern.sqlite'), 'mine');
      await assert.rejects(restore(), isRefusal(/is not empty/));
      assert.equal(readFileSync(join(directory, 'data', 'postern.sqlite'), 'utf8'), 'mine');
    });

    it('takes an empty directory, and refuses a file that is not there', async () => {
      mkdirSync(join(directory, 'data'));
      await restore();
      assert.ok(existsSync(join(directory, 'data', 'postern.sqlite')));
      await assert.rejects(restoreBackup(join(directory, 'no'), PASSPHRASE, join(directory, 'x')), isRefusal(/there is no file/));
    });
  });
});
