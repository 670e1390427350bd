/** The quick look into plain mails: as their structure says, or no answer. */
import assert from 'node:assert/strict';
import { plainScan } from '../../../src/imap/search/plain-scan.js';
import { bodyTest, wholeTest } from '../../../src/imap/search/text-test.js';
import { describeMessage } from '../../../src/mime/describe.js';
import { fold } from '../../../src/mime/searchable-text.js';
import { generator } from '../../support/random.js';

const plain = 'Content-Type: text/plain; charset=utf-8\r\n';

describe('the quick look into plain mails', () => {
  for (const [raw, word, expected] of [
    [`Subject: a\r\n${plain}\r\nhello there`, 'hello', true],
    ['Subject: a\r\n\r\nhello there', 'THERE', true],
    ['Subject: a\r\n\r\nhello there', 'nowhere', false],
    ['Subject: a\r\n\r\nhello there', 'hello there', null],
    ['Subject: hello\r\n\r\nthere', 'hello', null],
    ['Subject: hello there', 'hello', null],
    ['Subject: =?utf-8?q?hello?=\r\n\r\nthere', 'nowhere', null],
    ['Content-Transfer-Encoding: base64\r\n\r\naGVsbG8=', 'hello', null],
    ['Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n\x1b$B8l\x1b(B', 'nowhere', null],
    ['Content-Type: text/plain; charset="utf-16"\r\n\r\nhello', 'hello', null],
    ['Content-Type: text/plain; charset*0="utf-"; charset*1="16"\r\n\r\nhello', 'hello', null],
    ['Content-Type: application/pdf\r\n\r\nhello', 'hello', null],
    ['Content-Type: application/pdf\r\n\r\nhello', 'nowhere', false],
    ['Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nhello\r\n--x--\r\n', 'hello', null],
    ['Subject: a\r\n\r\nh\xe9llo', 'nowhere', null],
  ] as const)
    it(`says ${expected} of "${word}" in ${JSON.stringify(raw)}`, () => {
      assert.equal(plainScan(fold(word))(Buffer.from(raw, 'latin1')), expected);
    });

  const { seed, below, pick } = generator();
  it(`finds what is found by the structure (POSTERN_SEED=${seed})`, () => {
    const pieces = [
      ...['a', 'b', 'ab', 'A', ' ', '\t', ':', '=', '*', '"', ';', '(', ')', '\r\n', '\r\n ', '\n', '\n\n', '\r', '\r\n\r\n', '\xe9', '\0'],
      ...[
        '\r\nSubject: ',
        'From: a@b\r\n',
        '\r\nContent-Type: ',
        'text/plain',
        'text/html',
        'application/x',
        'message/rfc822',
        '\r\n--b',
        '--\r\n',
      ],
      ...['multipart/mixed; boundary=b', '; charset=utf-8', '; charset="us-ascii"', '; charset=utf-16', 'charset', '=?utf-8?q?a=61?='],
      ...[
        '\r\nContent-Transfer-Encoding: ',
        '7bit',
        'base64',
        'quoted-printable',
        '=61',
        'YWI=',
        '&#97;',
        '\x1b$B',
        'Content-Type : text/x',
      ],
    ];
    let answered = 0;
    for (let round = 0; round < 15_000; round++) {
      const head = pick(['', '', 'Subject: a\r\n', plain, `${plain}\r\n`, 'Subject: b\r\n\r\n']);
      const raw = Buffer.from(head + Array.from({ length: 1 + below(20) }, () => pick(pieces)).join(''), 'latin1');
      const { structure } = describeMessage(raw);
      const word = fold(pick(['a', 'b', 'ab', 'abab', 'x', 'plain', 'bit', '61']));
      for (const test of [bodyTest(word), wholeTest(word)]) {
        assert.ok(test.reads === 'text');
        const scanned = test.scan(raw);
        if (scanned === null) continue;
        answered++;
        assert.equal(scanned, test.fits(raw, structure), JSON.stringify([raw.toString('latin1'), word, test.parts]));
      }
    }
    assert.ok(answered > 500, `only ${answered} were answered`);
  });
});
