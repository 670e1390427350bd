/** The part tree: what it makes of odd messages, that its offsets fit together, and that no bytes make it throw or crawl. */
import assert from 'node:assert/strict';
import { MAX_DEPTH, MAX_PARTS, type Part, parsePartTree } from '../../src/mime/part-tree.js';
import { processorMs } from '../support/processor-time.js';
import { type Generator, generator } from '../support/random.js';

/** "multipart/mixed[text/plain 'body', …]" */
function sketch(raw: Buffer, part: Part): string {
  const name = `${part.type}/${part.subtype}`;
  if (part.children.length > 0) return `${name}[${part.children.map((child) => sketch(raw, child)).join(', ')}]`;
  return `${name} ${JSON.stringify(raw.toString('latin1', part.headerEnd, part.bodyEnd))}`;
}

const MIXED = 'Content-Type: multipart/mixed; boundary=x\n\n';

describe('part tree', () => {
  for (const [why, message, expected] of [
    ['nothing at all', '', 'text/plain ""'],
    ['only an empty line', '\n', 'text/plain ""'],
    ['no header', '\nbody', 'text/plain "body"'],
    ['no empty line: all of it is header', 'just a line', 'text/plain ""'],
    ['bare line feeds', 'A: b\n\nbody', 'text/plain "body"'],
    [
      'two parts between prologue and epilogue',
      `${MIXED}pre\n--x\n\na\n--x\n\nb\n--x--\nepi`,
      'multipart/mixed[text/plain "a", text/plain "b"]',
    ],
    ['no closing delimiter', `${MIXED}--x\n\na\n--x\n\nb\n`, 'multipart/mixed[text/plain "a", text/plain "b\\n"]'],
    ['a last delimiter without a line end opens nothing', `${MIXED}--x\n\na\n--x`, 'multipart/mixed[text/plain "a"]'],
    ['no delimiter', `${MIXED}nothing`, 'multipart/mixed "nothing"'],
    ['no boundary', 'Content-Type: multipart/mixed\n\n--x\n\na\n--x--', 'multipart/mixed "--x\\n\\na\\n--x--"'],
    ['a header cut off by a delimiter', `${MIXED}--x\nA: b\n--x\n\nc\n--x--`, 'multipart/mixed[text/plain "", text/plain "c"]'],
    ['blanks behind the boundary', `${MIXED}--x \t\n\na\n--x-- \n`, 'multipart/mixed[text/plain "a"]'],
    [
      'an inner multipart that is not closed ends with the outer one',
      `${MIXED}--x\nContent-Type: multipart/alternative; boundary=y\n\n--y\n\na\n--x\n\nb\n--x--`,
      'multipart/mixed[multipart/alternative[text/plain "a"], text/plain "b"]',
    ],
    [
      'the longer of two boundaries that begin alike',
      `${MIXED}--x\nContent-Type: multipart/alternative; boundary=xy\n\n--xy\n\na\n--xy--\n--x\n\nb\n--x--`,
      'multipart/mixed[multipart/alternative[text/plain "a"], text/plain "b"]',
    ],
    [
      'the same boundary again inside',
      `${MIXED}--x\nContent-Type: multipart/alternative; boundary=x\n\n--x\n\na\n--x--\n--x\n\nb\n--x--`,
      'multipart/mixed[multipart/alternative[text/plain "a"], text/plain "b"]',
    ],
    [
      'parts of a digest are messages',
      'Content-Type: multipart/digest; boundary=x\n\n--x\n\nSubject: in\n\na\n--x--',
      'multipart/digest[message/rfc822[text/plain "a"]]',
    ],
    ['a message inside', 'Content-Type: message/rfc822\n\nSubject: in\n\na', 'message/rfc822[text/plain "a"]'],
    ['a type that cannot be read is text', 'Content-Type: ;;;\n\na', 'text/plain "a"'],
    ['a type without subtype is a stream of octets', 'Content-Type: image\n\na', 'application/octet-stream "a"'],
    ['the first of two types counts', 'Content-Type: text/html\nContent-Type: image/png\n\na', 'text/html "a"'],
  ] as const) {
    it(`reads a message with ${why}`, () => {
      for (const raw of [Buffer.from(message), Buffer.from(message.replaceAll('\n', '\r\n'))]) {
        assert.equal(sketch(raw, parsePartTree(raw)).replaceAll('\\r\\n', '\\n'), expected);
      }
    });
  }

  it('reads all fields of a part', () => {
    const raw = Buffer.from(
      [
        'Content-Type: Text/HTML; charset="UTF-8" (comment); x="a b\\"c"; n*0=a; n*1=b; e*0*=utf-8\'\'%c3; e*1*=%a4',
        'Content-Transfer-Encoding: BASE64 (x)',
        'Content-ID: <abc>',
        'Content-Description: a',
        '\tb',
        'Content-Disposition: attachment; filename="a b.txt"',
        'Content-Language: en, (c) de',
        'Content-Location: http://x/',
        'Content-MD5: abc==',
        '',
        'line 1',
        'line 2',
      ].join('\r\n'),
    );
    const { headerEnd, bodyEnd, envelope, children, ...part } = parsePartTree(raw);
    assert.deepEqual(part, {
      headerStart: 0,
      lines: 1,
      type: 'Text',
      subtype: 'HTML',
      parameters: [
        ['charset', 'UTF-8'],
        ['x', 'a b"c'],
        ['e*', "utf-8''%c3%a4"],
        ['n', 'ab'],
      ],
      encoding: 'BASE64',
      id: '<abc>',
      description: 'a\tb',
      md5: 'abc==',
      disposition: { kind: 'attachment', parameters: [['filename', 'a b.txt']] },
      languages: ['en', 'de'],
      location: 'http://x/',
    });
  });

  it('stops at its limits of depth and parts', () => {
    const nested = 'Content-Type: message/rfc822\r\n\r\n'.repeat(MAX_DEPTH * 3);
    let depth = 0;
    for (let part: Part | undefined = parsePartTree(Buffer.from(nested)); part !== undefined; part = part.children[0]) depth++;
    assert.equal(depth, MAX_DEPTH + 1);
    const many = `Content-Type: multipart/mixed; boundary=x\r\n\r\n${'--x\r\n\r\n'.repeat(MAX_PARTS * 2)}`;
    assert.equal(parsePartTree(Buffer.from(many)).children.length, MAX_PARTS - 1);
  });

  // Each is built so that a parser that looks at something twice for each line, level or address takes minutes.
  for (const [what, hostile] of [
    ['boundaries inside boundaries, then only dashes', nestedMultiparts(60) + '\n--'.repeat(100_000)],
    ['parts without header ends', `Content-Type: multipart/mixed; boundary=x\n\n${'--x\nA: b\n'.repeat(50_000)}`],
    ['addresses that never end', `To: ${'<@,'.repeat(80_000)}\n\n`],
    ['blanks without end', `Subject: a${' '.repeat(250_000)}b\nContent-Type: text/plain;${' '.repeat(250_000)}x\n\n`],
    ['comments in comments', `To: ${'('.repeat(200_000)}\n\n`],
    ['quotes that are not closed', `To: ${'"a'.repeat(100_000)}\n\n`],
    ['short header lines', 'a:\n'.repeat(300_000)],
    ['parameters', `Content-Type: text/plain${';a*0=b'.repeat(50_000)}\n\n`],
    ['deep delimiters', nestedMultiparts(60) + Array.from({ length: 20_000 }, (_, i) => `--b${i % 60}\n\n`).join('')],
  ] as const) {
    it(`reads ${what} in bounded time`, () => {
      const start = processorMs();
      parsePartTree(Buffer.from(hostile));
      assert.ok(processorMs() - start < 2000, `${processorMs() - start} ms`);
    });
  }

  const numbers = generator();
  it(`never throws, and its offsets fit into each other (POSTERN_SEED=${numbers.seed})`, () => {
    for (let i = 0; i < 3000; i++) {
      const raw = randomMessage(numbers);
      checkOffsets(parsePartTree(raw), 0, raw.length, raw);
    }
  });
});

function nestedMultiparts(levels: number): string {
  let text = '';
  for (let level = 0; level < levels; level++) text += `Content-Type: multipart/mixed; boundary=b${level}\n\n--b${level}\n`;
  return text;
}

const PIECES = [
  'Content-Type: multipart/mixed; boundary=x',
  'Content-Type: multipart/digest; boundary="x y"',
  'Content-Type: message/rfc822',
  'Content-Type: text/html; charset=utf-8; name*0="a',
  'Content-Transfer-Encoding: base64',
  'Subject: =?utf-8?q?=c3=a4?= (a',
  'From: "a <b@c>, d@e (f, g:h;',
  '--x',
  '--x--',
  '--x y',
  ' folded',
  '',
  '',
  'text',
  'ä\x00\xff',
];

function randomMessage({ below, pick }: Generator): Buffer {
  let text = '';
  for (let i = below(40); i > 0; i--) text += pick(PIECES) + pick(['\r\n', '\r\n', '\r\n', '\n', '\r', '']);
  return Buffer.from(text, 'latin1');
}

function checkOffsets(part: Part, start: number, end: number, raw: Buffer): void {
  const where = `in ${JSON.stringify(raw.toString('latin1'))}`;
  assert.ok(
    part.headerStart >= start && part.headerEnd >= part.headerStart && part.bodyEnd >= part.headerEnd && part.bodyEnd <= end,
    where,
  );
  let position = part.headerEnd;
  for (const child of part.children) {
    checkOffsets(child, position, part.bodyEnd, raw);
    position = child.bodyEnd;
  }
}
