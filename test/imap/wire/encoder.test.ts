/** Strings as the server writes them. */
import assert from 'node:assert/strict';
import { astring, list, literal8, nstring, quoted, string } from '../../../src/imap/wire/encoder.js';

describe('imap encoder', () => {
  for (const [value, wire] of [
    ['', '""'],
    ['plain', '"plain"'],
    ['a"b\\c', '"a\\"b\\\\c"'],
    ['two\r\nlines', '{10}\r\ntwo\r\nlines'],
    ['ü', '{2}\r\n\xc3\xbc'],
    ['x'.repeat(1001), `{1001}\r\n${'x'.repeat(1001)}`],
  ] as const)
    it(`writes ${JSON.stringify(value.slice(0, 20))} as a string`, () => assert.equal(string(value).toString('latin1'), wire));

  it('quotes UTF-8 for a client that enabled it', () => assert.equal(string('ü', true).toString(), '"ü"'));
  it('writes NIL for nothing', () => assert.equal(nstring(null).toString(), 'NIL'));
  it('refuses to quote what a quoted string cannot hold', () => assert.throws(() => quoted('a\r\nb'), TypeError));
  it('writes NUL in a literal8', () => assert.equal(literal8(Buffer.from([0])).toString('latin1'), '~{1}\r\n\0'));
  it('writes lists', () => assert.equal(list([string('a'), list([])]).toString(), '("a" ())'));

  for (const [value, wire] of [
    ['INBOX', 'INBOX'],
    ['a b', '"a b"'],
    ['', '""'],
    ['nil', '"nil"'],
    ['a*', '"a*"'],
    ['[Gmail]/x', '[Gmail]/x'],
  ] as const)
    it(`writes the mailbox ${JSON.stringify(value)} as ${wire}`, () => assert.equal(astring(value).toString(), wire));
});
