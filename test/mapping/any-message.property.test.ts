/** Whatever a message holds, it becomes a mail that is well formed, and that mail, sent on, becomes a message again. */
import assert from 'node:assert/strict';
import { encodeContent } from '../../src/bitmessage/wire/content.js';
import { toOutgoingForm } from '../../src/mapping/html-form.js';
import { toBitmessage } from '../../src/mapping/to-bitmessage.js';
import { readContent, toMail } from '../../src/mapping/to-mail.js';
import { toPlain } from '../../src/mapping/to-plain.js';
import { composeMail } from '../../src/mime/compose-mail.js';
import { parsePartTree } from '../../src/mime/part-tree.js';
import { readMail } from '../../src/mime/read-mail.js';
import { english } from '../../src/words/english/english.js';
import { type Generator, generator } from '../support/random.js';
import { ALICE, BOB } from './house.js';

const ROUNDS = 200;
const PIECES = [
  ...[
    '<html>',
    '<p>',
    '</p>',
    '<b>',
    '</b>',
    '<script>',
    '</script>',
    '<',
    '>',
    '"',
    '&amp;',
    '&#xd800;',
    '<img src="cid:',
    'a%20b.png',
    '">',
  ],
  ...[
    '<img src="data:image/png;base64,',
    'AAAA',
    '" alt="',
    '\u202e',
    '\ud800',
    'ü',
    '../x',
    '\0',
    '\r',
    '\n',
    '\x9b',
    '[Attached: ',
    '-'.repeat(54),
    '--postern-',
  ],
];
const NAMES = ['a b.png', 'message.html', '', '\ud83d', '../../etc/passwd', '.', 'x\r\nBcc: y'];
const TYPES = [
  'text/html',
  'TEXT/HTML',
  'image/png',
  'image/svg+xml',
  'multipart/mixed',
  'message/rfc822',
  'x',
  '',
  'text/plain\r\nBcc: y',
];

function anyText({ below, pick }: Generator): string {
  return Array.from({ length: below(20) }, () => pick(PIECES)).join('');
}

function anyContent(random: Generator): Uint8Array {
  const { below, bytes, pick } = random;
  const files = Array.from({ length: below(4) }, () => ({
    name: pick(NAMES),
    type: pick(TYPES),
    disposition: pick(['inline', 'attachment'] as const),
    data: pick([bytes(below(30)), Buffer.from(anyText(random))]),
  }));
  const text = anyText(random);
  return encodeContent(3, { subject: anyText(random), body: pick([text, `<html>${text}`, `<p>${text}</p>`]), parents: [], files });
}

describe('any message', () => {
  const random = generator();
  it(`becomes a mail and a message again (POSTERN_SEED=${random.seed})`, async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const message = {
        ...({ kind: 'message', from: BOB, to: ALICE, chan: false, encoding: 3, content: anyContent(random) } as const),
        ...{ objectHash: new Uint8Array(32), signatureHash: new Uint8Array(32), receivedAt: 1_800_000_000, expiresAt: 1_800_000_000 },
      };
      const raw = await composeMail(toMail(message, readContent(message, english), { label: () => '', trust: 'unknown', parent: null }));
      assert.doesNotMatch(raw.toString('latin1'), /\r(?!\n)|(?<!\r)\n|\0|[^\r\n]{999}/, `POSTERN_SEED=${random.seed}, round ${round}`);
      // Nothing of it became structure, or a field of the header.
      const tree = parsePartTree(raw);
      assert.ok(['text', 'multipart'].includes(tree.type.toLowerCase()));
      assert.equal(readMail(raw).field('bcc'), null);
      const form = toOutgoingForm(readMail(raw));
      toBitmessage(form, []);
      toPlain(form);
    }
  });
});
