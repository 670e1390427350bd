/**
 * Writes the WebAssembly that searches nonces: SHA512(SHA512(nonce ‖ initialHash)), specialised for this one use.
 *
 * - Both messages (72 and 64 bytes) fill one block each, so the padding, and in the first block eight more words, do not
 *   vary with the nonce: partial evaluation (kernel-words.ts) computes once per job what depends on them alone.
 * - The first rounds are written out for that; the others are a loop over 16 rounds at a time that both blocks share, for
 *   code that outgrows the processor's caches for instructions loses more than unrolling wins.
 * - Several streams of nonces, scalar and SIMD ones, can be interleaved statement by statement: where one waits for a
 *   result another one works, and the scalar and vector units work side by side.
 * - Of the second hash only the first word is looked at.
 */
import type { Code, Local } from '../base/wasm-module.js';
import { get, giveBack, i32, i64, i64x2, ifThen, ModuleWriter, repeatWhile, set, v128 } from '../base/wasm-module.js';
import { BLOCK_WORDS, ROUNDS, Stream } from './kernel-stream.js';
import { constant, JobTable, type JobWords, perJob, perNonce, SCALAR, SIMD, type Word } from './kernel-words.js';
import { ROUND_CONSTANTS } from './sha512-constants.js';

export interface KernelShape {
  readonly scalarStreams: number;
  readonly simdStreams: number;
  /** How many rounds of each block are written out: 16 or 32. */
  readonly straightRounds: 16 | 32;
}

export interface Kernel {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Nonces in one go. */
  readonly lanes: number;
  /** Writes what never changes into the module's memory; once. */
  readonly fillConstants: (memory: DataView) => void;
  /** Writes what the job determines into the module's memory. */
  readonly fillJob: (memory: DataView, job: JobWords) => void;
}

/** What the module exports: answers how many goes were left when one had a hit, the one with the hit included; 0 without a hit. */
export type KernelSearch = (first: bigint, goes: number, target: bigint) => number;

/** The 80 round constants lie at 0, the job's words behind them. */
const CONSTANTS_OFFSET = 0;
const JOB_OFFSET = 8 * ROUNDS;
const MEMORY_PAGES = 1;

const SIGN_BIT = 1n << 63n;

export function writeKernel({ scalarStreams, simdStreams, straightRounds }: KernelShape): Kernel {
  const table = new JobTable(JOB_OFFSET);
  const module = new ModuleWriter(MEMORY_PAGES);
  const lanes = scalarStreams * SCALAR.count + simdStreams * SIMD.count;
  module.function('search', ['i64', 'i32', 'i64'], ['i32'], (writer, first, goes, target) => {
    const streams = [
      ...Array.from({ length: simdStreams }, () => new Stream(SIMD, writer, table)),
      ...Array.from({ length: scalarStreams }, () => new Stream(SCALAR, writer, table)),
    ];
    const constants = writer.local('i32');
    const blocksLeft = writer.local('i32');
    let lane = 0n;
    for (const stream of streams) {
      writer.add(set(stream.nonce, firstNonces(stream, first, lane)));
      lane += BigInt(stream.lanes.count);
    }
    writer.add(
      repeatWhile(
        [
          ...interleave(streams.map((stream) => stream.straight(firstBlock(stream.nonce), straightRounds))),
          set(blocksLeft, i32.const(2)),
          repeatWhile(
            [
              ...rolledRounds(streams, constants, straightRounds),
              countDown(blocksLeft),
              ifThen(get(blocksLeft), interleave(streams.map((stream) => straightSecondBlock(stream, straightRounds)))),
            ],
            get(blocksLeft),
          ),
          ...streams.map((stream) => ifThen(isHit(stream, target), [giveBack(get(goes))])),
          ...streams.map((stream) => advance(stream, lanes)),
          countDown(goes),
        ],
        get(goes),
      ),
      i32.const(0),
    );
  });
  return {
    bytes: module.toBytes(),
    lanes,
    fillConstants: (memory) => {
      ROUND_CONSTANTS.forEach((value, round) => {
        memory.setBigUint64(CONSTANTS_OFFSET + 8 * round, value, true);
      });
    },
    fillJob: (memory, job) => table.fill(memory, job),
  };
}

/** nonce ‖ initialHash, the padding bit, the length of 576 bits. */
function firstBlock(nonce: Local): Word[] {
  const hash = Array.from({ length: 8 }, (_, index) => perJob((job) => job[index]!));
  return [perNonce(get(nonce)), ...hash, constant(SIGN_BIT), ...Array.from({ length: 5 }, () => constant(0n)), constant(576n)];
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
    streams.map((stream) => stream.rolled((index) => stream.lanes.load(get(constants), CONSTANTS_OFFSET + 8 * (straightRounds + index)))),
  );
  const next = set(constants, i32.add(get(constants), i32.const(stepBytes)));
  return [set(constants, i32.const(0)), repeatWhile([...body, next], i32.ltU(get(constants), i32.const(8 * (ROUNDS - straightRounds))))];
}

function firstNonces({ lanes }: Stream, first: Local, lane: bigint): Code {
  if (lanes === SCALAR) return i64.add(get(first), i64.const(lane));
  return i64x2.add(i64x2.splat(get(first)), i64x2.const(lane, lane + 1n));
}

function advance({ nonce, lanes: { add, const: constantCode } }: Stream, by: number): Code {
  return set(nonce, add(get(nonce), constantCode(BigInt(by))));
}

function countDown(counter: Local): Code {
  return set(counter, i32.sub(get(counter), i32.const(1)));
}

/** Whether the trial value (of one lane at least) is at most the target. */
function isHit(stream: Stream, target: Local): Code {
  const value = stream.digestStart();
  if (stream.lanes === SCALAR) return i64.leU(value, get(target));
  // SIMD compares only signed numbers: with the sign bits turned over the order is that of unsigned ones.
  const sign = i64x2.const(SIGN_BIT, SIGN_BIT);
  return i32.eqz(v128.allTrue64(i64x2.gtS(v128.xor(value, sign), v128.xor(i64x2.splat(get(target)), sign))));
}

/** One statement of each in turn. */
function interleave(sections: readonly (readonly Code[])[]): Code[] {
  const longest = Math.max(...sections.map((section) => section.length));
  return Array.from({ length: longest }, (_, index) =>
    sections.flatMap((section) => (index < section.length ? [section[index]!] : [])),
  ).flat();
}
