import assert from 'node:assert/strict';
import { readHeaderField, readMail, readMailboxes } from '../../src/mime/read-mail.js';

/** Each character of the text is a byte. */
const mail = (text: string): ReturnType<typeof readMail> => readMail(Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1'));
const utf8 = (text: string): string => Buffer.from(text).toString('latin1');

describe('reading a mail', () => {
  for (const [subject, expected] of [
    ['Subject: plain', 'plain'],
    ['Subject:', ''],
    ['X-No-Subject: x', ''],
    ['subject: =?ISO-8859-15?Q?100_=A4?=', '100 €'],
    ['Subject: =?windows-1252?Q?=84a=93?=', '„a“'],
    ['Subject: =?koi8-r?B?8NLJ18XU?=', 'Привет'],
    ['Subject: =?utf-8?Q?a?=\n =?utf-8?Q?b?=', 'ab'],
    ['Subject: =?utf-8?Q?cut_=C3?=\n =?utf-8?Q?=BC?=', 'cut ü'],
    ['Subject: one\n two', 'one two'],
    [`Subject: ${utf8('raw ü')}`, 'raw ü'],
    ['Subject: =?utf-8?Q?x', '=?utf-8?Q?x'],
    [`Subject: ${'long '.repeat(100)}end`, `${'long '.repeat(100)}end`],
  ] as const)
    it(`finds the subject in ${JSON.stringify(subject.slice(0, 60))}`, () => assert.equal(mail(`${subject}\n\nx`).subject, expected));

  for (const [header, body, expected, why] of [
    ['', 'text\n', 'text\n', 'no header at all'],
    ['Content-Type: text/plain; charset=utf-8', utf8('grün\n'), 'grün\n', 'UTF-8, 8bit'],
    ['Content-Type: text/plain; charset="ISO-8859-1"', 'gr\xfcn', 'grün', 'ISO-8859-1'],
    ['Content-Type: text/plain; charset=iso-8859-1', '\x80', '€', 'what calls itself ISO-8859-1 and is Windows-1252'],
    ['Content-Type: text/plain; charset=windows-1252', '20 \x80', '20 €', 'Windows-1252'],
    ['Content-Type: text/plain; charset=no-such', utf8('grün'), 'grün', 'an unknown charset'],
    ['Content-Type: text/plain; charset=us-ascii', 'gr\xfcn', 'grün', 'ASCII that is none'],
    ['Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable', 'gr=C3=BC=\nn', 'grün', 'quoted-printable'],
    ['Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: BASE64', 'Z3LDvG4K', 'grün\n', 'base64'],
    ['Content-Type: text/plain; charset=utf-8; format=flowed', 'one \ntwo\n> q \n> r', 'one two\n> q r', 'format=flowed'],
    ['Content-Type: text/plain; format=flowed; delsp=yes', 'on \ne', 'one', 'format=flowed, DelSp'],
    ['Content-Type: text/plain; format=fixed', 'one \ntwo', 'one \ntwo', 'format=fixed'],
    ['Content-Type: text/html', '<p>a<br>b</p>', 'a\nb', 'HTML alone'],
    ['Content-Type: TEXT/PLAIN', '', '', 'nothing'],
  ] as const)
    it(`reads a text: ${why}`, () => {
      const read = mail(`${header}\n\n${body}`.replace(/^\n\n/, '\n'));
      assert.equal(read.text, expected);
      assert.deepEqual(read.files, []);
    });

  const parts = (kind: string, ...bodies: string[]): string =>
    `Content-Type: multipart/${kind}; boundary=${kind}\n\n${bodies.map((body) => `--${kind}\n${body}\n`).join('')}--${kind}--\n`;
  const TEXT = 'Content-Type: text/plain\n\ntext';
  const HTML = 'Content-Type: text/html\n\n<b>html</b>';
  const IMAGE = 'Content-Type: image/png\nContent-Transfer-Encoding: base64\n\nQUJD';

  for (const [source, text, files, why] of [
    [parts('alternative', TEXT, HTML), 'text', [], 'the plain alternative'],
    [parts('alternative', 'Content-Type: text/plain\n\n \n', HTML), 'html', [], 'the HTML one when the plain one is empty'],
    [parts('alternative', HTML, TEXT), 'text', [], 'the plain one, wherever it stands'],
    [parts('alternative', parts('related', HTML, IMAGE)), 'html', ['part-1.png inline'], 'the only one'],
    [parts('alternative', TEXT, parts('related', HTML, IMAGE)), 'text', ['part-1.png inline'], 'and what belongs to the HTML'],
    [parts('mixed', TEXT, HTML), 'text\nhtml', [], 'texts one after the other'],
    [parts('mixed', TEXT, IMAGE), 'text', ['part-1.png attachment'], 'files without a name'],
    [parts('mixed', TEXT, 'Content-Disposition: attachment\n\nfile'), 'text', ['part-1.txt attachment'], 'a text that is an attachment'],
    [
      parts('mixed', TEXT, 'Content-Type: text/plain; name=a.txt\nContent-Disposition: inline\n\nx'),
      'text',
      ['a.txt inline'],
      'a text with a name',
    ],
    [parts('mixed', TEXT, 'Content-Type: text/calendar\n\nBEGIN:VCALENDAR'), 'text', ['part-1.ics attachment'], 'an invitation'],
    [parts('mixed', IMAGE), '', ['part-1.png attachment'], 'no text'],
    [
      parts('mixed', TEXT, 'Content-Type: message/rfc822\n\nContent-Type: text/plain; format=flowed\n\na \nb'),
      'text',
      ['message-1.eml attachment'],
      'a mail in the mail',
    ],
    [
      parts('signed', TEXT, 'Content-Type: application/pgp-signature; name=signature.asc\n\nx'),
      'text',
      [],
      'a signature, which goes nowhere',
    ],
    ['Content-Type: multipart/mixed; boundary=b\n\n--b\n\nnever closed', 'never closed', [], 'a mail that was cut'],
    ['Content-Type: multipart/mixed\n\nno boundary', '', [], 'no boundary'],
    ['Content-Type: image/png; name=x.png\nContent-Transfer-Encoding: base64\n\nQUJD', '', ['x.png attachment'], 'a file and nothing else'],
  ] as const)
    it(`finds text and files: ${why}`, () => {
      const read = mail(source);
      assert.equal(read.text, text);
      assert.deepEqual(
        read.files.map(({ name, disposition }) => `${name} ${disposition}`),
        files,
      );
    });

  it('gives an attached mail back byte by byte', () => {
    const inner = 'Content-Type: text/plain; format=flowed\r\n\r\na \r\nb';
    const raw = `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n${inner}\r\n--b--\r\n`;
    assert.equal(Buffer.from(readMail(Buffer.from(raw)).files[0].content).toString(), inner);
  });

  for (const [disposition, name] of [
    ['attachment; filename=a.txt', 'a.txt'],
    ['attachment; filename="a b.txt"', 'a b.txt'],
    ["attachment; filename*=UTF-8''%C3%BC.txt", 'ü.txt'],
    ["attachment; filename*0*=UTF-8''%C3%BC; filename*1=.txt", 'ü.txt'],
    ['attachment; filename="=?utf-8?Q?=C3=BC.txt?="', 'ü.txt'],
    ["attachment; filename=u.txt; filename*=UTF-8''%C3%BC.txt", 'ü.txt'],
    [`attachment; filename="${utf8('ü.txt')}"`, 'ü.txt'],
  ] as const)
    it(`reads the name in ${disposition}`, () =>
      assert.equal(mail(`Content-Type: application/pdf\nContent-Disposition: ${disposition}\n\nx`).files[0].name, name));

  for (const [from, expected] of [
    ['BM-Abc@bitmessage', [['', 'BM-Abc@bitmessage']]],
    ['BM-Abc', [['', 'BM-Abc']]],
    [
      '"A, B" <BM-Abc@bitmessage>, BM-Def@bitmessage (D)',
      [
        ['A, B', 'BM-Abc@bitmessage'],
        ['D', 'BM-Def@bitmessage'],
      ],
    ],
    ['=?utf-8?Q?=C3=84?= <BM-Abc@bitmessage>', [['Ä', 'BM-Abc@bitmessage']]],
    ['"BM-Abc"@bitmessage', [['', 'BM-Abc@bitmessage']]],
    [
      'friends: BM-Abc@bitmessage, BM-Def@bitmessage;, x@y',
      [
        ['', 'BM-Abc@bitmessage'],
        ['', 'BM-Def@bitmessage'],
        ['', 'x@y'],
      ],
    ],
    ['undisclosed-recipients:;', []],
    ['', []],
  ] as const)
    it(`reads the addresses in ${JSON.stringify(from)}`, () =>
      assert.deepEqual(
        readMailboxes(utf8(from)).map(({ name, address }) => [name, address]),
        expected,
      ));

  it('knows what a mail answers, the nearest first', () => {
    const { answers, messageId, hasDate } = mail(
      'Message-Id: <4@x>\nReferences: <1@x> <2@x>\n\t<3@x>\nIn-Reply-To: Bob <3@x>\nDate: now\n\n',
    );
    assert.deepEqual([answers, messageId, hasDate], [['<3@x>', '<2@x>', '<1@x>'], '<4@x>', true]);
  });

  it('finds one field without reading the rest', () => {
    const raw = Buffer.from('A: 1\r\nB: two\r\n words\r\n\r\nC: no\r\n');
    assert.deepEqual([readHeaderField(raw, 'b'), readHeaderField(raw, 'C'), mail('X-Y: z\n\n').field('x-y')], ['two words', null, 'z']);
  });

  it('reads whatever comes', () => {
    const nested = `${'Content-Type: multipart/mixed; boundary=b\n\n--b\n'.repeat(1000)}x`;
    assert.equal(typeof mail(nested).text, 'string');
    assert.equal(mail('').text, '');
  });
});
