/**
 * Writes the WebAssembly that hashes many short messages: the start of SHA512(SHA512(message)) for messages of up to 23 bytes,
 * all of one length. Padded they fill three words; the other thirteen of the block are known beforehand (kernel-words.ts).
 */
import { type Code, get, i32, ModuleWriter, PAGE_BYTES, repeatWhile, set } from '../base/wasm-module.js';
import { CONSTANTS_BYTES, countDown, doubleHash, fillConstants } from './kernel-double-hash.js';
import { Stream } from './kernel-stream.js';
import { constant, JobTable, perJob, perNonce, SCALAR, SIMD, type Word } from './kernel-words.js';

export interface ShortKernel {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly fillConstants: (memory: DataView) => void;
  /** All messages that follow are of this length. */
  readonly fillLength: (memory: DataView, bytes: number) => void;
}

/** What the module exports: hashes pairs of messages, from the first one on. */
export type HashPairs = (pairs: number) => void;

/** So many messages in one go: they, and their hashes, stay in the processor's second cache. */
export const BATCH_MESSAGES = 2048;
export const MESSAGE_WORDS = 3;
const ARRAY_BYTES = 8 * BATCH_MESSAGES;
const JOB_OFFSET = CONSTANTS_BYTES;
/** Behind constants and job: the first words of all messages, the second words, the third, and then the hashes. */
const MESSAGES_OFFSET = 4096;
const MEMORY_PAGES = Math.ceil((MESSAGES_OFFSET + (MESSAGE_WORDS + 1) * ARRAY_BYTES) / PAGE_BYTES);
const STRAIGHT_ROUNDS = 32;
const LANES = { simd: [SIMD], scalar: [SCALAR, SCALAR] } as const;

/** Where the n-th words of all messages lie, and (n = 3) their hashes; 64 bits each, little-endian. */
export function wordsOffset(word: number): number {
  return MESSAGES_OFFSET + word * ARRAY_BYTES;
}

export function writeShortKernel(lanes: keyof typeof LANES): ShortKernel {
  const table = new JobTable(JOB_OFFSET);
  const module = new ModuleWriter(MEMORY_PAGES);
  module.function('hash', ['i32'], [], (writer, pairs) => {
    const streams = LANES[lanes].map((of) => new Stream(of, writer, table));
    const offset = writer.local('i32');
    const at = (stream: Stream): number => 8 * streams.slice(0, streams.indexOf(stream)).length;
    const messageBlock = (stream: Stream): Word[] => [
      ...Array.from({ length: MESSAGE_WORDS }, (_, word) => perNonce(stream.lanes.loadEach(get(offset), wordsOffset(word) + at(stream)))),
      ...Array.from({ length: 12 }, () => constant(0n)),
      perJob(([lengthBits]) => lengthBits!),
    ];
    const hash = doubleHash(writer, streams, messageBlock, STRAIGHT_ROUNDS);
    const keep = (stream: Stream): Code =>
      stream.lanes.storeEach(get(offset), stream.digestStart(), wordsOffset(MESSAGE_WORDS) + at(stream));
    const next = set(offset, i32.add(get(offset), i32.const(16)));
    writer.add(repeatWhile([...hash, ...streams.map(keep), next, countDown(pairs)], get(pairs)));
  });
  return {
    bytes: module.toBytes(),
    fillConstants,
    fillLength: (memory, bytes) => table.fill(memory, [BigInt(8 * bytes)]),
  };
}
