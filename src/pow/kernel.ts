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
import { CONSTANTS_BYTES, countDown, doubleHash, fillConstants } from './kernel-double-hash.js';
import { Stream } from './kernel-stream.js';
import { constant, JobTable, type JobWords, perJob, perNonce, SCALAR, SIMD, type Word } from './kernel-words.js';

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

/** The job's words lie behind the round constants. */
const JOB_OFFSET = CONSTANTS_BYTES;
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
    const hash = doubleHash(writer, streams, (stream) => firstBlock(stream.nonce), straightRounds);
    let lane = 0n;
    for (const stream of streams) {
      writer.add(set(stream.nonce, firstNonces(stream, first, lane)));
      lane += BigInt(stream.lanes.count);
    }
    writer.add(
      repeatWhile(
        [
          ...hash,
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
    fillConstants,
    fillJob: (memory, job) => table.fill(memory, job),
  };
}

/** nonce ‖ initialHash, the padding bit, the length of 576 bits. */
function firstBlock(nonce: Local): Word[] {
  const hash = Array.from({ length: 8 }, (_, index) => perJob((job) => job[index]!));
  return [perNonce(get(nonce)), ...hash, constant(SIGN_BIT), ...Array.from({ length: 5 }, () => constant(0n)), constant(576n)];
}

function firstNonces({ lanes }: Stream, first: Local, lane: bigint): Code {
  if (lanes === SCALAR) return i64.add(get(first), i64.const(lane));
  return i64x2.add(i64x2.splat(get(first)), i64x2.const(lane, lane + 1n));
}

function advance({ nonce, lanes: { add, const: constantCode } }: Stream, by: number): Code {
  return set(nonce, add(get(nonce), constantCode(BigInt(by))));
}

/** Whether the trial value (of one lane at least) is at most the target. */
function isHit(stream: Stream, target: Local): Code {
  const value = stream.digestStart();
  if (stream.lanes === SCALAR) return i64.leU(value, get(target));
  // SIMD compares only signed numbers: with the sign bits turned over the order is that of unsigned ones.
  const sign = i64x2.const(SIGN_BIT, SIGN_BIT);
  return i32.eqz(v128.allTrue64(i64x2.gtS(v128.xor(value, sign), v128.xor(i64x2.splat(get(target)), sign))));
}
