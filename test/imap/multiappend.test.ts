/** RFC 3502: many messages in one command are there all at once or not at all, and others are served meanwhile. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describeMessage } from '../../src/mime/describe.js';
import { type ImapHouse, openImapHouse } from '../support/imap-house.js';
import type { LineClient } from '../support/line-client.js';

const MANY = 600;

describe('multiappend of many', () => {
  let house: ImapHouse;
  let client: LineClient;
  let inbox: number;
  beforeEach(async () => {
    house = await openImapHouse(describeMessage);
    client = await house.loggedIn();
    inbox = house.mailboxes.find('INBOX')!.id;
  });
  afterEach(() => house.stop());

  const count = (table: string): number => house.database.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)!.n;
  const sweep = (): void => {
    while (house.mailboxes.staged.deleteNext(100));
  };
  /** @param sizes bytes of text */
  const appending = (sizes: readonly number[], last = ''): string => {
    const messages = sizes.map((size, index) => `Subject: number ${index}\r\n\r\n${'x'.repeat(size)}`);
    return `a APPEND INBOX${messages.map((message) => ` (\\Seen kw) {${message.length}+}\r\n${message}`).join('')}${last}`;
  };
  const alike = (length: number): number[] => new Array<number>(length).fill(100);

  it('is seen at once, and lets others speak meanwhile', async () => {
    const seen: number[] = [];
    house.mailboxes.watch(() => seen.push(house.mailboxes.uids(inbox, null).length));
    const other = await house.loggedIn();
    const order: string[] = [];
    const appended = client.command(appending(alike(MANY))).then((lines) => {
      order.push('append');
      return lines.at(-1)!;
    });
    while (count('staged_messages') === 0) await new Promise(setImmediate);
    assert.match((await other.command('n STATUS INBOX (MESSAGES)'))[0], /MESSAGES 0\)/);
    order.push('status');
    assert.match(await appended, /^a OK \[APPENDUID \d+ 1:600\]/);
    assert.deepEqual([seen, order], [[MANY], ['status', 'append']]);
    assert.deepEqual([count('messages'), count('staged_messages')], [MANY, 0]);
    assert.deepEqual(house.mailboxes.entries(inbox, [MANY])[0].flags, ['\\Seen', 'kw']);
    await client.command('s SELECT INBOX');
    assert.match((await client.command(`f FETCH ${MANY} BODY.PEEK[HEADER]`))[1], /number 599/);
  });

  it('keeps the order of small messages and large ones', async () => {
    const sizes = [5, 1_200_000, 7, 900_000, 300_000, 1_100_000, 3];
    assert.match((await client.command(appending(sizes))).at(-1)!, /^a OK \[APPENDUID \d+ 1:7\]/);
    const entries = house.mailboxes.entries(inbox, house.mailboxes.uids(inbox, null));
    assert.deepEqual(
      entries.map(({ size }) => size),
      sizes.map((size) => 'Subject: number 0\r\n\r\n'.length + size),
    );
    assert.deepEqual([count('bodies'), count('large_messages'), count('staged_messages')], [5, 2, 0]);
  });

  it('leaves nothing when the last of them will not do', async () => {
    assert.match((await client.command(appending(alike(MANY), ' {0+}\r\n'))).at(-1)!, /^a NO/);
    assert.match((await client.command('b STATUS INBOX (MESSAGES UIDNEXT)'))[0], /MESSAGES 0 UIDNEXT 1\)/);
    assert.ok(count('staged_messages') > 0);
    sweep();
    assert.equal(count('messages'), 0);
  });

  it('leaves nothing when the folder goes meanwhile', async () => {
    await client.command('c CREATE gone');
    client.write(`${appending(alike(MANY)).replace('INBOX', 'gone')}\r\n`);
    while (count('staged_messages') === 0) await new Promise(setImmediate);
    house.mailboxes.remove('gone');
    assert.match(await client.line(), /^a NO \[TRYCREATE\]/);
    sweep();
    assert.equal(count('messages'), 0);
  });

  it('leaves all or nothing when the line breaks', async () => {
    client.write(`${appending(alike(MANY))}\r\n`);
    while (count('staged_messages') === 0) await new Promise(setImmediate);
    const closed = new Promise<void>((resolve) => {
      house.mailboxes.staged.watch(resolve);
    });
    const socket = client.detach();
    socket.destroy();
    await Promise.all([once(socket, 'close'), closed]);
    sweep();
    assert.ok([0, MANY].includes(count('messages')));
    assert.deepEqual([count('entries'), count('staged_messages')], [count('messages'), 0]);
  });

  it('leaves nothing on a full disk, and what it took there is given back', async () => {
    const pages = (): number => house.database.get<{ page_count: number }>('PRAGMA page_count')!.page_count;
    house.database.exec(`PRAGMA max_page_count = ${pages() + 150}`);
    assert.match((await client.command(appending(new Array<number>(100).fill(20_000)))).at(-1)!, /^a NO \[OVERQUOTA\]/);
    assert.equal(count('entries'), 0);
    assert.ok(count('staged_messages') > 0);
    house.database.exec(`PRAGMA max_page_count = ${pages() + 10}`);
    sweep();
    assert.equal(count('messages'), 0);
    assert.match((await client.command(appending(new Array<number>(20).fill(20_000)))).at(-1)!, /^a OK/);
  });

  it('takes as many as a command has room for', async () => {
    const tiny = ' {1+}\r\nx';
    const most = Math.floor((65_536 - 'a APPEND INBOX\r\n'.length) / (tiny.length - 1));
    assert.match((await client.command(`a APPEND INBOX${tiny.repeat(most)}`)).at(-1)!, new RegExp(`^a OK \\[APPENDUID \\d+ 1:${most}\\]`));
    assert.match((await client.command(`b APPEND INBOX${tiny.repeat(most + 2)}`)).at(-1)!, /^b BAD Command line too long/);
    assert.equal(count('messages'), most);
  });
});
