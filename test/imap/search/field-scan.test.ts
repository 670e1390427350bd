/** The quick look into plain headers: as the parser finds, or no answer. */
import assert from 'node:assert/strict';
import { fieldScan } from '../../../src/imap/search/field-scan.js';
import { parseHeader, unfoldAsRead } from '../../../src/mime/header.js';
import { addressTexts, fieldText, fold } from '../../../src/mime/searchable-text.js';
import { generator } from '../../support/random.js';

/** What the scan stands in for. */
function parsed(header: Buffer, name: string, text: string): boolean {
  const fields = parseHeader(header, 0, header.length, unfoldAsRead).filter((field) => field.name.toLowerCase() === name);
  return fields.some((field) => [fieldText(field), ...addressTexts(field)].some((value) => fold(value).includes(text)));
}

describe('the quick look into header fields', () => {
  for (const [header, name, text, expected] of [
    ['Subject: plain\r\n\r\n', 'subject', 'LAI', true],
    ['Subject: plain\r\n\r\n', 'subject', 'X', false],
    ['Subject: plain\r\n\r\n', 'from', 'PLAIN', false],
    ['To: x\r\nsubject:plain', 'subject', 'PLAIN', true],
    ['Subject-Of: plain\r\n\r\n', 'subject', 'PLAIN', false],
    ['Subject : plain\r\n\r\n', 'subject', 'PLAIN', null],
    ['Subject: over\r\n two lines\r\n\r\n', 'subject', 'OVER TWO', true],
    ['Subject: over\r\n\tlines\r\n\tand more\r\nTo: x\r\n\r\n', 'subject', 'X', false],
    ['Subject: over\r\n\tlines\n\t \tand more\r\n\r\n', 'subject', 'OVER LINES AND', true],
    ['Subject: a\tb\r\n\r\n', 'subject', 'A B', false],
    ['Subject: =?utf-8?b?w6lhYg==?=\r\n\r\n', 'subject', 'EAB', false],
    ['Subject: =?utf-8?b?w6lhYg==?=\r\n\r\n', 'subject', 'AB', true],
    ['Subject: =?utf-8?q?x?=\r\n =?utf-8?q?y?=\r\n\r\n', 'subject', 'XY', true],
    ['From: =?utf-8?q?x?= <a@b>\r\n\r\n', 'from', 'X <A', true],
    ['From: =?utf-8?q?x?= <a@b>\r\n\r\n', 'from', 'Y', null],
    ['Subject: \xe9\r\n\r\n', 'subject', 'X', null],
    ['Subject: (x)\r\n\r\n', 'subject', 'Y', false],
    ['From: a (x) @b\r\n\r\n', 'from', 'A@B', null],
    ['From: A B <a@b.org>\r\n\r\n', 'from', 'X', false],
    ['From: a@b\r\nFrom: c@d\r\n\r\n', 'from', 'C@D', true],
    ['X: y\r\n\r\n', 'odd name', 'Y', null],
  ] as const)
    it(`says ${expected} of "${text}" in ${name} of ${JSON.stringify(header)}`, () => {
      assert.equal(fieldScan(name, text)(Buffer.from(header, 'latin1')), expected);
    });

  const { seed, below, pick } = generator();
  it(`finds what the parser finds (POSTERN_SEED=${seed})`, () => {
    const pieces = [
      ...'abc@@.,<>()"\\ :;\t-',
      '\r\n ',
      '\r\n\t',
      '\r\n',
      '\n',
      'From:',
      '\r\nFrom:',
      '\r\nFrom: ',
      '\r\nSubject:',
      '[1]',
      '=?',
      '=?utf-8?q?a=C3=A9?=',
      '=?utf-8?b?YmM=?=',
      '?=',
      '*=',
      '\xe9',
      '\r',
    ];
    let answered = 0;
    for (let round = 0; round < 50_000; round++) {
      const text = Array.from({ length: 1 + below(25) }, () => pick(pieces)).join('');
      const header = Buffer.from(`${pick(['From: ', 'Subject: ', ''])}${text}\r\n\r\n`, 'latin1');
      const wanted = fold(Array.from({ length: below(4) }, () => pick([...'abc@., '])).join(''));
      for (const name of ['from', 'subject']) {
        const scanned = fieldScan(name, wanted)(header);
        if (scanned === null) continue;
        answered++;
        assert.equal(scanned, parsed(header, name, wanted), JSON.stringify({ header: header.toString('latin1'), name, wanted }));
      }
    }
    assert.ok(answered > 10_000, `${answered}`);
  });
});
