import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { deflateSync, inflateSync } from 'node:zlib';
import { DecodeError, fromHex, toHex } from '../../../src/bitmessage/wire/bytes.js';
import {
  type Attachment,
  decodeContent,
  ENCODING_EXTENDED,
  ENCODING_IGNORE,
  ENCODING_SIMPLE,
  ENCODING_TRIVIAL,
  encodeContent,
  type MessageContent,
} from '../../../src/bitmessage/wire/content.js';
import { type MsgpackValue, msgpack } from '../../../src/bitmessage/wire/msgpack.js';
import { generator } from '../../support/random.js';
import { loadVectors } from '../../support/vectors.js';

interface EncodingCase {
  op: 'encode' | 'decode';
  encoding: number;
  subject: string;
  body: string;
  data: string;
  note?: string;
  decodesTo: { valid: boolean; subject: string; body?: string; bodyLength?: number; bodySha256?: string };
}

const text = (hex: string): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(fromHex(hex));
const isUtf8 = (hex: string): boolean => Buffer.from(text(hex), 'utf8').toString('hex') === hex;
const message = (subject: string, body: string, rest: Partial<MessageContent> = {}): MessageContent => ({
  subject,
  body,
  parents: [],
  files: [],
  ...rest,
});
const extended = (value: MsgpackValue): Uint8Array => deflateSync(msgpack(value));
const entries = (...pairs: [string, MsgpackValue][]): MsgpackValue => new Map<string, MsgpackValue>([['', 'message'], ...pairs]);

function decode(encoding: number, bytes: Uint8Array): MessageContent {
  const decoded = decodeContent(encoding, bytes);
  assert.ok(decoded.kind === 'message', decoded.kind);
  return decoded.content;
}

const { cases } = loadVectors<EncodingCase>('encodings.json');

describe('message content', () => {
  for (const [index, { op, encoding, data, note, decodesTo }] of cases.entries()) {
    const title = `vector ${index}, encoding ${encoding}${note === undefined ? '' : `: ${note}`}`;
    if (encoding > ENCODING_EXTENDED)
      it(`of ${title} is unknown`, () => assert.equal(decodeContent(encoding, fromHex(data)).kind, 'unknown'));
    else if (!decodesTo.valid) it(`of ${title} is refused`, () => assert.throws(() => decodeContent(encoding, fromHex(data)), DecodeError));
    else
      it(`of ${title} is read (${op})`, () => {
        const { subject, body } = decode(encoding, fromHex(data));
        assert.equal(subject, text(decodesTo.subject));
        if (decodesTo.body !== undefined) assert.equal(body, text(decodesTo.body));
        if (decodesTo.bodyLength !== undefined) assert.equal(Buffer.byteLength(body), decodesTo.bodyLength);
        if (decodesTo.bodySha256 !== undefined) assert.equal(createHash('sha256').update(body).digest('hex'), decodesTo.bodySha256);
      });
  }

  /** Here we write something else than PyBitmessage, on purpose: one line, 500 bytes, text alone (PROTOCOL 4.4, writer rules). */
  const writtenOtherwise = ({ subject, body }: EncodingCase): boolean =>
    !isUtf8(body) || text(subject).includes('\n') || subject.length / 2 > 500;
  for (const [index, vector] of cases.entries()) {
    if (vector.op !== 'encode' || writtenOtherwise(vector)) continue;
    const { encoding, subject, body, data } = vector;
    it(`of vector ${index} is written in encoding ${encoding}`, () => {
      const bytes = encodeContent(encoding, message(text(subject), text(body)));
      if (encoding === ENCODING_EXTENDED) assert.deepEqual(decode(encoding, bytes), decode(encoding, fromHex(data)));
      else assert.equal(toHex(bytes), data);
    });
  }

  for (const encoding of [ENCODING_SIMPLE, ENCODING_EXTENDED]) {
    it(`in encoding ${encoding} has a subject of one line`, () => {
      assert.equal(decode(encoding, encodeContent(encoding, message('a\r\nb\nBody:c\rd', 'e'))).subject, 'a b Body:c d');
      assert.equal(decode(encoding, encodeContent(encoding, message('a\r\nb\nBody:c\rd', 'e'))).body, 'e');
    });
    it(`in encoding ${encoding} has a subject of at most 500 bytes, in whole characters`, () => {
      for (const [subject, cut] of [
        ['x'.repeat(501), 'x'.repeat(500)],
        ['ü'.repeat(300), 'ü'.repeat(250)],
        [`x${'ü'.repeat(300)}`, `x${'ü'.repeat(249)}`],
        ['😀'.repeat(200), '😀'.repeat(125)],
        [`xxx${'😀'.repeat(200)}`, `xxx${'😀'.repeat(124)}`],
      ] as const)
        assert.equal(decode(encoding, encodeContent(encoding, message(subject, ''))).subject, cut);
    });
  }

  it('with a foreign subject too long for us is cut in whole characters', () => {
    assert.equal(decode(ENCODING_SIMPLE, Buffer.from(`Subject:x${'ü'.repeat(300)}\nBody:b`)).subject, `x${'ü'.repeat(249)}`);
  });

  it('in encoding 0 is not to be shown', () => assert.equal(decodeContent(ENCODING_IGNORE, fromHex('ff')).kind, 'ignore'));

  for (const encoding of [ENCODING_IGNORE, 4, 100])
    it(`is not written in encoding ${encoding}`, () => assert.throws(() => encodeContent(encoding, message('', '')), RangeError));

  const file: Attachment = { name: 'Bild ä.png', type: 'image/png', disposition: 'inline', data: Uint8Array.of(0, 255, 1) };
  it('carries attachments and parents in the extended encoding', () => {
    const sent = message('s', 'b', {
      parents: [new Uint8Array(32).fill(7)],
      files: [file, { ...file, disposition: 'attachment', data: new Uint8Array() }],
    });
    const got = decode(ENCODING_EXTENDED, encodeContent(ENCODING_EXTENDED, sent));
    assert.deepEqual(
      { ...got, parents: got.parents.map(toHex), files: got.files.map((one) => ({ ...one, data: toHex(one.data) })) },
      {
        ...sent,
        parents: sent.parents.map(toHex),
        files: sent.files.map((one) => ({ ...one, data: toHex(one.data) })),
      },
    );
  });

  for (const encoding of [ENCODING_TRIVIAL, ENCODING_SIMPLE])
    it(`carries none in encoding ${encoding}`, () => {
      assert.throws(() => encodeContent(encoding, message('', '', { files: [file] })), RangeError);
      assert.throws(() => encodeContent(encoding, message('', '', { parents: [new Uint8Array(32)] })), RangeError);
    });

  it('is written as PyBitmessage and Jabit can show it: all text as str but what is not ASCII in subject and body', () => {
    const files = [{ name: 'ü.txt', type: 'text/plain', disposition: 'inline' as const, data: new Uint8Array(1) }];
    const packed = toHex(inflateSync(encodeContent(ENCODING_EXTENDED, message('Grüße', 'plain', { files }))));
    assert.ok(packed.startsWith('84a0a76d657373616765'), packed);
    assert.ok(packed.includes('a77375626a656374c4074772c3bcc39f65'), packed);
    assert.ok(packed.includes('a4626f6479a5706c61696e'), packed);
    assert.ok(packed.includes('a46e616d65a6c3bc2e747874a464617461c40100'), packed);
  });

  it('with odd fields is still a message', () => {
    const odd = extended(
      entries(
        ['subject', []],
        ['body', 'b'],
        ['parents', [new Uint8Array(31), 'x', new Uint8Array(32)]],
        ['files', ['x', new Map(), new Map([['data', 'text']])]],
      ),
    );
    const { subject, body, parents, files } = decode(ENCODING_EXTENDED, odd);
    assert.equal(subject, '');
    assert.equal(body, 'b');
    assert.equal(parents.length, 1);
    assert.equal(files.length, 1);
    assert.deepEqual(
      { ...files[0], data: Buffer.from(files[0]!.data).toString() },
      { name: '', type: 'application/octet-stream', disposition: 'attachment', data: 'text' },
    );
  });

  const filesOf = (count: number): MsgpackValue =>
    Array.from({ length: count }, () => new Map<string, MsgpackValue>([['data', new Uint8Array(1)]]));
  const parentsOf = (count: number): MsgpackValue => Array.from({ length: count }, () => new Uint8Array(32));
  it('takes 64 files and 1,024 parents', () => {
    assert.equal(decode(ENCODING_EXTENDED, extended(entries(['files', filesOf(64)]))).files.length, 64);
    assert.equal(decode(ENCODING_EXTENDED, extended(entries(['parents', parentsOf(1_024)]))).parents.length, 1_024);
  });

  const random = generator();
  const noise = random.bytes(200_000);
  it('takes 4 MiB of files that 200 kB become', () => {
    const data = Buffer.concat([noise, Buffer.alloc(4_000_000)]);
    const sent = extended(entries(['files', [new Map<string, MsgpackValue>([['data', data]])]]));
    assert.equal(decode(ENCODING_EXTENDED, sent).files[0]?.data.length, data.length);
  });

  for (const [bytes, why] of [
    [extended(entries(['files', filesOf(65)])), '65 files'],
    [extended(entries(['parents', parentsOf(1_025)])), '1,025 parents'],
    [extended(entries(['body', 'x'.repeat(1_048_577)])), 'more than a MiB of text'],
    [extended(entries(['body', Buffer.concat([noise, Buffer.alloc(1_000_000)])])), 'more than a MiB of text that compresses little'],
    [
      extended(entries(['files', [new Map<string, MsgpackValue>([['data', new Uint8Array(4_000_000)]])]])),
      'a file that compresses to a thousandth',
    ],
    [deflateSync(new Uint8Array(200_000_000), { level: 9 }), 'a bomb of 200 MB'],
    [new Uint8Array(262_145), 'more bytes than an object holds'],
    [extended('message'), 'a text instead of a map'],
    [extended([]), 'a list instead of a map'],
    [extended(new Map()), 'a map without a type'],
    [extended(new Map([['', 'vote']])), 'a vote'],
    [extended(new Map([['', 'constructor']])), 'a type named as a method'],
    [deflateSync(fromHex('91'.repeat(10_000))), 'a nesting of 10,000'],
  ] as const)
    it(`refuses ${why}`, () => assert.throws(() => decodeContent(ENCODING_EXTENDED, bytes), DecodeError));

  it('stops a bomb before it costs 50 ms', () => {
    const bomb = deflateSync(new Uint8Array(200_000_000), { level: 9 });
    const begun = process.cpuUsage();
    assert.throws(() => decodeContent(ENCODING_EXTENDED, bomb), DecodeError);
    const { user, system } = process.cpuUsage(begun);
    assert.ok((user + system) / 1_000 < 50, `${(user + system) / 1_000} ms`);
  });

  it('in the extended encoding cut at every byte is a DecodeError', () => {
    const bytes = encodeContent(ENCODING_EXTENDED, message('subject', 'body', { files: [file] }));
    for (let length = 0; length < bytes.length; length++)
      assert.throws(() => decodeContent(ENCODING_EXTENDED, bytes.subarray(0, length)), DecodeError);
  });

  it(`is read as it was written (seed ${random.seed})`, () => {
    const alphabet = ['a', ' ', 'ü', '€', '😀', '\n', '\nBody:', 'Subject:', '\u0000', '\ufeff'];
    const anyText = (): string => Array.from({ length: random.below(30) }, () => random.pick(alphabet)).join('');
    for (let round = 0; round < 300; round++) {
      const [subject, body] = [anyText().replace(/\n/g, ''), anyText()];
      for (const encoding of [ENCODING_SIMPLE, ENCODING_EXTENDED]) {
        const got = decode(encoding, encodeContent(encoding, message(subject, body)));
        assert.deepEqual([got.subject, got.body], [subject, body]);
      }
    }
  });

  it(`of noise is text, or a DecodeError, and nothing else (seed ${random.seed})`, () => {
    for (let round = 0; round < 1_000; round++) {
      const bytes = random.bytes(random.below(80));
      decode(ENCODING_SIMPLE, bytes);
      for (const input of [bytes, deflateSync(bytes)]) {
        try {
          decodeContent(ENCODING_EXTENDED, input);
        } catch (error) {
          assert.ok(error instanceof DecodeError, String(error));
        }
      }
    }
  });
});
