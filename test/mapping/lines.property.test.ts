/** No line is broken that was not broken, and none is lost: random texts on their way from a mail to a message, to a mail, and back. */
import assert from 'node:assert/strict';
import { simpleParser } from 'mailparser';
import { decodeContent, encodeContent } from '../../src/bitmessage/wire/content.js';
import { toBitmessage, toBody } from '../../src/mapping/to-bitmessage.js';
import { readContent, toMail } from '../../src/mapping/to-mail.js';
import { composeMail } from '../../src/mime/compose-mail.js';
import { readMail } from '../../src/mime/read-mail.js';
import { cleanBody } from '../../src/mime/safe-text.js';
import { english } from '../../src/words/english/english.js';
import { type Generator, generator } from '../support/random.js';
import { ALICE, BOB } from './house.js';

const ROUNDS = 300;
const WORDS = [
  'a',
  'Grüße',
  '😀👩‍👩‍👧',
  'שלום',
  'مرحبا',
  '日本語',
  'e\u0301',
  '\u00a0',
  '\u2028',
  '\u200b',
  '=20',
  '=',
  '.',
  '..',
  '--',
  'From ',
  '>',
  '>>',
  '> ',
  '&amp;',
  '<3',
  '\t',
  'x'.repeat(80),
  'w '.repeat(600),
  'ü'.repeat(1200),
];
const ENDS = ['\n', '\n', '\n\n', ' \n', '  \n\n\n', '\t\n'];
const FOREIGN_ENDS = [...ENDS, '\r\n', '\r', '\n\r\n'];

function anyText({ below, pick }: Generator, ends: readonly string[], words: readonly string[] = WORDS): string {
  const pieces = Array.from(
    { length: below(12) },
    () => Array.from({ length: below(8) }, () => pick(words)).join(pick([' ', '', '  '])) + pick(ends),
  );
  return pieces.join('');
}

async function asMail(content: Uint8Array): Promise<Buffer> {
  const message = {
    ...({ kind: 'message', from: BOB, to: ALICE, chan: false, encoding: 2, content } as const),
    ...{ objectHash: new Uint8Array(32), signatureHash: new Uint8Array(32), receivedAt: 1_800_000_000, expiresAt: 1_800_000_000 },
  };
  return composeMail(toMail(message, readContent(message, english), { label: () => '', trust: 'unknown', parent: null }));
}

/** A text/plain mail as a program writes it that chose this transfer encoding. */
function asWritten(text: string, { pick }: Generator): Buffer {
  const bytes = Buffer.from(text.replace(/\n/g, '\r\n'));
  const encoding = pick(['8bit', 'quoted-printable', 'base64']);
  const body =
    encoding === '8bit'
      ? bytes.toString('latin1')
      : encoding === 'base64'
        ? bytes.toString('base64').replace(/.{76}/g, '$&\r\n')
        : toQuotedPrintable(bytes);
  const header = `Subject: x\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`;
  return Buffer.from(header + body, 'latin1');
}

function toQuotedPrintable(bytes: Buffer): string {
  const hex = (byte: number): string => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  return bytes
    .toString('latin1')
    .split('\r\n')
    .map((line) =>
      [...line]
        .map((char) => (/[!-<>-~]/.test(char) ? char : hex(char.charCodeAt(0))))
        .join('')
        .replace(/(?:=..|[^=]){20}/g, '$&=\r\n'),
    )
    .join('\r\n');
}

/** RFC 3676 §4.2, as a program does it: soft ends within 72 characters, a blank stuffed before what could be misread. */
function flow(line: string, depth: number, deletesSpace: boolean): string {
  const lines: string[] = [];
  let rest = line;
  while (rest.length > 72 && rest.lastIndexOf(' ', 71) > 0) {
    const end = rest.lastIndexOf(' ', 71) + 1;
    lines.push(rest.slice(0, end) + (deletesSpace ? ' ' : ''));
    rest = rest.slice(end);
  }
  lines.push(rest);
  return lines.map((piece) => '>'.repeat(depth) + (depth > 0 || /^(>| |From )/.test(piece) ? ' ' : '') + piece).join('\n');
}

/** Says where two texts part; whole ones are longer than a screen. */
function assertSame(actual: string, expected: string, seed: number): void {
  if (actual === expected) return;
  const at = [...expected].findIndex((_, index) => actual[index] !== expected[index]);
  const near = (text: string): string => JSON.stringify(text.slice(Math.max(0, at - 20), at + 20));
  assert.fail(`POSTERN_SEED=${seed}: at ${at} ${near(actual)} stands for ${near(expected)}`);
}

describe('the lines of a text', function () {
  this.timeout(60_000);

  it('reach a mail program as they were sent', async () => {
    const random = generator();
    for (let round = 0; round < ROUNDS; round++) {
      const words = random.below(3) === 0 ? [...WORDS, '\0', '\x1b[2J', '\x07', '\ud800', '\x9b'] : WORDS;
      const body = anyText(random, FOREIGN_ENDS, words);
      const raw = await asMail(encodeContent(2, { subject: '', body, files: [], parents: [] }));
      const sent = cleanBody(Buffer.from(body).toString());
      assertSame(readMail(raw).text, sent, random.seed);
      for (const line of raw.toString('latin1').split('\r\n')) {
        assert.ok(line.length <= 998, `POSTERN_SEED=${random.seed}: a line of ${line.length}`);
        assert.ok(!/[\r\n\0]/.test(line), `POSTERN_SEED=${random.seed}: a bare CR, LF or NUL`);
      }
      // Another reader of MIME sees the same; it takes some blanks for its own.
      if (round % 10 === 0) assertSame((await simpleParser(raw)).text?.trimEnd() ?? '', sent.trimEnd(), random.seed);
    }
  });

  it('reach the network as they were written', () => {
    const random = generator();
    for (let round = 0; round < ROUNDS; round++) {
      const text = anyText(random, ENDS);
      const { content } = toBitmessage(readMail(asWritten(text, random)), []);
      const decoded = decodeContent(2, content);
      assert.ok(decoded.kind === 'message');
      assertSame(decoded.content.body, toBody(text), random.seed);
    }
  });

  it('come out at the other end as they went in', async () => {
    const random = generator();
    for (let round = 0; round < ROUNDS; round++) {
      const text = anyText(random, ENDS);
      const { content } = toBitmessage(readMail(asWritten(text, random)), []);
      // The last line of a mail has an end.
      const there = readMail(await asMail(content)).text.replace(/\n$/, '');
      assertSame(there, toBody(text), random.seed);
    }
  });

  it('are whole again when a program had broken them as RFC 3676 says', () => {
    const random = generator();
    for (let round = 0; round < ROUNDS; round++) {
      const deletesSpace = random.below(2) === 0;
      const lines = Array.from({ length: random.below(10) }, () => ({
        depth: Math.max(0, random.below(6) - 3),
        // A blank at the end of a line, or before it, has no place in flowed text.
        line: anyText(
          random,
          [''],
          WORDS.filter((word) => !/^[\s\u2028]|[\s\u2028]$|^-|^>/.test(word)),
        ).trim(),
      }));
      const flowed = lines
        .map(({ depth, line }) => flow(line, depth, deletesSpace))
        .join('\r\n')
        .replace(/\r?\n/g, '\r\n');
      const mail = `Content-Type: text/plain; charset=utf-8; format=flowed${deletesSpace ? '; delsp=yes' : ''}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n${flowed}`;
      const expected = lines.map(({ depth, line }) => (depth === 0 ? line : `${'>'.repeat(depth)} ${line}`.trimEnd())).join('\n');
      assertSame(readMail(Buffer.from(mail)).text, expected, random.seed);
    }
  });
});
