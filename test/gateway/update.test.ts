/** The first start of a new version on a large database: in a process of its own, told in the log, and called off at any moment. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { systemClock } from '../../src/base/clock.js';
import { createLogger } from '../../src/base/log.js';
import { updateLargeDatabase } from '../../src/gateway/update.js';
import { STEPS } from '../../src/store/migrations.js';
import { schemaAge } from '../../src/store/schema-age.js';

const EVERY_SIZE = 0;
const OLD_STEPS = 3;

describe('update of a large database', function () {
  this.timeout(20_000);
  let directory: string;
  let path: string;
  let lines: string[];
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'postern-update-'));
    path = join(directory, 'postern.sqlite');
    lines = [];
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const update = (signal = new AbortController().signal, largeBytes = EVERY_SIZE): Promise<void> => {
    const log = createLogger('info', (line) => lines.push(line.replace(/^\S+ /, '')));
    return updateLargeDatabase(path, { clock: systemClock, log }, signal, largeBytes);
  };

  function makeOld(): void {
    const old = new DatabaseSync(path);
    old.exec('PRAGMA journal_mode = WAL');
    for (const step of STEPS.slice(0, OLD_STEPS)) old.exec(step as string);
    old.exec(`PRAGMA user_version = ${OLD_STEPS}`);
    old.close();
  }

  it('is done, and said', async () => {
    makeOld();
    await update();
    assert.equal(schemaAge(path)?.stepsTaken, STEPS.length);
    assert.equal(lines.length, 2);
    assert.match(lines[0], /^info .+ step=4\/\d+ megabytes=\d+$/);
    lines = [];
    await update();
    assert.deepEqual(lines, []);
  });

  it('leaves a small one to whoever opens it, and makes none', async () => {
    await update();
    assert.deepEqual(readdirSync(directory), []);
    makeOld();
    await update(undefined, 1_000_000_000);
    assert.equal(schemaAge(path)?.stepsTaken, OLD_STEPS);
  });

  for (const when of ['before', 'while'] as const)
    it(`is called off ${when} it runs, and taken up again`, async () => {
      makeOld();
      const signal = new AbortController();
      // Keeps the process waiting.
      const other = new DatabaseSync(path);
      other.exec('BEGIN IMMEDIATE');
      if (when === 'before') signal.abort();
      const updated = update(signal.signal);
      signal.abort();
      await assert.rejects(updated, { name: 'AbortError' });
      other.exec('ROLLBACK');
      other.close();
      assert.equal(schemaAge(path)?.stepsTaken, OLD_STEPS);
      await update();
      assert.equal(schemaAge(path)?.stepsTaken, STEPS.length);
    });

  it('tells what is wrong when a step fails', async () => {
    makeOld();
    const spoilt = new DatabaseSync(path);
    spoilt.exec('CREATE TABLE envelopes (x)');
    spoilt.close();
    await assert.rejects(update(), /envelopes/);
  });
});
