/** Clients that mean harm, or have lost their way: no crash, no hang, no memory, and the next client is served as ever. */
import assert from 'node:assert/strict';
import { describeMessage } from '../../src/mime/describe.js';
import { type ImapHouse, openImapHouse } from '../support/imap-house.js';
import type { LineClient } from '../support/line-client.js';
import { processorMs } from '../support/processor-time.js';

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

  it('goes by the limit of the folder that the command names, however it is named', async () => {
    await client.command('c CREATE small');
    assert.deepEqual(await client.command('s STATUS small (APPENDLIMIT)'), ['* STATUS small (APPENDLIMIT 100)', 's OK STATUS completed']);
    await client.command('t SELECT INBOX');
    for (const [tag, command] of [
      ['a', 'APPEND small {101}'],
      ['b', 'APPEND "small" (\\Seen) {101}'],
      ['c', 'APPEND {5+}\r\nsmall {101}'],
      ['d', 'APPEND small {4+}\r\nA: b {101}'],
      ['e', 'REPLACE 1 small {101}'],
      ['f', 'UID REPLACE 1 small {101}'],
      ['g', 'append small CATENATE (TEXT {101}'],
    ]) {
      client.write(`${tag} ${command}\r\n`);
      assert.match(await client.line(), new RegExp(`^${tag} NO \\[TOOBIG\\]`), command);
    }
    client.write('h APPEND INBOX {101}\r\n');
    assert.match(await client.line(), /^\+ /);
    client.write(`${'x'.repeat(101)}\r\n`);
    assert.match((await client.until('h')).at(-1)!, /^h OK/);
    const two = `CATENATE (TEXT {60+}\r\n${'x'.repeat(60)} TEXT {60+}\r\n${'x'.repeat(60)})`;
    assert.match((await client.command(`i APPEND small ${two}`)).at(-1)!, /^i NO \[TOOBIG\]/);
  });

  it('throws a message away that is too large and sent without asking', async () => {
    client.write(`a APPEND INBOX {${MAX_MESSAGE_BYTES + 1}+}\r\n${'x'.repeat(MAX_MESSAGE_BYTES + 1)}\r\n`);
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
      const started = processorMs();
      assert.match((await client.command(command)).at(-1)!, /^a (OK|BAD)/);
      assert.ok(processorMs() - started < 1000);
      assert.match((await client.command('b NOOP'))[0], /^b OK/);
    });

  it('serves others while one floods it with commands', async () => {
    client.write('a LIST "" *\r\n'.repeat(20_000));
    const other = await house.loggedIn();
    const started = processorMs();
    assert.match((await other.command('b NOOP'))[0], /^b OK/);
    assert.ok(processorMs() - started < 1000);
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

describe('imap, large messages', () => {
  const SIZE = 2_000_000;
  const MESSAGE = `Subject: large\r\n\r\n${'x'.repeat(SIZE)}`.slice(0, SIZE);
  let house: ImapHouse;
  beforeEach(async () => {
    house = await openImapHouse(describeMessage);
  });
  afterEach(() => house.stop());

  it('come in two at a time, others when there is a place', async () => {
    const [one, two, three, four, five] = await Promise.all([1, 2, 3, 4, 5].map(() => house.loggedIn()));
    for (const client of [one, two]) {
      client.write(`a APPEND INBOX {${SIZE}}\r\n`);
      assert.match(await client.line(), /^\+ /);
    }
    three.write(`a APPEND INBOX {${SIZE}}\r\n`);
    // What came before is answered while it waits.
    four.write(`n NOOP\r\na APPEND INBOX {${SIZE}+}\r\n${MESSAGE}\r\n`);
    assert.match(await four.line(), /^n OK/);
    // Small ones, and all else, go on meanwhile.
    assert.match((await five.command('a APPEND INBOX {5+}\r\nA: b\n')).at(-1)!, /^a OK/);
    assert.match((await five.command('b STATUS INBOX (MESSAGES)'))[0], /MESSAGES 1/);
    assert.deepEqual([three.rest(), four.rest()], [[], []]);
    one.write(`${MESSAGE}\r\n`);
    assert.match(await one.line(), /^a OK/);
    assert.match(await three.line(), /^\+ /);
    // Who goes away gives its place back.
    two.close();
    assert.match(await four.line(), /^a OK/);
    three.write(`${MESSAGE}\r\n`);
    assert.match(await three.line(), /^a OK/);
    assert.match((await five.command('c STATUS INBOX (MESSAGES)'))[0], /MESSAGES 4/);
    for (const client of [one, three, four, five]) client.close();
  });

  it('are also many small ones in one command', async () => {
    const many = `a APPEND INBOX${` {100000+}\r\n${MESSAGE.slice(0, 100_000)}`.repeat(11)} {6}\r\n`;
    const [one, two, three, four] = await Promise.all([1, 2, 3, 4].map(() => house.loggedIn()));
    for (const client of [one, two]) {
      client.write(many);
      assert.match(await client.line(), /^\+ /);
    }
    three.write(many);
    assert.match((await four.command('a APPEND INBOX {6+}\r\nA: b\r\n')).at(-1)!, /^a OK/);
    assert.deepEqual(three.rest(), []);
    one.write('A: b\r\n\r\n');
    assert.match(await one.line(), /^a OK \[APPENDUID \d+ 2:13\]/);
    assert.match(await three.line(), /^\+ /);
    for (const client of [one, two, three, four]) client.close();
  });

  it('have only so many bytes in one command', async () => {
    const client = await house.loggedIn();
    client.write(`a APPEND INBOX {30000000+}\r\n${'x'.repeat(30_000_000)} {12000000}\r\n`);
    assert.match(await client.line(), /^a NO \[TOOBIG\]/);
    assert.match((await client.command('b STATUS INBOX (MESSAGES)'))[0], /MESSAGES 0/);
    client.close();
  });

  it('do not keep the server from stopping', async () => {
    for (let count = 0; count < 4; count++) (await house.loggedIn()).write(`a APPEND INBOX {${SIZE}+}\r\nA: b`);
    await house.server.stop();
  });
});
