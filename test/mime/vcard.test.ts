import assert from 'node:assert/strict';
import { readCard, writeCard } from '../../src/mime/vcard.js';

const card = (...lines: string[]): string => ['BEGIN:VCARD', ...lines, 'END:VCARD', ''].join('\r\n');

describe('vcard', () => {
  it('reads both versions, and keeps what it does not know', () => {
    for (const version of ['3.0', '4.0']) {
      const text = card(
        `VERSION:${version}`,
        'UID:u-1',
        'FN:Jörg\\, der Große',
        'N:;Jörg\\, der Große;;;',
        'item1.EMAIL;TYPE="a:b",work:BM-x@bitmessage',
        'NOTE:one\\ntwo\\\\n',
        'PHOTO;ENCODING=b:AAAA',
      );
      const content = readCard(text)!;
      assert.deepEqual(
        [content.uid, content.label, content.notes, content.emails],
        ['u-1', 'Jörg, der Große', 'one\ntwo\\n', ['BM-x@bitmessage']],
      );
      const written = writeCard(content);
      assert.match(written, new RegExp(`VERSION:${version}\r\n`));
      assert.match(written, /PHOTO;ENCODING=b:AAAA\r\n/);
      assert.deepEqual(readCard(written), { ...content, rest: readCard(written)!.rest });
      assert.equal(writeCard(readCard(written)!), written);
    }
  });

  it('folds at 75 octets and never inside a character', () => {
    const label = '日本語😀ü'.repeat(40);
    const written = writeCard({ uid: 'u', label, notes: '', emails: [], rest: '' });
    for (const line of written.split('\r\n')) assert.ok(Buffer.byteLength(line) <= 75 && !line.includes('\uFFFD'));
    assert.equal(readCard(written)?.label, label);
  });

  it('unfolds bare line feeds and tabs too', () => {
    assert.equal(readCard('BEGIN:VCARD\nVERSION:3.0\nFN:Al\n ice\n\t B\nEND:VCARD\n')?.label, 'Alice B');
  });

  it('gives the name in parts up where it says another name', () => {
    const content = readCard(card('VERSION:3.0', 'FN:Alice Smith', 'N:Smith;Alice;;;'))!;
    assert.match(writeCard(content), /N:Smith;Alice;;;/);
    assert.match(writeCard({ ...content, label: 'Bob' }), /N:;Bob;;;/);
  });

  it('lets no value become a line of its own', () => {
    const written = writeCard({ uid: 'u\r\nX:1', label: 'a\nEMAIL:x', notes: 'n\r\nEND:VCARD', emails: ['e\nX:2'], rest: '' });
    assert.equal(written.split('\r\n').length, 9);
  });

  for (const [text, why] of [
    ['', 'nothing'],
    ['hello', 'no card'],
    [card('VERSION:2.1', 'FN:x'), 'an old version'],
    [card('VERSION:3.0', 'FN:x') + card('VERSION:3.0', 'FN:y'), 'two cards'],
    [card('VERSION:3.0', 'FN:x', 'no colon'), 'a line without a value'],
    [card('VERSION:3.0', 'FN:x\u0000y'), 'a NUL'],
    [card('VERSION:3.0', ...Array.from({ length: 2_001 }, () => 'TEL:1')), 'endless'],
  ])
    it(`refuses ${why}`, () => assert.equal(readCard(text), null));
});
