/** Clients that mean harm, or have lost their way: no crash, no hang, no memory, and the next client is served as ever. */
import assert from 'node:assert/strict';
import { describeMessage } from '../../src/mime/describe.js';
import { type ImapHouse, openImapHouse } from '../support/imap-house.js';
import type { LineClient } from '../support/line-client.js';

const MAX_MESSAGE_BYTES = 100_000;

describe('imap, hostile input', () => {
  let house: ImapHouse;
  let client: LineClient;

  beforeEach(async () => {
    house = await openImapHouse(describeMessage, { maxMessageBytes: MAX_MESSAGE_BYTES });
    client = await house.loggedIn();
  });
  afterEach(async () => {
    client.close();
    await house.stop();
  });

  it('refuses a line that is too long, and reads on', async () => {
    client.write(`a SEARCH ${'x'.repeat(70_000)}\r\n`);
    assert.match(await client.line(), /^a BAD/);
    assert.match((await client.command('b NOOP'))[0], /^b OK/);
  });

  it('hangs up on a line without end', async () => {
    client.write(`a SEARCH ${'x'.repeat(2_000_000)}`);
    const said = await client.closed();
    assert.match(said, /^a BAD .*\r\n\* BYE .*\r\n$/);
  });

  it('hangs up on a line without end before login, and on one without a tag', async () => {
    const stranger = await house.greeted();
    stranger.write('x'.repeat(2_000_000));
    assert.match(await stranger.closed(), /^\* BAD .*\r\n\* BYE .*\r\n$/);
  });

  it('hangs up on lines without end that literals hold together', async () => {
    client.write(`a SEARCH ${`${'x'.repeat(60_000)}{1+}\r\ny`.repeat(30)}`);
    assert.match(await client.closed(), /^a BAD .*\r\n\* BYE .*\r\n$/);
  });

  it('hangs up on a literal that would take days to throw away', async () => {
    client.write('a APPEND INBOX {9000000000+}\r\n');
    assert.match(await client.closed(), /^a BAD .*\r\n\* BYE .*\r\n$/);
  });

  it('refuses a message that is too large before it is sent', async () => {
    client.write(`a APPEND INBOX {${MAX_MESSAGE_BYTES + 1}}\r\n`);
    assert.match(await client.line(), /^a NO \[TOOBIG\]/);
    assert.match((await client.command('b NOOP'))[0], /^b OK/);
  });

  it('throws a message away that is too large and sent without asking', async () => {
    client.write(`a APPEND INBOX {${MAX_MESSAGE_BYTES + 1}+}\r\n${'x'.repeat(MAX_MESSAGE_BYTES + 1)}\r\n`);
    assert.match(await client.line(), /^a NO \[TOOBIG\]/);
    assert.match((await client.command('b STATUS INBOX (MESSAGES)'))[0], /MESSAGES 0/);
  });

  it('takes only so many bytes of messages in one command', async () => {
    const one = `{${MAX_MESSAGE_BYTES}+}\r\n${'x'.repeat(MAX_MESSAGE_BYTES)}`;
    client.write(`a APPEND INBOX ${[one, one, one, one, one].join(' ')}\r\n`);
    assert.match(await client.line(), /^a NO \[TOOBIG\]/);
    assert.match((await client.command('b STATUS INBOX (MESSAGES)'))[0], /MESSAGES 0/);
  });

  it('refuses large literals before login', async () => {
    const stranger = await house.greeted();
    stranger.write('a LOGIN {5000}\r\n');
    assert.match(await stranger.line(), /^a BAD/);
    stranger.write('b APPEND INBOX {5000}\r\n');
    assert.match(await stranger.line(), /^b BAD/);
    stranger.close();
  });

  it('hangs up on a web page that posts to it', async () => {
    const stranger = await house.greeted();
    stranger.write(`POST / HTTP/1.1\r\n${'Header: value\r\n'.repeat(30)}\r\n`);
    assert.match(await stranger.closed(), /\* BYE Too many errors/);
  });

  for (const [what, command] of [
    ['lists', `a FETCH 1 ${'('.repeat(30_000)}`],
    ['search keys', `a SEARCH ${'NOT '.repeat(15_000)}ALL`],
    ['alternatives', `a SEARCH ${'OR ALL '.repeat(9_000)}ALL`],
    ['search lists', `a SEARCH ${'('.repeat(30_000)}ALL${')'.repeat(30_000)}`],
    ['ranges', `a FETCH ${'1:*,'.repeat(15_000)}1 FLAGS`],
    ['wildcards', `a LIST "" "${'*%'.repeat(30_000)}"`],
    ['parts', `a FETCH 1 BODY[${'1.'.repeat(30_000)}1]`],
  ] as const)
    it(`answers ${what} without end in no time`, async () => {
      await client.command('s SELECT INBOX');
      const started = performance.now();
      assert.match((await client.command(command)).at(-1)!, /^a (OK|BAD)/);
      assert.ok(performance.now() - started < 1000);
      assert.match((await client.command('b NOOP'))[0], /^b OK/);
    });

  it('serves others while one floods it with commands', async () => {
    client.write('a LIST "" *\r\n'.repeat(20_000));
    const other = await house.loggedIn();
    const started = performance.now();
    assert.match((await other.command('b NOOP'))[0], /^b OK/);
    assert.ok(performance.now() - started < 1000);
    other.close();
  });

  it('forgets clients that go away in the middle of anything', async () => {
    for (const last of ['a', 'a APPEND INBOX {100+}\r\nabc', 'a IDLE\r\n', 'a AUTHENTICATE PLAIN\r\n', 'a LOGIN {3}\r\n']) {
      const one = await house.greeted();
      one.write(last);
      one.close();
    }
    assert.match((await client.command('b NOOP'))[0], /^b OK/);
  });
});
