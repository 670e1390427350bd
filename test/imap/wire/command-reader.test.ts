/** Cutting the byte stream into commands, however it arrives. */
import assert from 'node:assert/strict';
import { CommandReader, type ReaderLimits, type Received, type Refusal } from '../../../src/imap/wire/command-reader.js';
import { heldOutsideHeap } from '../../support/memory.js';

const LIMITS: ReaderLimits = {
  lineBytes: 100,
  literalBytes: 20,
  messageBytes: ({ text }) => (text.includes('nowhere') ? null : 50),
  commandBytes: 80,
};

function readAll(input: string, pieces: number, limits = LIMITS): Received[] {
  const reader = new CommandReader(limits);
  const bytes = Buffer.from(input, 'latin1');
  const received: Received[] = [];
  for (let at = 0; at < bytes.length; at += pieces) {
    reader.push(bytes.subarray(at, at + pieces));
    for (let next = reader.next(); next !== null; next = reader.next()) received.push(next);
  }
  return received;
}

const command = (text: string, ...literals: string[]): Received => ({
  kind: 'command',
  text,
  literals: literals.map((one) => Buffer.from(one, 'latin1')),
});
const refused = (tag: string, because: Refusal): Received => ({ kind: 'refused', tag, because });
const goOn = (commandBytes: number): Received => ({ kind: 'literal', commandBytes, synchronizing: true });
const LONG = 'x'.repeat(200);

const STREAMS: [string, string, Received[]][] = [
  ['lines', 'a NOOP\r\nb NOOP\r\n', [command('a NOOP'), command('b NOOP')]],
  ['lines that end in a bare LF', 'a NOOP\nb NOOP\n', [command('a NOOP'), command('b NOOP')]],
  ['empty lines', '\r\na NOOP\r\n', [command(''), command('a NOOP')]],
  [
    'a literal that waits',
    'a LOGIN {3}\r\nbob {2}\r\npw\r\nb X\r\n',
    [goOn(3), goOn(5), command('a LOGIN {3}\r\n {2}\r\n', 'bob', 'pw'), command('b X')],
  ],
  ['a literal that does not wait', 'a LOGIN {3+}\r\nbob {2+}\r\npw\r\n', [command('a LOGIN {3+}\r\n {2+}\r\n', 'bob', 'pw')]],
  ['an empty literal', 'a X {0+}\r\n\r\n', [command('a X {0+}\r\n', '')]],
  [
    'a literal that looks like a command',
    'a X {10+}\r\nb NOOP\r\nc\r\n\r\n',
    [command('a X {10+}\r\n', 'b NOOP\r\nc\r'), command('')].slice(0, 1),
  ],
  ['a literal8', 'a X ~{2+}\r\n\0\0 y\r\n', [command('a X ~{2+}\r\n y', '\0\0')]],
  ['braces that are no literal', 'a X {3} y\r\n', [command('a X {3} y')]],
  ['a long line', `a ${LONG}\r\nb NOOP\r\n`, [refused('a', 'line'), command('b NOOP')]],
  ['a long line without a tag', `${LONG}(\r\nb NOOP\r\n`, [refused('*', 'line'), command('b NOOP')]],
  ['a long line with a literal behind it', `a ${LONG} {8+}\r\nb NOOP\r\n c\r\nd X\r\n`, [refused('a', 'line'), command('d X')]],
  ['a literal too large that waits', 'a X {21}\r\nb NOOP\r\n', [refused('a', 'literal'), command('b NOOP')]],
  ['a literal too large that does not wait', `a X {21+}\r\n${LONG.slice(0, 21)} y\r\nb Z\r\n`, [refused('a', 'literal'), command('b Z')]],
  ['two literals too large', `a X {21+}\r\n${LONG.slice(0, 21)} {8+}\r\nb NOOP\r\n\r\nc Z\r\n`, [refused('a', 'literal'), command('c Z')]],
  ['a message within its own limit', `a APPEND b {50+}\r\n${LONG.slice(0, 50)}\r\n`, [command('a APPEND b {50+}\r\n', LONG.slice(0, 50))]],
  ['a message too large', 'a APPEND b {51}\r\nc NOOP\r\n', [refused('a', 'message'), command('c NOOP')]],
  ['a message for no folder', 'a APPEND nowhere {5}\r\nc NOOP\r\n', [refused('a', 'folder'), command('c NOOP')]],
  ['a message for no folder that does not wait', 'a APPEND nowhere {2+}\r\nxx\r\nc NOOP\r\n', [refused('a', 'folder'), command('c NOOP')]],
  [
    'messages too large together',
    `a append b {50+}\r\n${LONG.slice(0, 50)} {50}\r\nc NOOP\r\n`,
    [refused('a', 'message'), command('c NOOP')],
  ],
  ['a size beyond all numbers', 'a X {9999999999999999999}\r\nb NOOP\r\n', [refused('a', 'literal'), command('b NOOP')]],
];

describe('imap command reader', () => {
  for (const [what, input, expected] of STREAMS) {
    for (const pieces of [1, 2, 3, 7, 1000]) {
      it(`reads ${what}, ${pieces} byte(s) at a time`, () => assert.deepEqual(readAll(input, pieces).slice(0, expected.length), expected));
    }
  }

  it('announces once that a command becomes large', () => {
    const reader = new CommandReader({ ...LIMITS, messageBytes: () => 2 ** 20, commandBytes: 2 ** 22 });
    const half = ` {${2 ** 19}+}\r\n${'x'.repeat(2 ** 19)}`;
    reader.push(Buffer.from(`a APPEND b${half.repeat(3)}\r\n`));
    assert.deepEqual(reader.next(), { kind: 'literal', commandBytes: 2 ** 20, synchronizing: false });
    assert.equal(reader.next()?.kind, 'command');
    reader.push(Buffer.from(`b APPEND b${half}\r\n`));
    assert.equal(reader.next()?.kind, 'command');
  });

  it('holds no more than the limits, whatever is sent', () => {
    const reader = new CommandReader(LIMITS);
    reader.push(Buffer.from('a X {1000000000+}\r\n'));
    const before = heldOutsideHeap();
    for (let sent = 0; sent < 200; sent++) {
      reader.push(Buffer.alloc(100_000, 0x78));
      assert.equal(reader.next(), null);
      assert.equal(reader.buffered, 0);
    }
    assert.ok(heldOutsideHeap() - before < 25_000_000);
  });

  it('hands over bare lines and forgets what TLS must not trust', () => {
    const reader = new CommandReader(LIMITS);
    reader.push(Buffer.from('DONE\r\ninjected NOOP\r\n'));
    assert.equal(reader.nextLine(), 'DONE');
    assert.equal(reader.discard(), 15);
    assert.equal(reader.next(), null);
  });
});
