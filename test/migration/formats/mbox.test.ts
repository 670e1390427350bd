import assert from 'node:assert/strict';
import { flagsOfMaildirName, flagsOfMboxMail, maildirInfo } from '../../../src/migration/formats/mail-flags.js';
import { MAX_MAIL_BYTES, readMbox, toMbox } from '../../../src/migration/formats/mbox.js';

async function* inChunks(bytes: Buffer, length: number): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += length) yield bytes.subarray(start, start + length);
}

async function read(text: string | Buffer, chunk = 1000): Promise<[string, number | null][]> {
  const mails: [string, number | null][] = [];
  for await (const { pieces, receivedAt } of readMbox(inChunks(Buffer.from(text), chunk), () => mails.push(['too long', null])))
    mails.push([Buffer.concat(pieces).toString('latin1'), receivedAt]);
  return mails;
}

const MBOX = [
  'From a@b Sat Nov 21 23:00:00 2026',
  'Subject: one',
  '',
  '>From the start',
  '>>From quoted',
  'From inside, without an empty line before it',
  '',
  'From c@d Sun Nov 22 00:00:00 2026',
  'Subject: two',
  '',
  'text',
  '',
  '',
].join('\n');

describe('mbox', () => {
  for (const chunk of [1, 7, 1000])
    it(`splits a file that comes in chunks of ${chunk}`, async () => {
      assert.deepEqual(await read(MBOX, chunk), [
        ['Subject: one\n\nFrom the start\n>From quoted\nFrom inside, without an empty line before it\n', 1_795_302_000],
        ['Subject: two\n\ntext\n\n'.slice(0, -1), 1_795_305_600],
      ]);
    });

  for (const [text, expected, why] of [
    ['', [], 'an empty file'],
    ['no From line\n\n', [], 'a file that is no mbox'],
    ['From x\nSubject: a', [['Subject: a', null]], 'no date, no last line end'],
    ['From x Sat, 21 Nov 2026 23:00:00 +0100\r\nSubject: a\r\n\r\n', [['Subject: a\r\n', 1_795_298_400]], 'CRLF and a date with a zone'],
  ] as const)
    it(`takes ${why}`, async () => assert.deepEqual(await read(text), expected));

  it('cuts out a mail that does not fit into memory, and tells so', async () => {
    const long = Buffer.concat([
      Buffer.from('From x\nSubject: a\n\n'),
      Buffer.alloc(MAX_MAIL_BYTES, `${'a'.repeat(9999)}\n`),
      Buffer.from('\n\nFrom x\nSubject: b\n\n'),
    ]);
    assert.deepEqual(await read(long, 1_048_576), [
      ['too long', null],
      ['Subject: b\n', null],
    ]);
  });

  it('reads what it wrote', async () => {
    const mails = ['Subject: x\r\n\r\nFrom here\r\n>From there\r\n', 'A: b\r\n\r\n\r\nFrom me\r\n\r\n', 'A: no end'];
    const written = Buffer.concat(mails.map((mail, i) => toMbox(Buffer.from(mail), 'a b@c', 1_795_305_600 + i)));
    assert.deepEqual(
      await read(written),
      mails.map((mail, i) => [`${mail.replaceAll('\r\n', '\n')}${mail.endsWith('\n') ? '' : '\n'}`, 1_795_305_600 + i]),
    );
  });
});

describe('mail-flags', () => {
  for (const [name, flags] of [
    ['1.2.host:2,FS', ['\\Flagged', '\\Seen']],
    ['1.2.host:2,', []],
    ['1.2.host', []],
    ['1.2.host;2,RT', ['\\Answered', '\\Deleted']],
    ['1.2.host:2,DPaz', ['\\Draft', '$Forwarded']],
  ] as const)
    it(`reads ${name}`, () => assert.deepEqual(flagsOfMaildirName(name), flags));

  it('writes letters in the order of the alphabet', () => assert.equal(maildirInfo(['\\seen', '$x', '\\Answered', '\\Draft']), ':2,DRS'));

  for (const [header, flags] of [
    ['Status: RO', ['\\Seen']],
    ['Status: O\r\nX-Status: AF', ['\\Answered', '\\Flagged']],
    ['X-Mozilla-Status: 0005', ['\\Seen', '\\Flagged']],
    ['X-Mozilla-Status: 0009', null],
    ['Subject: x', []],
  ] as const)
    it(`reads ${JSON.stringify(header)}`, () => assert.deepEqual(flagsOfMboxMail(Buffer.from(`${header}\r\n\r\n`)), flags));
});
