/** Closing: what was written stands in the files, and their write-ahead logs are empty. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/base/clock.js';
import { silentLogger } from '../../src/base/log.js';
import { openMailStore } from '../../src/gateway/mail-store.js';
import { enterDirectory, filesOf, openDatabase } from '../../src/gateway/open-store.js';

describe('a data directory', () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'postern-open-'))));
  afterEach(() => rmSync(directory, { recursive: true }));

  it('is left with empty logs, whatever of its statements was not collected as garbage', async () => {
    const rooms = { clock: systemClock, log: silentLogger };
    const closers: (() => void | Promise<void>)[] = [];
    const opened = (close: () => void | Promise<void>): void => void closers.push(close);
    enterDirectory(directory, opened);
    const files = filesOf(directory, null);
    const database = await openDatabase(directory, files.mail, rooms, opened, new AbortController().signal);
    const mail = openMailStore(files, database, rooms);
    const inbox = mail.mailboxes.find('INBOX')!;
    mail.mailboxes.append(inbox.id, [{ raw: Buffer.from('Subject: a\r\n\r\ntext\r\n'), flags: [], internalDate: 1, identity: '' }]);
    const open = database.iterate('SELECT id FROM mailboxes');
    assert.ok([...open].length > 0);
    await mail.stop();
    for (const close of closers.reverse()) await close();
    for (const name of ['postern.sqlite-wal', 'text-index.sqlite-wal']) {
      const path = join(directory, name);
      assert.equal(existsSync(path) ? statSync(path).size : 0, 0, name);
    }
  });
});
