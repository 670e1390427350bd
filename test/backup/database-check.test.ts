import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseCheck } from '../../src/backup/database-check.js';
import { Database } from '../../src/store/database.js';

describe('database check', function () {
  this.timeout(20_000);
  let directory: string;
  let check: DatabaseCheck;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'postern-check-'));
    check = new DatabaseCheck(join(directory, 'postern.sqlite'));
  });
  afterEach(async () => {
    await check.stop();
    rmSync(directory, { recursive: true });
  });

  it('finds nothing wrong with a database that is in use', async () => {
    const database = new Database(join(directory, 'postern.sqlite'));
    assert.equal(await check.run(), null);
    database.close();
  });

  it('says what is wrong with a file that is none, each time', async () => {
    writeFileSync(join(directory, 'postern.sqlite'), 'what is not a database is none'.repeat(100));
    for (let time = 0; time < 2; time++) assert.match((await check.run())!, /not a database/);
  });

  it('looks once for all who ask meanwhile', () => assert.equal(check.run(), check.run()));

  // Opening a pipe that nobody writes to is a call of the database that does not return.
  it('ends at once, whatever it is at', async function () {
    if (process.platform === 'win32') this.skip();
    execFileSync('mkfifo', [join(directory, 'postern.sqlite')]);
    const ended = assert.rejects(check.run(), { name: 'AbortError' });
    await check.stop();
    await ended;
  });
});
