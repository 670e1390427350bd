/** Writes SHA512(SHA512(message)) of messages of one block, in several streams at once: what all kernels have in common. */
import { type Code, type FunctionWriter, get, i32, ifThen, type Local, repeatWhile, set } from '../base/wasm-module.js';
import { BLOCK_WORDS, ROUNDS, type Stream } from './kernel-stream.js';
import { constant, type Word } from './kernel-words.js';
import { ROUND_CONSTANTS } from './sha512-constants.js';

/** The 80 round constants lie at 0 of the module's memory. */
export const CONSTANTS_BYTES = 8 * ROUNDS;

const SIGN_BIT = 1n << 63n;

/** Writes what never changes into the module's memory; once. */
export function fillConstants(memory: DataView): void {
  ROUND_CONSTANTS.forEach((value, round) => {
    memory.setBigUint64(8 * round, value, true);
  });
}

/** Afterwards each stream answers the first word of its double hash as `digestStart`. @param firstBlock the 16 words of a stream's message */
export function doubleHash(
  writer: FunctionWriter,
  streams: readonly Stream[],
  firstBlock: (stream: Stream) => readonly Word[],
  straightRounds: number,
): Code[] {
  const constants = writer.local('i32');
  const blocksLeft = writer.local('i32');
  return [
    ...interleave(streams.map((stream) => stream.straight(firstBlock(stream), straightRounds))),
    set(blocksLeft, i32.const(2)),
    repeatWhile(
      [
        ...rolledRounds(streams, constants, straightRounds),
        countDown(blocksLeft),
        ifThen(get(blocksLeft), interleave(streams.map((stream) => straightSecondBlock(stream, straightRounds)))),
      ],
      get(blocksLeft),
    ),
  ];
}

export function countDown(counter: Local): Code {
  return set(counter, i32.sub(get(counter), i32.const(1)));
}

/** The first hash, the padding bit, the length of 512 bits. */
function straightSecondBlock(stream: Stream, rounds: number): Code[] {
  const padding = [constant(SIGN_BIT), ...Array.from({ length: 6 }, () => constant(0n)), constant(512n)];
  return stream.straight([...stream.digest(), ...padding], rounds);
}

/** The rest of the rounds of a block, in all streams. */
function rolledRounds(streams: readonly Stream[], constants: Local, straightRounds: number): Code[] {
  const stepBytes = 8 * BLOCK_WORDS;
  const body = interleave(
    streams.map((stream) => stream.rolled((index) => stream.lanes.load(get(constants), 8 * (straightRounds + index)))),
  );
  const next = set(constants, i32.add(get(constants), i32.const(stepBytes)));
  return [set(constants, i32.const(0)), repeatWhile([...body, next], i32.ltU(get(constants), i32.const(8 * (ROUNDS - straightRounds))))];
}

/** One statement of each in turn. */
function interleave(sections: readonly (readonly Code[])[]): Code[] {
  const longest = Math.max(...sections.map((section) => section.length));
  return Array.from({ length: longest }, (_, index) =>
    sections.flatMap((section) => (index < section.length ? [section[index]!] : [])),
  ).flat();
}
