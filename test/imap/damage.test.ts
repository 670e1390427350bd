/** A database in which a disk, or another program, has spoilt a page: what is not on it is served all the same. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '../../src/base/log.js';
import { describeMessage } from '../../src/mime/describe.js';
import { type ImapHouse, openImapHouse } from '../support/imap-house.js';

const PAGE_BYTES = 4096;
const MESSAGES = 5;
const SPOILT = 3;
/** So long that its end lies on pages of its own. */
const raw = (number: number): Buffer => Buffer.from(`Subject: mail ${number}\r\n\r\n${`text of ${number} `.repeat(2000)}\r\n`);

describe('a damaged page of the database', () => {
  let directory: string;
  let house: ImapHouse;
  const faults: string[] = [];
  const open = async (): Promise<void> => {
    house = await openImapHouse(
      describeMessage,
      {},
      join(directory, 'mail.sqlite'),
      createLogger('error', (line) => faults.push(line)),
    );
  };

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'postern-damage-'));
    await open();
    const inbox = house.mailboxes.find('INBOX')!.id;
    for (let number = 1; number <= MESSAGES; number++)
      house.mailboxes.append(inbox, [{ raw: raw(number), flags: [], internalDate: 1, identity: '' }]);
    assert.ok(house.database.emptyLog());
    await house.stop();
    const path = join(directory, 'mail.sqlite');
    const bytes = readFileSync(path);
    // The first page of nothing but its text: an overflow page, which begins with the number of the next one.
    const full = `text of ${SPOILT} `.repeat(400);
    bytes.writeUInt32BE(0x7fffffff, Math.floor(bytes.indexOf(full) / PAGE_BYTES) * PAGE_BYTES);
    writeFileSync(path, bytes);
    await open();
  });
  after(async () => {
    await house.stop();
    rmSync(directory, { recursive: true });
  });

  it('costs the message on it, and no other, and the client is told', async () => {
    const client = await house.loggedIn();
    await client.command('a SELECT INBOX');
    const fetched = await client.command('b FETCH 1:* (UID BODY.PEEK[])');
    assert.equal(fetched.at(-1), 'b NO [CORRUPTION] The database is damaged: "postern doctor" looks at it');
    const uids = fetched.flatMap((line) => /FETCH \(UID (\d+)/.exec(line)?.[1] ?? []).map(Number);
    assert.deepEqual(uids, [1, 2, 4, 5]);
    assert.equal((await client.command(`c FETCH ${SPOILT} (FLAGS ENVELOPE)`)).at(-1), 'c OK FETCH completed');
    assert.match((await client.command(`d STORE ${SPOILT} +FLAGS (\\Deleted)`)).at(-1) ?? '', /^d OK/);
    assert.equal((await client.command('e APPEND INBOX {5+}\r\nx: y\n')).at(-1)?.slice(0, 4), 'e OK');
    assert.ok(faults.every((fault) => fault.includes('malformed')));
  });
});
