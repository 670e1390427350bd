/** FETCH items: a table of our own, and Dovecot's answers for many odd mails. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { FetchedMessage, type FetchItem, formatItem, marksSeen } from '../../src/imap/fetch-items.js';
import { ImapNo } from '../../src/imap/folder-rules.js';
import { describeMessage } from '../../src/mime/describe.js';
import { oddMails } from '../support/odd-mails.js';
import { loadVectors } from '../support/vectors.js';

interface DovecotCase {
  readonly sha256: string;
  readonly answers: Readonly<Record<string, string | null>>;
  readonly differs?: Readonly<Record<string, string>>;
}

/** @param keeps false: as if it had come before the store kept what is answered of it */
function fetched(raw: Buffer, keeps = true): FetchedMessage {
  const description = describeMessage(raw);
  const entry = {
    uid: 7,
    modseq: 9,
    flags: ['\\Seen', '$x'],
    internalDate: 1_420_066_800,
    savedAt: 0,
    size: raw.length,
    messageId: 1,
    identity: '',
  };
  return new FetchedMessage(entry, true, {
    pieces: () => [raw.subarray(0, description.headerBytes), raw.subarray(description.headerBytes)],
    header: () => raw.subarray(0, description.headerBytes),
    listedFields: () => (keeps ? description.listedFields : null) ?? raw.subarray(0, description.headerBytes),
    structure: () => description.structure,
    envelope: () => (keeps ? description.envelope : null),
    bodyStructure: () => (keeps ? description.bodyStructure : null),
    preview: () => (keeps ? description.preview : null),
    partIndex: () => (keeps ? description.partIndex : null),
    range: ({ start, end }) => raw.subarray(start, end),
    objectIds: () => ({ emailId: 'M1', threadId: 'T1' }),
  });
}

/** "BODY.PEEK[1.HEADER.FIELDS (A B)]<0.10>" as a FetchItem. */
function parse(text: string): FetchItem {
  const match = /^(BODY|BINARY)(\.PEEK|\.SIZE)?\[((?:\d+\.?)*)([A-Z.]*)(?: \((.*)\))?\](?:<(\d+)\.(\d+)>)?$/.exec(text);
  if (match === null) return text.startsWith('PREVIEW') ? { item: 'PREVIEW', lazy: false } : ({ item: text } as FetchItem);
  const [, name, suffix = '', numbers, sectionText, fields, offset, length] = match;
  const part = numbers.split('.').filter(Boolean).map(Number);
  const partial = offset === undefined ? null : { offset: Number(offset), length: Number(length) };
  if (suffix === '.SIZE') return { item: 'BINARY.SIZE[]', part };
  const peek = suffix === '.PEEK';
  if (name === 'BINARY') return { item: 'BINARY[]', peek, part, partial };
  const section = { part, text: sectionText as '', fields: fields === undefined ? [] : fields.split(' ') };
  return { item: 'BODY[]', peek, section, partial };
}

const MAIL = fetched(
  Buffer.from(
    [
      'From: "A \\"B\\"" <a@b>',
      'Subject: outer',
      '\tfolded',
      'Content-Type: multipart/mixed; boundary=x',
      '',
      '--x',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      'a=00=41',
      '--x',
      'Content-Type: message/rfc822',
      '',
      'Subject: inner',
      '',
      'inner text',
      '--x',
      'Content-Transfer-Encoding: x-own',
      '',
      'c',
      '--x--',
      '',
    ].join('\r\n'),
  ),
);

/** As it goes over the wire, a character for each byte. */
function answer(item: FetchItem, message: FetchedMessage): string {
  return formatItem(item, message)
    .map((piece) => (typeof piece === 'string' ? piece : piece.toString('latin1')))
    .join('');
}

describe('FETCH items', () => {
  for (const [item, expected] of [
    ['UID', 'UID 7'],
    ['FLAGS', 'FLAGS (\\Seen $x \\Recent)'],
    ['INTERNALDATE', 'INTERNALDATE "31-Dec-2014 23:00:00 +0000"'],
    ['SAVEDATE', 'SAVEDATE " 1-Jan-1970 00:00:00 +0000"'],
    ['MODSEQ', 'MODSEQ (9)'],
    ['EMAILID', 'EMAILID (M1)'],
    ['THREADID', 'THREADID (T1)'],
    ['PREVIEW', 'PREVIEW "a A"'],
    [
      'ENVELOPE',
      'ENVELOPE (NIL "outer folded" (({5}\r\nA "B" NIL "a" "b")) (({5}\r\nA "B" NIL "a" "b")) (({5}\r\nA "B" NIL "a" "b")) NIL NIL NIL NIL NIL)',
    ],
    ['BODY.PEEK[HEADER.FIELDS (subject x-none)]', 'BODY[HEADER.FIELDS (subject x-none)] {27}\r\nSubject: outer\r\n\tfolded\r\n\r\n'],
    [
      'BODY[HEADER.FIELDS.NOT (SUBJECT FROM)]',
      'BODY[HEADER.FIELDS.NOT (SUBJECT FROM)] {45}\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n',
    ],
    ['BODY[1]', 'BODY[1] {7}\r\na=00=41'],
    ['BODY[1]<2.3>', 'BODY[1]<2> {3}\r\n00='],
    ['BODY[1]<9.3>', 'BODY[1]<9> {0}\r\n'],
    ['BODY[1.HEADER]', 'BODY[1.HEADER] NIL'],
    ['BODY[1.MIME]', 'BODY[1.MIME] {47}\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'],
    ['BODY[2.HEADER]', 'BODY[2.HEADER] {18}\r\nSubject: inner\r\n\r\n'],
    ['BODY[2.TEXT]', 'BODY[2.TEXT] {10}\r\ninner text'],
    ['BODY[2.1]', 'BODY[2.1] {10}\r\ninner text'],
    ['BODY[2.2]', 'BODY[2.2] NIL'],
    ['BODY[4]', 'BODY[4] NIL'],
    ['BINARY[1]', 'BINARY[1] ~{3}\r\na\0A'],
    ['BINARY[1]<2.1>', 'BINARY[1]<2> {1}\r\nA'],
    ['BINARY.SIZE[1]', 'BINARY.SIZE[1] 3'],
  ] as const) {
    it(`answers ${item}`, () => assert.equal(answer(parse(item), MAIL), expected));
  }

  const SECTIONS = [
    ...[
      'TEXT',
      'TEXT]<3.7>',
      '1',
      '2',
      '3',
      '1.1',
      '1.2',
      '2.1',
      '2.2',
      '1.1.1',
      '2.1.1',
      '2.1.2',
      '1.1.1.1',
      '12',
      '2]<2.5>',
      '1]<99999.1>',
    ],
    ...['1', '2', '3', '1.1', '2.1', '2.2'].flatMap((part) => [
      `${part}.MIME`,
      `${part}.HEADER`,
      `${part}.TEXT`,
      `${part}.HEADER.FIELDS (subject)`,
    ]),
  ].map((section) => `BODY.PEEK[${section}${section.includes('<') ? '' : ']'}`);
  for (const item of ['ENVELOPE', 'BODYSTRUCTURE', 'PREVIEW', 'RFC822.TEXT', ...SECTIONS]) {
    it(`makes the same ${item} where none is kept`, () => {
      for (const raw of oddMails()) assert.equal(answer(parse(item), fetched(raw, false)), answer(parse(item), fetched(raw)));
    });
  }

  for (const item of ['HEADER.FIELDS (From Subject)', 'HEADER.FIELDS (Subject Received)', 'HEADER.FIELDS.NOT (Received)', 'HEADER']) {
    it(`makes the same ${item} of a long header where none of its fields are kept apart`, () => {
      const raw = Buffer.from(`Subject: a\r\n${'Received: from a by b\r\n'.repeat(200)}FROM: b@c\r\n d@e\r\n\r\ntext`);
      assert.notEqual(describeMessage(raw).listedFields, null);
      const section = parse(`BODY.PEEK[${item}]`);
      assert.equal(answer(section, fetched(raw, false)), answer(section, fetched(raw)));
    });
  }

  const NUMBERS = ['1', '2', '3', '1.1', '1.2', '2.1', '2.2', '1.1.1', '2.1.1', '2.1.2', '1.1.1.1', '12', '0', '4294967295'];
  for (const number of NUMBERS) {
    it(`answers the same BINARY.SIZE[${number}] where none is kept, which is the length of BINARY[${number}]`, () => {
      for (const raw of oddMails()) {
        const [kept, counted] = [true, false].map((keeps) => answerOrNull(parse(`BINARY.SIZE[${number}]`), fetched(raw, keeps)));
        assert.equal(kept, counted, JSON.stringify(raw.toString('latin1')));
        const binary = answerOrNull(parse(`BINARY.PEEK[${number}]`), fetched(raw));
        const length = binary === null ? null : Number(/^\S+ ~?\{(\d+)\}/.exec(binary)?.[1] ?? 0);
        assert.equal(kept, length === null ? null : `BINARY.SIZE[${number}] ${length}`);
      }
    });
  }

  it('keeps no BODYSTRUCTURE that depends on the client', () => {
    const inner = 'Content-Type: message/global\r\n\r\nSubject: ü\r\n\r\ntext\r\n';
    assert.equal(describeMessage(Buffer.from(inner)).bodyStructure, null);
    const outer = `Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n${inner}--x--\r\n`;
    assert.equal(describeMessage(Buffer.from(outer)).bodyStructure, null);
    assert.notEqual(describeMessage(Buffer.from(outer.replace('global', 'rfc822'))).bodyStructure, null);
  });

  for (const item of ['BINARY[3]', 'BINARY.SIZE[3]']) {
    it(`refuses ${item}: the encoding is not known`, () => {
      assert.throws(() => formatItem(parse(item), MAIL), { name: 'ImapNo', code: 'UNKNOWN-CTE' });
    });
  }

  for (const [item, seen] of [
    ['BODY[]', true],
    ['BODY.PEEK[]', false],
    ['BINARY[1]', true],
    ['BINARY.PEEK[1]', false],
    ['BINARY.SIZE[1]', false],
    ['RFC822', true],
    ['RFC822.TEXT', true],
    ['RFC822.HEADER', false],
    ['BODY', false],
    ['PREVIEW', false],
  ] as const) {
    it(`${seen ? 'marks' : 'does not mark'} a message as seen for ${item}`, () => assert.equal(marksSeen(parse(item)), seen));
  }

  const mails = oddMails();
  const { cases } = loadVectors<DovecotCase>('dovecot-fetch.json');
  it('has an answer of Dovecot for each odd mail', () => assert.equal(mails.length, cases.length));
  for (const [index, { sha256, answers, differs = {} }] of cases.entries()) {
    it(`answers as Dovecot does, but for what is explained: odd mail ${index}`, () => {
      const raw = mails[index];
      assert.equal(createHash('sha256').update(raw).digest('hex'), sha256, 'the corpus changed: record the answers anew');
      for (const [item, theirs] of Object.entries(answers)) {
        const ours = answerOrNull(parse(item), fetched(raw));
        const isSame = ours === theirs || (ours !== null && theirs !== null && isSameAnswer(ours, theirs));
        const where = `${item} of ${JSON.stringify(raw.toString('latin1'))}\nours   ${ours}\ntheirs ${theirs}`;
        assert.equal(isSame, differs[item] === undefined, where);
      }
    });
  }
});

/** Null: refused. */
function answerOrNull(item: FetchItem, message: FetchedMessage): string | null {
  try {
    return answer(item, message);
  } catch (error) {
    if (error instanceof ImapNo) return null;
    throw error;
  }
}

/** A string may be quoted or a literal; a part that is not there is NIL for us and empty for Dovecot. */
function isSameAnswer(ours: string, theirs: string): boolean {
  const [a, b] = [normal(ours), normal(theirs)];
  return a === b || (a.endsWith(' NIL') && b === `${a.slice(0, -3)}""`);
}

function normal(answer: string): string {
  let result = '';
  for (let at = 0; at < answer.length; ) {
    const literal = /^~?\{(\d+)\}\r\n/.exec(answer.slice(at, at + 16));
    if (literal !== null) {
      const start = at + literal[0].length;
      at = start + Number(literal[1]);
      result += JSON.stringify(answer.slice(start, at));
    } else if (answer[at] === '"') {
      const quoted = /^"((?:[^"\\]|\\[\s\S])*)"/.exec(answer.slice(at))!;
      result += JSON.stringify(quoted[1].replace(/\\([\s\S])/g, '$1'));
      at += quoted[0].length;
    } else result += answer[at++];
  }
  return result;
}
