/** What is said to be on the disk has been brought there; when the disk fails, nothing is said any more. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from '../../src/store/database.js';
import { LogSync } from '../../src/store/log-sync.js';

describe('log sync', () => {
  let directory: string;
  let database: Database;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'postern-log-'));
    database = new Database(join(directory, 'test.sqlite'));
    database.durably(() => database.exec('CREATE TABLE words (word TEXT)'));
  });
  afterEach(() => {
    database.close();
    rmSync(directory, { recursive: true });
  });
  const write = (word: string): void => void database.run('INSERT INTO words VALUES (?)', word);

  it('has nothing to wait for until something is committed, and again afterwards', async () => {
    assert.equal(database.onDisk(), null);
    write('one');
    const one = database.onDisk();
    assert.ok(one !== null, 'a statement by itself is a commit');
    database.transaction(() => write('two'));
    await Promise.all([one, database.onDisk()]);
    assert.equal(database.onDisk(), null);
  });

  it('brings what is committed to the disk without being asked', async () => {
    write('one');
    while (database.onDisk() !== null) await new Promise(setImmediate);
  });

  it('waits for no batch, which may be lost', () => {
    database.batch(() => write('one'));
    assert.equal(database.onDisk(), null);
    assert.throws(() => database.batch(() => database.durably(() => write('two'))), TypeError);
  });

  it('has waited when something durable is committed, also within another transaction', () => {
    database.transaction(() => {
      write('one');
      database.durably(() => write('two'));
      write('three');
    });
    assert.equal(database.onDisk(), null);
    database.transaction(() => write('four'));
    assert.notEqual(database.onDisk(), null, 'the next one promises less again');
  });

  it('has nothing to wait for in memory', () => {
    const memory = new Database(':memory:');
    memory.exec('CREATE TABLE words (word TEXT)');
    memory.run('INSERT INTO words VALUES (?)', 'one');
    assert.equal(memory.onDisk(), null);
    memory.close();
  });

  // Each is no file that could be brought to a disk: fdatasync(2) says EINVAL.
  const failing = (): { log: LogSync; lost: Error[] } => {
    const lost: Error[] = [];
    return { log: new LogSync('/dev/null', (error) => lost.push(error)), lost };
  };
  const skippedOnWindows = process.platform === 'win32' ? it.skip : it;

  skippedOnWindows('says that the disk failed to everybody who waits, and to all who come later', async () => {
    const { log, lost } = failing();
    log.committed();
    await assert.rejects(Promise.all([log.onDisk(), log.onDisk()]), /EINVAL/);
    log.committed();
    await assert.rejects(log.onDisk()!, /EINVAL/);
    assert.throws(() => log.bring(), /EINVAL/);
    assert.equal(lost.length, 1);
    log.close();
  });

  skippedOnWindows('fails where it is waited for at once, too', async () => {
    const { log, lost } = failing();
    log.committed();
    const before = assert.rejects(log.onDisk()!, /EINVAL/);
    assert.throws(() => log.bring(), /EINVAL/);
    await before;
    assert.equal(lost.length, 1);
    log.close();
  });

  it('brings what is left when it closes, whatever goes on', async () => {
    write('one');
    const waiting = database.onDisk();
    database.close();
    await waiting;
    database = new Database(join(directory, 'test.sqlite'));
    write('two');
    await new Promise(setImmediate);
    const other = database.onDisk();
    database.close();
    await other;
    database = new Database(join(directory, 'test.sqlite'));
    assert.equal(database.all('SELECT * FROM words').length, 2);
  });
});
