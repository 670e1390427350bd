/** Encodings undone: encoded words, RFC 2231, transfer encodings, charsets, dates, addresses. */
import assert from 'node:assert/strict';
import { parseAddressList } from '../../src/mime/address-list.js';
import { decodeCharset, isKnownCharset } from '../../src/mime/charset.js';
import { parseDate } from '../../src/mime/date.js';
import { decodeExtendedValue, decodeWords } from '../../src/mime/decode-words.js';
import { describeMessage } from '../../src/mime/describe.js';
import { parsePartTree } from '../../src/mime/part-tree.js';
import { previewOf } from '../../src/mime/preview.js';
import { bodyFinder, bodyText, fold } from '../../src/mime/searchable-text.js';
import { decodeTransfer } from '../../src/mime/transfer-encoding.js';
import { oddMails } from '../support/odd-mails.js';
import { generator } from '../support/random.js';

const latin1 = (text: string): string => Buffer.from(text).toString('latin1');

describe('decoding', () => {
  for (const [encoded, expected] of [
    ['plain', 'plain'],
    ['=?utf-8?q?J=C3=B6rg?=', 'Jörg'],
    ['=?UTF-8?B?SsO2cmc=?= <a@b>', 'Jörg <a@b>'],
    ['=?iso-8859-1?q?a_b=E4?= c', 'a bä c'],
    ['=?utf-8?q?a?= \t=?utf-8?q?b?= c', 'ab c'],
    ['=?utf-8?q?=C3?= =?utf-8?q?=B6?=', 'ö'],
    ['=?utf-8?b?w7Y?= =?iso-8859-1?q?=F6?=', 'öö'],
    ['=?utf-8*en?q?x?=', 'x'],
    ['=?no-such-charset?q?=C3=B6?=', 'ö'],
    ['=?utf-8?x?abc?=', '=?utf-8?x?abc?='],
    ['=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=', '日本'],
    [latin1('raw ö'), 'raw ö'],
    ['raw \xf6', 'raw ö'],
    ['=?utf-8?q?unfinished', '=?utf-8?q?unfinished'],
  ] as const) {
    it(`reads the words ${JSON.stringify(encoded)}`, () => assert.equal(decodeWords(encoded), expected));
  }

  for (const [encoded, expected] of [
    ["utf-8'en'%e2%82%ac%20rates", '€ rates'],
    ["iso-8859-1''%e4", 'ä'],
    ['%c3%a4', 'ä'],
    ["''a", 'a'],
  ] as const) {
    it(`reads the parameter ${encoded}`, () => assert.equal(decodeExtendedValue(encoded), expected));
  }

  for (const [encoding, body, expected] of [
    ['7bit', 'as it is', 'as it is'],
    ['BASE64', 'aGVs\r\nbG8=', 'hello'],
    ['base64', 'aGVsbG8=aGVsbG8=', 'hellohello'],
    ['base64', 'aG!!Vs bG8', 'hello'],
    ['quoted-printable', 'a=3Db=\r\nc=\nd', 'a=bcd'],
    ['quoted-printable', 'blanks  \r\nat ends \t\r\n', 'blanks\r\nat ends\r\n'],
    ['quoted-printable', 'meant=20\r\n--=20 \r\n=09\r\n', 'meant \r\n-- \r\n\t\r\n'],
    ['quoted-printable', 'kept =zz =4', 'kept =zz =4'],
    ['quoted-printable', 'soft =  \r\nend=', 'soft end'],
    ['x-unknown', 'a', undefined],
  ] as const) {
    it(`undoes ${encoding} ${JSON.stringify(body)}`, () => assert.equal(decodeTransfer(Buffer.from(body), encoding)?.toString(), expected));
  }

  it('knows charsets by their usual names', () => {
    for (const name of ['utf-8', 'US-ASCII', 'iso-8859-15', 'windows-1251', 'koi8-r', 'gb18030', 'shift_jis', 'euc-kr', 'big5']) {
      assert.ok(isKnownCharset(name), name);
    }
    assert.ok(!isKnownCharset('x-no-such'));
    assert.equal(decodeCharset(Buffer.from([0xcf, 0xd2]), 'koi8-r'), 'ор');
    assert.equal(decodeCharset(Buffer.from('ä'), 'us-ascii'), 'ä');
    for (const label of ['windows-1252', 'iso-8859-1', 'latin1', 'us-ascii', ''])
      assert.equal(decodeCharset(Buffer.from([0x80, 0x84, 0x92, 0x96, 0x9f, 0xe4]), label), '€„’–Ÿä', label);
    assert.equal(decodeCharset(Buffer.from([0xa4]), 'iso-8859-15'), '€');
  });

  for (const [text, at, day] of [
    ['Fri, 21 Nov 1997 09:55:06 -0600', '1997-11-21T15:55:06Z', '1997-11-21'],
    ['21 Nov 97 23:30 EST', '1997-11-22T04:30:00Z', '1997-11-21'],
    ['Thu, 1 Jan 2015 00:00:00 +0200 (EET)', '2014-12-31T22:00:00Z', '2015-01-01'],
    ['Fri Jan  2 03:04:05 2015', '2015-01-02T03:04:05Z', '2015-01-02'],
    ['2 January 2015', '2015-01-02T00:00:00Z', '2015-01-02'],
    ['Sat, 31 Dec 2016 23:59:60 GMT', '2017-01-01T00:00:00Z', '2016-12-31'],
  ] as const) {
    it(`reads the date ${text}`, () => assert.deepEqual(parseDate(text), { at: Date.parse(at) / 1000, day: Date.parse(day) / 86_400_000 }));
  }

  for (const text of ['', 'yesterday', '31 Feb 2015 00:00', '1 Foo 2015', '40 Jan 2015', '1 Jan 2015 25:00']) {
    it(`finds no date in ${JSON.stringify(text)}`, () => assert.equal(parseDate(text), null));
  }

  const group = (name: string): (string | null)[] => [null, null, name, null];
  const END = [null, null, null, null];
  for (const [text, ...expected] of [
    ['a@b', [null, null, 'a', 'b']],
    ['J. Doe <a@b>, "Doe, J" <c@d>', ['J. Doe', null, 'a', 'b'], ['Doe, J', null, 'c', 'd']],
    ['a@b (John)', ['John', null, 'a', 'b']],
    ['(before) a@b', [null, null, 'a', 'b']],
    ['<@r1,@r2:a@b>', [null, '@r1,@r2', 'a', 'b']],
    ['g: a@b, c@d;, e@f', group('g'), [null, null, 'a', 'b'], [null, null, 'c', 'd'], END, [null, null, 'e', 'f']],
    ['undisclosed-recipients:;', group('undisclosed-recipients'), END],
    ['g: a@b', group('g'), [null, null, 'a', 'b'], END],
    ['alice', [null, null, 'alice', 'MISSING_DOMAIN']],
    ['alice b', ['alice b', null, 'MISSING_MAILBOX', 'MISSING_DOMAIN']],
    ['John Doe j@b', ['John Doe', null, 'j', 'b']],
    ['a <b@c, d@e', ['a', null, 'b', 'c'], [null, null, 'd', 'e']],
    ['a@[127.0.0.1], b . c @ d . e', [null, null, 'a', '[127.0.0.1]'], [null, null, 'b.c', 'd.e']],
    ['"a b"@c, <"x@y"@z>', [null, null, 'a b', 'c'], [null, null, 'x@y', 'z']],
    [', ,a@b,,', [null, null, 'a', 'b']],
    ['<>', [null, null, 'MISSING_MAILBOX', 'MISSING_DOMAIN']],
    ['BM-2cWzSnwjJ7yRP3nLEWUV5LisTZyREWSzUK@bitmessage', [null, null, 'BM-2cWzSnwjJ7yRP3nLEWUV5LisTZyREWSzUK', 'bitmessage']],
  ] as [string, ...(string | null)[][]][]) {
    it(`reads the addresses ${text}`, () =>
      assert.deepEqual(
        parseAddressList(text).map(({ name, route, mailbox, host }) => [name, route, mailbox, host]),
        expected,
      ));
  }

  for (const [a, b] of [
    ['Straße', 'STRASSE'],
    ['ΟΔΟΣ', 'οδος'],
    ['ﬁn', 'FIN'],
    ['é', 'É'],
  ] as const) {
    it(`takes ${a} for ${b} in a search`, () => assert.equal(fold(a), fold(b)));
  }

  const random = generator();
  it(`finds in the parts of a body what is in all of it (POSTERN_SEED=${random.seed})`, () => {
    for (const raw of oddMails()) {
      const tree = parsePartTree(raw);
      const body = fold(bodyText(raw, tree));
      for (let round = 0; round < 10; round++) {
        const start = random.below(body.length + 1);
        const text = random.pick([body.slice(start, start + random.below(12)), 'ZZ', '', 'E', '.*', '(', '\\', '=']);
        assert.equal(bodyFinder(text)(raw, tree), body.includes(text), JSON.stringify([text, body]));
      }
    }
  });

  it('describes what the store keeps', () => {
    const raw = Buffer.from(
      'From: =?utf-8?q?J=C3=B6rg?= <j@x>, g: a@b;\r\nTo: c@d\r\nSubject: =?utf-8?q?=C3=A4?=\r\nMessage-ID: <1@x> junk\r\n' +
        'References: <a@x>\r\n <b@x>\r\nIn-Reply-To: <c@x>\r\nDate: Thu, 1 Jan 2015 00:00:00 +0200\r\n\r\nbody',
    );
    const { structure: _, envelope, bodyStructure, ...rest } = describeMessage(raw);
    assert.equal(String(bodyStructure), '("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 4 0 NIL NIL NIL NIL)');
    assert.match(
      envelope.toString('latin1'),
      /^\("Thu, 1 Jan 2015 00:00:00 \+0200" "=\?utf-8\?q\?=C3=A4\?=" \(\(.*\)\) .* "<c@x>" "<1@x> junk"\)$/,
    );
    assert.deepEqual(rest, {
      preview: Buffer.from('"body"'),
      partIndex: ' m:4@0-193-197 1:4@0-193-197',
      listedFields: null,
      subject: 'ä',
      from: 'Jörg <j@x>, a@b',
      to: 'c@d',
      cc: '',
      bcc: '',
      messageIdHeader: '<1@x>',
      sentAt: Date.parse('2014-12-31T22:00:00Z') / 1000,
      sentDay: Date.parse('2015-01-01') / 86_400_000,
      headerBytes: raw.length - 4,
      references: ['<a@x>', '<b@x>'],
    });
  });

  for (const [message, expected] of [
    ['\r\nfirst  line\r\nsecond', 'first line second'],
    ['\r\n> quoted\r\n> more\r\nanswer', 'answer'],
    ['Content-Type: text/html\r\n\r\n<style>p{}</style><p>a &amp; b</p><!-- c -->', 'a & b'],
    ['Content-Type: image/png\r\n\r\nx', ''],
    [
      'Content-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\nhtml\r\n--x\r\n\r\nplain\r\n--x--',
      'plain',
    ],
    [`\r\n${'wörd '.repeat(100)}`, 'wörd '.repeat(40).trim()],
  ] as const) {
    it(`previews ${JSON.stringify(expected.slice(0, 20))}`, () => {
      const raw = Buffer.from(message);
      assert.equal(previewOf(raw, parsePartTree(raw)), expected);
    });
  }
});
