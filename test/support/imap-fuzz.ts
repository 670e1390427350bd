/** Mutated IMAP dialogs thrown at the parsers: whatever comes, the answer is a command or a refusal, soon, and nothing else. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findCommand } from '../../src/imap/commands/table.js';
import { ImapNo } from '../../src/imap/folder-rules.js';
import { CommandReader, readTag } from '../../src/imap/wire/command-reader.js';
import { ImapBad } from '../../src/imap/wire/imap-bad.js';
import { Lexer } from '../../src/imap/wire/lexer.js';
import { generator } from './random.js';

const LIMITS = { lineBytes: 65_536, literalBytes: 65_536, messageBytes: 1_000_000, commandBytes: 4_000_000 };
const DIRECTORY = join('test', 'dialogs', 'imap');
/** What grammars are made of, and what breaks them. */
const TOKENS = [
  '(',
  ')',
  '"',
  '{3}\r\n',
  '{3+}\r\n',
  '~{0+}\r\n',
  '{99999999999+}\r\n',
  '\\',
  '*',
  '%',
  '$',
  ':',
  ',',
  '<0.1>',
  '[',
  ']',
  'NIL',
];
const MORE_TOKENS = [
  'UID ',
  'NOT ',
  'OR ',
  'RETURN (',
  'PARTIAL 1:',
  '\0',
  '\r',
  '\n',
  '\r\n',
  '\xff',
  ' ',
  '  ',
  '&',
  '&AOQ-',
  '-1',
  '4294967296',
  '('.repeat(150),
];

export interface FuzzResult {
  readonly commands: number;
  readonly refused: number;
  /** The longest that one input took, milliseconds. */
  readonly slowestMs: number;
}

/** @throws whatever a parser throws that is neither BAD nor NO, with the seed and the input */
export function fuzzImap(count: number, seed: number): FuzzResult {
  const { below, pick } = generator(seed);
  const lines = readLines();
  let commands = 0;
  let refused = 0;
  let slowestMs = 0;
  for (let turn = 0; turn < count; turn++) {
    let input = pick(lines);
    for (let change = below(4); change >= 0; change--) input = mutate(input, lines, below, pick);
    const start = performance.now();
    try {
      for (const command of read(input, 1 + below(40))) {
        commands++;
        if (!parse(command.text, command.literals, below(2) === 0)) refused++;
      }
    } catch (error) {
      throw new Error(`seed ${seed}, input ${turn}: ${JSON.stringify(input.slice(0, 500))}`, { cause: error });
    }
    slowestMs = Math.max(slowestMs, performance.now() - start);
  }
  return { commands, refused, slowestMs };
}

function readLines(): string[] {
  const texts = readdirSync(DIRECTORY).map((file) => readFileSync(join(DIRECTORY, file), 'latin1'));
  const said = texts.flatMap((text) =>
    [...text.matchAll(/^C\d?: (.*)$/gm)].map(([, line]) => line.replace('{%', '{12').replaceAll(/\{\{\w+\}\}/g, '7')),
  );
  return [...new Set(said)];
}

function mutate(text: string, lines: readonly string[], below: (limit: number) => number, pick: <T>(from: readonly T[]) => T): string {
  const at = below(text.length + 1);
  const to = at + below(text.length - at + 1);
  switch (below(7)) {
    case 0:
      return text.slice(0, at) + pick(TOKENS) + text.slice(at);
    case 1:
      return text.slice(0, at) + pick(MORE_TOKENS) + text.slice(at);
    case 2:
      return text.slice(0, at) + text.slice(to);
    case 3:
      return text.slice(0, at) + String.fromCharCode(below(256)) + text.slice(at + 1);
    case 4:
      return text.slice(0, to) + text.slice(at, to).repeat(1 + below(3)) + text.slice(to);
    case 5: {
      const other = pick(lines);
      return text.slice(0, at) + other.slice(below(other.length + 1));
    }
    default:
      return `${text}\r\n${pick(lines)}`;
  }
}

/** Through the reader in pieces of this size, with an end that any literal has room before. */
function* read(input: string, pieceSize: number): Generator<{ text: string; literals: readonly Buffer[] }> {
  const reader = new CommandReader(LIMITS);
  const bytes = Buffer.from(`${input}\r\n${'x'.repeat(64)}\r\n`, 'latin1');
  for (let at = 0; at < bytes.length; at += pieceSize) {
    reader.push(bytes.subarray(at, at + pieceSize));
    for (let received = reader.next(); received !== null; received = reader.next()) if (received.kind === 'command') yield received;
  }
}

/** Whether it is a command. */
function parse(text: string, literals: readonly Buffer[], utf8: boolean): boolean {
  readTag(text);
  const args = new Lexer({ text, literals }, utf8);
  try {
    args.tag();
    args.space();
    findCommand(args).command.parse(args);
    args.end();
    return true;
  } catch (error) {
    if (error instanceof ImapBad || error instanceof ImapNo) return false;
    throw error;
  }
}
