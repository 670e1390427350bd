import assert from 'node:assert/strict';
import { cleanBody, cutBytes, oneLine, safeFileName } from '../../src/mime/safe-text.js';

describe('safe text', () => {
  for (const [text, line] of [
    ['a\r\nBcc: b', 'a Bcc: b'],
    ['a\0\u001b[31mb', 'a [31mb'],
    ['a\u2028b\u0085c', 'a b c'],
    ['txt.\u202eexe', 'txt. exe'],
    ['  Grüße ✓ ', 'Grüße ✓'],
  ] as const)
    it(`in one line: ${JSON.stringify(text)}`, () => assert.equal(oneLine(text), line));

  for (const [text, body] of [
    ['a\r\nb\rc\n\td', 'a\nb\nc\n\td'],
    ['a\0b', 'ab'],
    ['\u001b]0;title\u0007', '\ufffd]0;title\ufffd'],
  ] as const)
    it(`in a body: ${JSON.stringify(text)}`, () => assert.equal(cleanBody(text), body));

  for (const [name, safe] of [
    ['/etc/passwd', 'passwd'],
    ['..\\..\\a.exe', 'a.exe'],
    ['..', 'file'],
    ['', 'file'],
    ['a/', 'file'],
    ['a\nb.txt', 'a b.txt'],
    ['ü'.repeat(100), 'ü'.repeat(60)],
  ] as const)
    it(`as a file name: ${JSON.stringify(name.slice(0, 20))}`, () => assert.equal(safeFileName(name), safe));

  for (const [text, max, cut] of [
    ['abc', 3, 'abc'],
    ['abc', 2, 'ab'],
    ['aü', 2, 'a'],
    ['👨‍👩‍👧x', 5, ''],
    ['a👍b', 5, 'a👍'],
  ] as const)
    it(`cuts ${text} to ${max} bytes`, () => assert.equal(cutBytes(text, max), cut));
});
