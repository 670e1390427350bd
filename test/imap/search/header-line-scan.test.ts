import assert from 'node:assert/strict';
import { headerLineScan } from '../../../src/imap/search/header-line-scan.js';

describe('lines of a header', () => {
  for (const [header, text, isKnown] of [
    ['Subject: quick\r\n\r\n', 'Q', true],
    ['X: a\r\nSubject: quick\r\n\r\n', 'QU', true],
    ['X-Queue: a\r\n\r\n', 'QU', true],
    ['Subject: =?utf-8?q?a?=\r\n\r\n', 'Q', false],
    ['Subject: =?utf-8?q?a?=\r\nX: q\r\n\r\n', 'Q', true],
    ['Content-Type: a; q*=b\r\n\r\n', 'Q', false],
    ['Subject: a\r\n q\r\n\r\n', 'Q', false],
    ['no field q\r\n\r\n', 'Q', false],
    ['Subject: a\r\n\r\nquick\r\n', 'Q', false],
    ['Subject: a\n\nX: quick\n', 'Q', false],
    ['Subject: quick', 'Q', false],
    ['Subject: quick\r\n\r\n', 'QUI', false],
  ] as const)
    it(`${isKnown ? 'say' : 'do not say'} that ${text} is in ${JSON.stringify(header)}`, () =>
      assert.equal(headerLineScan(text)(Buffer.from(header)), isKnown));
});
