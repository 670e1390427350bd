/** Mailbox names, LIST patterns and dates. */
import assert from 'node:assert/strict';
import { formatDateTime, parseDate, parseDateTime } from '../../../src/imap/wire/date-time.js';
import { patternMatcher } from '../../../src/imap/wire/list-pattern.js';
import { decodeUtf7, encodeUtf7, normalizePath, refuseName } from '../../../src/imap/wire/mailbox-name.js';
import { processorMs } from '../../support/processor-time.js';

describe('imap mailbox names', () => {
  for (const [text, wire] of [
    ['INBOX', 'INBOX'],
    ['Entwürfe', 'Entw&APw-rfe'],
    ['~peter/mail/台北/日本語', '~peter/mail/&U,BTFw-/&ZeVnLIqe-'],
    ['a&b', 'a&-b'],
    ['😀', '&2D3eAA-'],
    ['a&ü', 'a&-&APw-'],
  ] as const)
    it(`writes ${text} as ${wire} and reads it back`, () => {
      assert.equal(encodeUtf7(text), wire);
      assert.equal(decodeUtf7(wire), text);
    });

  for (const wire of ['&', '&A', '&AOQ', '&ä-', '&AGE-', '&AOQ-&AOQ-', 'ü', 'a\tb', '&AOR-', '&2D0-x&3gA-'])
    it(`refuses ${JSON.stringify(wire)}`, () => assert.equal(decodeUtf7(wire), null));

  it('spells names one way', () => {
    assert.equal(normalizePath('inBox'), 'INBOX');
    assert.equal(normalizePath('Inbox/Sub/'), 'INBOX/Sub');
    assert.equal(normalizePath('u\u0308'), 'ü');
  });

  for (const path of ['', '/a', 'a//b', 'a\u0000', 'a\u2028b', `x`.repeat(256), Array(20).fill('x'.repeat(60)).join('/')])
    it(`refuses to make ${JSON.stringify(path.slice(0, 20))}`, () => assert.notEqual(refuseName(path), null));
});

describe('imap list pattern', () => {
  for (const [pattern, path, fits] of [
    ['*', 'a/b', true],
    ['%', 'a', true],
    ['%', 'a/b', false],
    ['a/%', 'a/b', true],
    ['a/%', 'a', false],
    ['%/%', 'a/b', true],
    ['a*c', 'a/b/c', true],
    ['%t*4', 'x/test3/test4', false],
    ['x/%t*4', 'x/test3/test4', true],
    ['inbox', 'INBOX', true],
    ['iNbOx/%', 'INBOX/a', true],
    ['inbox', 'inboxes', false],
    ['a', 'A', false],
    ['', 'a', false],
    ['a%%**%', 'a', true],
    ['😀', '😀', true],
    ['😀/%', '😀/😀', true],
    ['*😀', 'a/😀', true],
  ] as const)
    it(`"${pattern}" ${fits ? 'fits' : 'does not fit'} ${path}`, () => assert.equal(patternMatcher(pattern)(path), fits));

  it('is not slowed down by wildcards', () => {
    const started = processorMs();
    assert.equal(patternMatcher(`${'*a'.repeat(400)}b`)('a'.repeat(900)), false);
    assert.ok(processorMs() - started < 1000);
  });
});

describe('imap dates', () => {
  for (const [text, time] of [
    ['17-Jul-1996 02:44:25 -0700', 837596665],
    [' 1-jan-1970 00:00:00 +0000', 0],
    ['01-Jan-1970 01:00:00 +0100', 0],
    ['29-Feb-2000 12:00:00 +0530', 951805800],
    ['1-Jan-1970 00:00:00 +0000', 0], // as Horde writes it
  ] as const)
    it(`reads ${text}`, () => assert.equal(parseDateTime(text), time));

  for (const text of ['31-Feb-2000 00:00:00 +0000', '01-Foo-2000 00:00:00 +0000', '01-Jan-2000 24:00:00 +0000', '01-Jan-2000 00:00:00'])
    it(`refuses ${text}`, () => assert.equal(parseDateTime(text), null));

  it('writes what it reads', () => assert.equal(formatDateTime(837596665), '17-Jul-1996 09:44:25 +0000'));
  for (const [time, text] of [
    [Number(parseDateTime('31-Dec-9999 23:59:59 -1200')), '31-Dec-9999 23:59:59 +0000'],
    [Number(parseDateTime(' 1-Jan-0000 00:00:00 +1400')), ' 1-Jan-0000 00:00:00 +0000'],
    [1e17, '31-Dec-9999 23:59:59 +0000'],
  ] as const)
    it(`writes no year of more than four digits: ${time}`, () => assert.equal(formatDateTime(time), text));
  it('reads days', () => assert.equal(parseDate('1-Feb-1994'), 8797));
  it('refuses no days', () => assert.equal(parseDate('30-Feb-1994'), null));
});
