/** What is done with many messages at once: in pieces, and as good as in one. */
import assert from 'node:assert/strict';
import { describeMessage } from '../../src/mime/describe.js';
import { type ImapHouse, openImapHouse } from '../support/imap-house.js';

const MANY = 3000;

describe('large folders', () => {
  let house: ImapHouse;
  let inbox: number;

  beforeEach(async () => {
    house = await openImapHouse(describeMessage);
    inbox = house.mailboxes.find('INBOX')!.id;
    const mails = Array.from({ length: MANY }, (_, i) => ({
      raw: Buffer.from(`Subject: ${i}\r\n\r\n`),
      flags: i % 3 === 0 ? ['\\Seen', 'kw'] : [],
      internalDate: i,
      identity: '',
    }));
    house.mailboxes.append(inbox, mails);
  });
  afterEach(() => house.stop());

  it('RENAME of INBOX moves all messages, and tells those who look at it', async () => {
    const client = await house.loggedIn();
    const other = await house.loggedIn();
    for (const each of [client, other]) await each.command('s SELECT INBOX');
    const lines = await client.command('r RENAME INBOX old');
    assert.equal(lines.at(-1), 'r OK RENAME completed');
    assert.equal(lines.filter((line) => /^\* \d+ EXPUNGE$/.test(line)).length, MANY);
    const told = await other.command('n NOOP');
    assert.equal(told.filter((line) => /^\* \d+ EXPUNGE$/.test(line)).length, MANY);
    assert.deepEqual(house.mailboxes.uids(inbox, null), []);
    const old = house.mailboxes.find('old')!;
    const entries = house.mailboxes.entries(old.id, house.mailboxes.uids(old.id, null));
    assert.deepEqual(
      entries.map(({ internalDate, flags }) => [internalDate, flags.length]),
      Array.from({ length: MANY }, (_, i) => [i, i % 3 === 0 ? 2 : 0]),
    );
  });

  it('DELETE of a folder that others have open ends what they do with it', async () => {
    const client = await house.loggedIn();
    await client.command('c CREATE big');
    const other = await house.loggedIn();
    for (const text of ['s SELECT INBOX', 'c COPY 1:* big']) await client.command(text);
    await other.command('s SELECT big');
    assert.equal((await client.command('d DELETE big')).at(-1), 'd OK DELETE completed');
    assert.match((await client.command('s STATUS big (MESSAGES)')).at(-1)!, /^s NO \[NONEXISTENT\]/);
    other.write('n NOOP\r\n');
    assert.match((await other.line('the end')) ?? '', /^\* BYE The selected mailbox was deleted/);
  });

  it('does a COPY as a whole or not at all on a full disk, and goes on when there is room again', async () => {
    const client = await house.loggedIn();
    for (const text of ['c CREATE full', 's SELECT INBOX']) await client.command(text);
    const [{ page_count: pages }] = house.database.all<{ page_count: number }>('PRAGMA page_count');
    house.database.exec(`PRAGMA max_page_count = ${pages + 20}`);
    assert.match((await client.command('c COPY 1:* full')).at(-1)!, /^c NO \[OVERQUOTA\]/);
    assert.match((await client.command('s STATUS full (MESSAGES)'))[0], /MESSAGES 0/);
    assert.match((await client.command('f FETCH 1:* FLAGS')).at(-1)!, /^f OK/, 'mail can be read');
    house.database.exec('PRAGMA max_page_count = 100000');
    assert.match((await client.command('d COPY 1:* full')).at(-1)!, /^d OK/);
    assert.match((await client.command('e STATUS full (MESSAGES)'))[0], /MESSAGES 3000/);
    assert.deepEqual(house.database.all('PRAGMA foreign_key_check'), []);
  });

  it('does a COPY that others see at once, and serves them meanwhile', async () => {
    const [client, other] = [await house.loggedIn(), await house.loggedIn()];
    const times = 8;
    for (const text of ['c CREATE copies', 's SELECT INBOX', 'd COPY 1:* INBOX', 'd COPY 1:* INBOX', 'd COPY 1:* INBOX', 's SELECT INBOX'])
      await client.command(text);
    const copies = house.mailboxes.find('copies')!.id;
    const seen: number[] = [];
    house.mailboxes.watch(() => seen.push(house.mailboxes.uids(copies, null).length));
    const copied = client.command('c COPY 1:* copies');
    const entries = (): number => house.database.get<{ n: number }>('SELECT count(*) AS n FROM entries WHERE mailbox_id = ?', copies)!.n;
    while (entries() === 0) await new Promise(setImmediate);
    assert.match((await other.command('n STATUS copies (MESSAGES)'))[0], /MESSAGES 0\)/);
    assert.match((await other.command('a APPEND copies {6+}\r\nA: b\r\n')).at(-1)!, /^a OK/);
    const [, first, last] = /^c OK \[COPYUID \d+ 1:\S+ (\d+):(\d+)\]/.exec((await copied).at(-1)!)!;
    assert.deepEqual([seen, Number(last) - Number(first)], [[1, times * MANY + 1], times * MANY - 1]);
    assert.match((await other.command('n STATUS copies (MESSAGES UNSEEN)'))[0], /MESSAGES 24001 UNSEEN 16001\)/);
    await other.command('s SELECT copies');
    assert.match((await other.command('f UID SEARCH UID 1:*'))[0], new RegExp(`^\\* SEARCH 1 ${first} .* ${last}$`));
  });

  it('tells in a FETCH what has changed since its rows were read', async () => {
    const client = await house.loggedIn();
    const { id } = house.mailboxes.create('long');
    const raw = Buffer.from(`Subject: long\r\n\r\n${'a line of text\r\n'.repeat(1000)}`);
    const uids = house.mailboxes.append(
      id,
      Array.from({ length: 60 }, () => ({ raw, flags: [], internalDate: 1, identity: '' })),
    );
    await client.command('s EXAMINE long');
    const read = house.mailboxes.entries.bind(house.mailboxes);
    const asked: number[] = [];
    house.mailboxes.entries = (mailboxId, some) => {
      // When the first of them are on their way, others have their turn.
      if (asked.push(some.length) === 1)
        setImmediate(() => {
          house.mailboxes.setFlags(id, uids.slice(-1), 'add', ['\\Flagged']);
          house.mailboxes.expunge(id, uids.slice(-2, -1));
        });
      return read(mailboxId, some);
    };
    const lines = await client.command('f FETCH 1:* (FLAGS BODY.PEEK[])');
    assert.match(lines.at(-1)!, /^f OK \[EXPUNGEISSUED\]/);
    const answers = lines.filter((line) => line.includes(' BODY[] {'));
    assert.equal(answers.length, 59);
    assert.match(answers.at(-2)!, /^\* 58 FETCH \(FLAGS \(\\Recent\)/);
    assert.match(answers.at(-1)!, /^\* 60 FETCH \(FLAGS \(\\Flagged \\Recent\)/);
    // Not for each of the eight pieces of the answer.
    assert.ok(asked[0] === 60 && asked.length < 6, `read anew: ${asked.join(' ')}`);
  });

  it('flags neighbours and others alike', async () => {
    const client = await house.loggedIn();
    await client.command('s SELECT INBOX');
    await client.command('a STORE 1:*,5 +FLAGS.SILENT (\\Flagged)');
    await client.command('b STORE 2:4,6,8:9 -FLAGS.SILENT (\\Flagged)');
    const flagged = await client.command('c SEARCH FLAGGED');
    const expected = Array.from({ length: MANY }, (_, i) => i + 1).filter((number) => ![2, 3, 4, 6, 8, 9].includes(number));
    assert.equal(flagged[0], `* SEARCH ${expected.join(' ')}`);
    assert.equal((await client.command('d SEARCH SEEN KEYWORD kw'))[0].split(' ').length, MANY / 3 + 2);
  });

  it('tells each flag once to who waits in IDLE, also what changes while it is told', async () => {
    const [writer, second, listener] = [await house.loggedIn(), await house.loggedIn(), await house.loggedIn()];
    for (const each of [writer, second, listener]) await each.command('s SELECT INBOX');
    listener.write('i IDLE\r\n');
    await listener.line('+');
    const heard = new Map<number, string>();
    let lines = 0;
    const done = (async () => {
      // The keyword comes last of all to the last message, after its first change.
      while (heard.get(MANY)?.includes('last') !== true || heard.size < MANY) {
        const fetched = /^\* (\d+) FETCH \(FLAGS \((.*)\)\)$/.exec(await listener.line('FETCH'));
        if (fetched === null) continue;
        heard.set(Number(fetched[1]), fetched[2]);
        lines++;
      }
    })();
    await Promise.all([writer.command('a STORE 1:* +FLAGS (\\Flagged)'), second.command(`b STORE ${MANY} +FLAGS (last)`)]);
    await second.command(`c STORE ${MANY} +FLAGS (last later)`);
    await done;
    listener.write('DONE\r\n');
    assert.equal((await listener.until('i')).at(-1)?.slice(0, 4), 'i OK');
    assert.ok([...heard.values()].every((flags) => flags.includes('\\Flagged')));
    assert.ok(lines <= MANY + 2, `${lines} answers`);
  });
});
