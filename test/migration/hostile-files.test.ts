/** Files that are no files, or are not what they are called: whoever names them is told in a sentence, soon, and the store stays sound. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import type { MailFormat } from '../../src/migration/mail-files.js';
import { MigrationRefusal } from '../../src/migration/refusal.js';
import { fuzzImports } from '../support/import-fuzz.js';
import { generator } from '../support/random.js';
import { VECTORS_DIRECTORY } from '../support/vectors.js';
import { House, isRefusal } from './house.js';

const MAIL = 'Subject: x\n\nhello\n';
const quiet = (): void => {};

describe('import of files that are no files', function () {
  this.timeout(60_000);
  let house: House;
  let directory: string;

  beforeEach(() => {
    house = new House();
    directory = mkdtempSync(join(tmpdir(), 'postern-files-'));
  });
  afterEach(() => {
    house.end();
    rmSync(directory, { recursive: true });
  });

  const mail = (format: MailFormat, path: string) => house.migration.importMail({ format, path, folder: 'Mail' }, quiet);
  const pipe = (name: string): string => {
    execFileSync('mkfifo', [join(directory, name)]);
    return join(directory, name);
  };
  const vector = (): string => {
    cpSync(`${VECTORS_DIRECTORY}pybitmessage-data`, directory, { recursive: true });
    return directory;
  };

  describe('on a system with pipes and devices', () => {
    before(function () {
      if (process.platform !== 'linux') this.skip();
    });

    for (const format of ['mbox', 'eml', 'maildir'] as const)
      it(`a pipe as ${format} is not waited for`, () =>
        assert.rejects(mail(format, pipe('p')), isRefusal(/neither a file nor a directory|is a file/)));

    it('a pipe as keys.dat is not waited for', () =>
      assert.rejects(house.migration.importKeysFile(pipe('keys.dat')), isRefusal(/neither a file nor a directory/)));

    it('a device without end is not read', async () => {
      await assert.rejects(mail('mbox', '/dev/zero'), isRefusal(/neither a file nor a directory/));
      await assert.rejects(house.migration.importKeysFile('/dev/zero'), isRefusal(/neither a file nor a directory/));
    });

    it('memory that cannot be read is told of', async () => {
      for (const format of ['mbox', 'eml'] as const) await assert.rejects(mail(format, '/proc/self/mem'), isRefusal(/cannot be read: EIO/));
      await assert.rejects(house.migration.importKeysFile('/proc/self/mem'), isRefusal(/cannot be read: EIO/));
    });

    for (const name of ['keys.dat', 'messages.dat', 'messages.dat-journal', 'knownnodes.dat', 'singleton.lock'])
      it(`a pipe in the place of ${name} is not waited for`, async () => {
        rmSync(join(vector(), name), { force: true });
        pipe(name);
        const done = await house.migration.importPybitmessage(directory, { resume: false }, quiet).catch((error) => error);
        assert.ok(done instanceof MigrationRefusal || name.startsWith('messages.dat'), String(done));
      });

    it('what cannot be read among the mails of a Maildir is counted, and the others are taken', async () => {
      for (const part of ['cur', 'new', 'tmp']) mkdirSync(join(directory, part));
      writeFileSync(join(directory, 'cur', '1.a:2,S'), MAIL);
      writeFileSync(join(directory, 'cur', '5.e:2,S'), 'Subject: y\n\n');
      symlinkSync(join(directory, 'gone'), join(directory, 'cur', '2.b:2,S'));
      mkdirSync(join(directory, 'cur', '3.c:2,S'));
      pipe('cur/4.d:2,S');
      assert.deepEqual((await mail('maildir', directory)).counts.mails, { taken: 2, known: 0, refused: 3 });
    });
  });

  it('a file beyond a file, and a loop of links', async () => {
    writeFileSync(join(directory, 'file'), MAIL);
    symlinkSync(join(directory, 'loop'), join(directory, 'loop'));
    await assert.rejects(mail('eml', join(directory, 'file', 'x')), isRefusal(/cannot be read: ENOTDIR/));
    await assert.rejects(mail('mbox', join(directory, 'loop')), isRefusal(/cannot be read: ELOOP/));
    await assert.rejects(mail('eml', join(directory, 'x'.repeat(300))), isRefusal(/cannot be read: ENAMETOOLONG/));
    await assert.rejects(
      house.migration.importPybitmessage(join(directory, 'file'), { resume: false }, quiet),
      isRefusal(/there is no directory/),
    );
  });

  it('keys.dat and knownnodes.dat of gigabytes', async () => {
    truncateSync(join(vector(), 'knownnodes.dat'), 2 ** 31);
    const { notes } = await house.migration.importPybitmessage(directory, { resume: false }, quiet);
    assert.ok(notes.length > 0);
    truncateSync(join(directory, 'keys.dat'), 2 ** 31);
    await assert.rejects(
      house.migration.importPybitmessage(directory, { resume: false }, quiet),
      isRefusal(/too large to be a file of keys/),
    );
  });

  it('a mail of 30 MB in messages.dat, and one of the year 3 million', async () => {
    const db = new DatabaseSync(join(vector(), 'messages.dat'));
    const { rows } = db.prepare('SELECT count(*) AS rows FROM inbox').get() as { rows: number };
    db.exec(`INSERT INTO inbox SELECT x'0102', toaddress, fromaddress, subject, received, zeroblob(30000000), folder, 2, 0, x'0304' FROM inbox LIMIT 1;
             INSERT INTO inbox SELECT x'0103', toaddress, fromaddress, 'late', 99999999999999, message, 'inbox', 2, 0, x'0305' FROM inbox LIMIT 1`);
    db.close();
    const { counts } = await house.migration.importPybitmessage(directory, { resume: false }, quiet);
    assert.equal(counts['received mails']?.refused, 1);
    assert.equal(counts['received mails']?.taken, rows + 1);
    assert.ok(house.mails('INBOX').every(({ internalDate }) => internalDate < 2 ** 40));
  });

  const { seed } = generator();
  it(`directories of PyBitmessage with damage (POSTERN_SEED=${seed})`, async () => {
    const { taken, refused } = await fuzzImports(6, seed);
    assert.equal(taken + refused, 6);
  }).timeout(120_000);
});
