/** Mutated IMAP dialogs thrown at the parsers: whatever comes, the answer is a command or a refusal, soon, and nothing else. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findCommand } from '../../src/imap/commands/table.js';
import { ImapNo } from '../../src/imap/folder-rules.js';
import { CommandReader, readTag } from '../../src/imap/wire/command-reader.js';
import { ImapBad } from '../../src/imap/wire/imap-bad.js';
import { Lexer } from '../../src/imap/wire/lexer.js';
import { mutate } from './mutate.js';
import { generator } from './random.js';

const LIMITS = { lineBytes: 65_536, literalBytes: 65_536, messageBytes: () => 1_000_000, commandBytes: 4_000_000 };
const DIRECTORY = join('test', 'dialogs', 'imap');
export interface FuzzResult {
  readonly commands: number;
  readonly refused: number;
  /** The longest that one input took, milliseconds. */
  readonly slowestMs: number;
}

/** @throws whatever a parser throws that is neither BAD nor NO, with the seed and the input */
export function fuzzImap(count: number, seed: number): FuzzResult {
  const random = generator(seed);
  const { below, pick } = random;
  const lines = readLines();
  let commands = 0;
  let refused = 0;
  let slowestMs = 0;
  for (let turn = 0; turn < count; turn++) {
    let input = pick(lines);
    for (let change = below(4); change >= 0; change--) input = mutate(input, lines, random);
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
