/** Messages too large for one step: written, read and searched in pieces, and the same to the client as any other. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { parseFetch } from '../../src/imap/commands/fetch-syntax.js';
import { FetchedMessage, formatItem } from '../../src/imap/fetch-items.js';
import { Lexer } from '../../src/imap/wire/lexer.js';
import { describeMessage, readStructure } from '../../src/mime/describe.js';
import { formatEnvelope } from '../../src/mime/format-envelope.js';
import { LARGE_MESSAGE_BYTES } from '../../src/store/mail/large-messages.js';
import type { Entry } from '../../src/store/mail/types.js';
import { type ImapHouse, openImapHouse } from '../support/imap-house.js';

const MIB = 2 ** 20;
const FILE = randomBytes(2 * MIB);
const LINES = 'Grüße aus Wien, =C3=A9 und mehr=\r\n weiter  \r\n';
/** Every part is larger than a piece, or lies across two of them. */
const LARGE = Buffer.concat([
  Buffer.from(
    `Subject: large\r\nFrom: a@example.org\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\nX-Long: ${'x'.repeat(600_000)}\r\n\r\n` +
      `--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nThe first words.\r\n${LINES.repeat(20_000)}needle` +
      '\r\n--b\r\nContent-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n\r\n',
  ),
  Buffer.from(FILE.toString('base64').replace(/.{76}/g, '$&\r\n')),
  Buffer.from(
    `\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\nX-Many: ${'y'.repeat(700_000)}\r\n\r\n${'inner text\r\n'.repeat(60_000)}`,
  ),
  Buffer.from('\r\n--b\r\nContent-Transfer-Encoding: rot13\r\n\r\nuryyb\r\n--b--\r\n'),
]);
const SMALL = Buffer.from('Subject: small\r\n\r\nneedle\r\n');

const ITEMS = [
  'BODY.PEEK[]',
  'RFC822.HEADER',
  'RFC822.SIZE',
  'ENVELOPE',
  'BODYSTRUCTURE',
  'PREVIEW',
  'BODY.PEEK[HEADER]',
  'BODY.PEEK[TEXT]',
  'BODY.PEEK[HEADER.FIELDS (Subject x-long)]',
  'BODY.PEEK[HEADER.FIELDS.NOT (Subject x-long)]<3.20>',
  'BODY.PEEK[1]',
  'BODY.PEEK[2]<500000.1000000>',
  'BODY.PEEK[2]<9999999.5>',
  'BODY.PEEK[2.MIME]',
  'BODY.PEEK[3.HEADER]',
  'BODY.PEEK[3.TEXT]',
  'BODY.PEEK[3.HEADER.FIELDS (subject)]',
  'BODY.PEEK[7]',
  'BINARY.PEEK[]<1000.2000000>',
  'BINARY.PEEK[1]',
  'BINARY.PEEK[2]',
  'BINARY.PEEK[2]<700000.900000>',
  'BINARY.PEEK[2]<9999999.10>',
  'BINARY.PEEK[3.1]',
  'BINARY.PEEK[7]',
  'BINARY.SIZE[1]',
  'BINARY.SIZE[2]',
  'BINARY.SIZE[7]',
];

describe('large messages', () => {
  let house: ImapHouse;

  beforeEach(async () => {
    house = await openImapHouse(describeMessage);
  });
  afterEach(() => house.stop());

  const count = (table: string): number => house.database.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)!.n;

  async function filled(): Promise<Socket> {
    const client = await house.loggedIn();
    await client.command('s SELECT INBOX');
    const socket = client.detach();
    assert.match(
      (await answer(socket, 'a', `APPEND INBOX {${LARGE.length}+}\r\n`, LARGE)).toString(),
      /^\* 1 EXISTS\r\n.*a OK \[APPENDUID/s,
    );
    assert.ok(LARGE.length > 3 * LARGE_MESSAGE_BYTES);
    assert.deepEqual([count('bodies'), count('large_messages')], [0, 1]);
    return socket;
  }

  it('are fetched as if they were small', async () => {
    const socket = await filled();
    const [entry] = house.mailboxes.entries(house.mailboxes.find('INBOX')!.id, [1]);
    for (const item of [...ITEMS, `(${ITEMS.join(' ')})`]) {
      const said = await answer(socket, 'f', `FETCH 1 ${item}`);
      const expected = Buffer.concat([Buffer.from('* 1 FETCH ('), expectedOf(item, entry), Buffer.from(')\r\nf OK FETCH completed\r\n')]);
      assert.equal(said.compare(expected), 0, `${item}: ${said.subarray(0, 200)} (${said.length}) instead of ${expected.subarray(0, 200)}`);
    }
    // What marks as seen says so.
    assert.ok((await answer(socket, 's', 'FETCH 1 RFC822')).includes(LARGE));
    await answer(socket, 'u', 'STORE 1 -FLAGS (\\Seen)');
    const seen = await answer(socket, 'g', 'FETCH 1 RFC822.TEXT');
    assert.match(seen.subarray(-60).toString(), / FLAGS \(\\Seen( \\Recent)?\)\)\r\ng OK FETCH completed\r\n$/);
    assert.match((await answer(socket, 'h', 'FETCH 1 BINARY.PEEK[4]')).toString(), /^h NO \[UNKNOWN-CTE\]/);
  });

  it('are found by what they hold, among others', async () => {
    const socket = await filled();
    await answer(socket, 'a', `APPEND INBOX {${SMALL.length}+}\r\n`, SMALL);
    for (const [key, found] of [
      ['BODY needle', ' 1 2'],
      ['BODY wien,', ' 1'],
      ['BODY "inner text"', ' 1'],
      ['TEXT x-many', ' 1'],
      ['TEXT boundary=b', ' 1'],
      ['SUBJECT large', ' 1'],
      ['NOT BODY needle', ''],
      ['NOT TEXT nowhere', ' 1 2'],
      ['OR BODY nowhere BODY needle', ' 1 2'],
      ['OR BODY wien TEXT small', ' 1 2'],
      ['BODY needle SUBJECT small', ' 2'],
      ['BODY nowhere BODY needle', ''],
    ]) {
      const said = (await answer(socket, 'f', `SEARCH ${key}`)).toString();
      assert.equal(said, `* SEARCH${found}\r\nf OK SEARCH completed\r\n`, key);
    }
  });

  it('are put together, replaced, copied and removed', async () => {
    const socket = await filled();
    const half = Math.floor(LARGE.length / 2);
    const url = (partial: string): string => `URL "/INBOX/;UID=1/;PARTIAL=${partial}"`;
    await answer(socket, 'c', `APPEND INBOX CATENATE (${url(`0.${half}`)} ${url(`${half}`)})`);
    await answer(socket, 'r', `REPLACE 1 INBOX {${LARGE.length}+}\r\n`, LARGE);
    await answer(socket, 'k', 'COPY 2 INBOX');
    for (const number of [1, 2, 3]) {
      const said = await answer(socket, 'f', `FETCH ${number} BODY.PEEK[]`);
      assert.ok(said.includes(LARGE), `message ${number}`);
    }
    await answer(socket, 'd', 'STORE 1:* +FLAGS.SILENT (\\Deleted)');
    assert.match((await answer(socket, 'e', 'EXPUNGE')).toString(), /^(\* \d EXPUNGE\r\n){3}e OK/);
    assert.equal(count('messages'), 0);
  });

  it('leave nothing to be seen when the command is refused in the end', async () => {
    const socket = await filled();
    const said = await answer(socket, 'm', `APPEND INBOX {${LARGE.length}+}\r\n`, LARGE, Buffer.from(' CATENATE (URL "/INBOX/;UID=9")'));
    assert.match(said.toString(), /^m NO \[BADURL/);
    assert.deepEqual([count('entries'), count('messages'), count('staged_messages')], [1, 2, 1], 'left to the sweeper');
    while (house.mailboxes.staged.deleteNext(8));
    assert.deepEqual([count('messages'), count('staged_messages')], [1, 0]);
  });

  it('are said to their end when they are removed meanwhile', async () => {
    const socket = await filled();
    const other = await house.loggedIn();
    await other.command('s SELECT INBOX');
    // No byte is read until the message is gone.
    socket.pause();
    const said = answer(socket, 'f', 'FETCH 1 BODY.PEEK[]');
    await other.command('n NOOP');
    await other.command('d STORE 1 +FLAGS.SILENT (\\Deleted)');
    await other.command('e EXPUNGE');
    assert.equal(count('messages'), 0);
    socket.resume();
    assert.ok((await said).includes(LARGE));
  });
});

/** What is said up to the tagged answer. */
async function answer(socket: Socket, tag: string, command: string, ...literals: Buffer[]): Promise<Buffer> {
  const chunks: Buffer[] = [];
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${command}: no answer`)), 20_000);
    const hear = (chunk: Buffer): void => {
      chunks.push(chunk);
      const tail = Buffer.concat(chunks.slice(-3)).toString('latin1');
      const last = tail.slice(tail.lastIndexOf('\r\n', tail.length - 3) + 1).trim();
      if (!tail.endsWith('\r\n') || !last.startsWith(`${tag} `)) return;
      clearTimeout(timer);
      socket.off('data', hear);
      resolve(Buffer.concat(chunks));
    };
    socket.on('data', hear);
    socket.write(Buffer.concat([Buffer.from(`${tag} ${command}`), ...literals, Buffer.from('\r\n')]));
  });
}

/** As small messages are answered. */
function expectedOf(items: string, entry: Entry): Buffer {
  const { structure } = describeMessage(LARGE);
  const content = {
    pieces: () => [LARGE],
    header: () => LARGE.subarray(0, readStructure(structure).headerEnd),
    listedFields: () => LARGE.subarray(0, readStructure(structure).headerEnd),
    structure: () => structure,
    envelope: () => Buffer.from(formatEnvelope(readStructure(structure).envelope!), 'latin1'),
    bodyStructure: () => null,
    preview: () => null,
    partIndex: () => null,
    range: () => null,
    objectIds: () => ({ emailId: '', threadId: '' }),
  };
  const lexer = new Lexer({ text: ` 1 ${items}`, literals: [] }, false);
  const request = parseFetch(lexer);
  const message = new FetchedMessage(entry, false, content);
  const values = request.items.map((item) => Buffer.concat(formatItem(item, message).map((piece) => Buffer.from(piece as string))));
  return Buffer.concat(values.flatMap((value, index) => (index === 0 ? [value] : [Buffer.from(' '), value])));
}
