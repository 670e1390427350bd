import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NightlyBackup } from '../../src/backup/nightly.js';
import { BackupRefusal } from '../../src/backup/refusal.js';
import { ManualClock } from '../../src/base/clock.js';
import { createLogger } from '../../src/base/log.js';

const at = (text: string): number => new Date(text).getTime() / 1000;

describe('nightly', () => {
  let directory: string;
  let logged: string[];
  let made: string[];
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'postern-nightly-'));
    writeFileSync(join(directory, 'passphrase'), 'correct horse battery\nnot this\n');
    logged = [];
    made = [];
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const target = (): string => join(directory, 'backups');
  const nightly = (clock: ManualClock, fails = false): NightlyBackup =>
    new NightlyBackup(
      { directory: target(), keep: 2, passphraseFile: join(directory, 'passphrase') },
      {
        backup: {
          make: async (file, passphrase) => {
            if (fails) throw new BackupRefusal(({ orders }) => orders.diskFull);
            writeFileSync(file, passphrase);
            made.push(passphrase);
            return { size: 1 };
          },
        },
        clock,
        log: createLogger('error', (line) => logged.push(line)),
      },
    );

  it('waits for the night, then makes one, and no second one', async () => {
    const clock = new ManualClock(at('2026-11-22T02:59:00'));
    const room = nightly(clock);
    await room.makeIfDue();
    assert.deepEqual(made, []);
    clock.advance(60);
    await room.makeIfDue();
    await room.makeIfDue();
    assert.deepEqual(made, ['correct horse battery']);
    assert.deepEqual(readdirSync(target()), ['postern-2026-11-22.age']);
  });

  it('keeps the newest, and lets files of others be', async () => {
    const clock = new ManualClock(at('2026-11-22T12:00:00'));
    const room = nightly(clock);
    await room.makeIfDue();
    writeFileSync(join(target(), 'a-note.txt'), '');
    for (let day = 0; day < 3; day++) {
      clock.advance(86_400);
      await room.makeIfDue();
    }
    assert.deepEqual(readdirSync(target()).sort(), ['a-note.txt', 'postern-2026-11-24.age', 'postern-2026-11-25.age']);
  });

  it('tells of a failure, and goes on', async () => {
    const clock = new ManualClock(at('2026-11-22T12:00:00'));
    await nightly(clock, true).makeIfDue();
    assert.match(logged.join(), /could not be made.*the disk is full/);
    await nightly(clock).makeIfDue();
    assert.equal(made.length, 1);
  });

  it('ends with the gateway', async () => {
    const room = nightly(new ManualClock(at('2026-11-22T01:00:00')));
    room.start();
    await room.stop();
    assert.deepEqual(made, []);
  });
});
