import assert from 'node:assert/strict';
import { decodeContent } from '../../src/bitmessage/wire/content.js';
import { attachmentNote, toBitmessage, withoutNote } from '../../src/mapping/to-bitmessage.js';

describe('a mail as a message', () => {
  for (const [subject, text, plaintext, why] of [
    ['hi', 'hello\n', 'Subject:hi\nBody:hello', 'as it is'],
    ['', '', 'Subject:\nBody:', 'nothing at all'],
    ['', 'x', 'Subject:\nBody:x', 'no subject'],
    ['x', '\n\n', 'Subject:x\nBody:', 'no text'],
    ['a\r\nBody:b', 'x', 'Subject:a Body:b\nBody:x', 'a subject that would be a body'],
    ['a\0b\tc', 'x\0y\tz', 'Subject:a b c\nBody:xy\tz', 'controls'],
    ['x'.repeat(600), 'y', `Subject:${'x'.repeat(500)}\nBody:y`, 'a long subject'],
    ['ü'.repeat(300), 'y', `Subject:${'ü'.repeat(250)}\nBody:y`, 'a long subject that is not cut within a letter'],
    ['x', '\n a\r\nb\rc  \n\n', 'Subject:x\nBody:\n a\nb\nc', 'line ends'],
    ['x', `${'long '.repeat(500)}end`, `Subject:x\nBody:${'long '.repeat(500)}end`, 'a long line stays whole'],
    ['x', '\nSubject:evil\nBody:y', 'Subject:x\nBody:\nSubject:evil\nBody:y', 'a body that looks like a message'],
  ] as const)
    it(`is ${JSON.stringify(plaintext.slice(0, 30))}: ${why}`, () => {
      const { encoding, content } = toBitmessage({ subject, text, html: null, files: [] }, [Buffer.alloc(32)]);
      assert.equal(encoding, 2, 'everybody can read it');
      assert.equal(Buffer.from(content).toString(), plaintext);
      const decoded = decodeContent(encoding, content);
      assert.ok(decoded.kind === 'message');
      assert.deepEqual(
        [decoded.content.subject, decoded.content.body],
        plaintext
          .slice(8)
          .split(/\nBody:(.*)/s)
          .slice(0, 2),
      );
    });

  it('names its files for programs that do not know them, and takes that away again', () => {
    const files = [
      { name: '/home/me/ü.pdf', type: 'application/pdf', disposition: 'attachment' as const, content: Buffer.alloc(12_345) },
      { name: '', type: 'image/png', disposition: 'inline' as const, content: Buffer.alloc(3) },
    ];
    const { encoding, content } = toBitmessage({ subject: 's', text: 'see', html: null, files }, []);
    const decoded = decodeContent(encoding, content);
    assert.ok(encoding === 3 && decoded.kind === 'message');
    assert.equal(decoded.content.body, 'see\n\n[Attached: ü.pdf (12 kB), file (3 bytes)]');
    assert.deepEqual(
      decoded.content.files.map(({ name, data }) => [name, data.length]),
      [
        ['ü.pdf', 12_345],
        ['file', 3],
      ],
    );
    assert.equal(withoutNote(decoded.content.body, files), 'see');
    assert.equal(withoutNote('see [Attached: x]', files), 'see [Attached: x]');
    assert.equal(attachmentNote([]), '');
  });
});
