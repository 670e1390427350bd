/** Searches that ask the full-text index find what those find that read every message, also of a letter or two, which the index answers alone. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeMessage } from '../../src/mime/describe.js';
import { foldedText } from '../../src/mime/searchable-text.js';
import { takeIndexingTurn } from '../../src/store/mail/text-indexing.js';
import { type ImapHouse, openImapHouse } from '../support/imap-house.js';
import type { LineClient } from '../support/line-client.js';
import { generator } from '../support/random.js';
import { searchedMails, searchedText } from '../support/searched-mails.js';

/** Above those few that are read at once. */
const MAILS = 150;
const SEARCHES = 400;
const LETTERS = [...'abcdefghijklmnopqrstuvwxyz0123456789'];
/** What the index and the keys look at otherwise. */
const ODD = [
  'From: "jo\\hn"@example.org\r\nSubject: a\r\n\r\nb\r\n',
  '\r\nq',
  'q',
  '',
  'Subject: =?utf-8?q?q=C3=BCx?=\r\n\r\n',
  'Subject: q\r\n\tx\r\n\r\n',
  'Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\nqxqxqxqx\r\n',
  'Content-Type: text/plain; charset=utf-16\r\nContent-Transfer-Encoding: base64\r\n\r\ncQB4AA==\r\n',
  'Content-Type: multipart/mixed; boundary=b\r\n\r\nqx\r\n--b\r\nContent-Description: zq\r\n\r\n\r\n--b--\r\nxq\r\n',
];

const KEYS = ['TEXT', 'BODY', 'FROM', 'SUBJECT', 'HEADER Content-Type', 'NOT TEXT', 'NOT BODY'];
const ODD_TEXTS = ['oh', 'do', 'ex', 'qx', 'zq', 'xq'];

describe('imap searches with the full-text index', function () {
  this.timeout(60_000);
  let directory: string;
  let houses: ImapHouse[] = [];
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'postern-search-'));
  });
  after(async () => {
    for (const house of houses) await house.stop();
    rmSync(directory, { recursive: true });
  });

  const numbers = generator();
  it(`find what others find (POSTERN_SEED=${numbers.seed})`, async () => {
    const path = join(directory, 'mail.sqlite');
    houses = [await openImapHouse(describeMessage), await openImapHouse(describeMessage, {}, path)];
    const entry = { flags: [], internalDate: 1_700_000_000, identity: '' };
    const mails = [...ODD.map((text) => Buffer.from(text)), ...searchedMails(numbers, MAILS).map(({ raw }) => raw)];
    const append = (some: readonly Buffer[]): void => {
      for (const { mailboxes } of houses)
        mailboxes.append(
          mailboxes.find('INBOX')!.id,
          some.map((raw) => ({ ...entry, raw })),
        );
    };
    append(mails);
    takeIndexingTurn({ mail: path, index: join(directory, 'text-index.sqlite'), removed: [] }, foldedText);
    append(mails.slice(0, 5));
    const clients: LineClient[] = [];
    for (const house of houses) {
      const client = await house.loggedIn();
      await client.command('a SELECT INBOX');
      clients.push(client);
    }
    const { pick, below } = numbers;
    const compare = async (key: string, text: string): Promise<void> => {
      const command = `b SEARCH CHARSET UTF-8 ${key} {${Buffer.byteLength(text)}+}\r\n${text}`;
      const [read, asked] = await Promise.all(clients.map((client) => client.command(command)));
      assert.equal(asked[0], read[0], `${key} ${text}`);
    };
    for (const key of KEYS) for (const text of ODD_TEXTS) await compare(key, text);
    for (let search = 0; search < SEARCHES; search++) {
      const text = search < LETTERS.length ? LETTERS[search] : below(2) === 0 ? pick(LETTERS) + pick(LETTERS) : searchedText(numbers);
      await compare(pick(['TEXT', ...KEYS]), text);
    }
    for (const client of clients) client.close();
  });
});
