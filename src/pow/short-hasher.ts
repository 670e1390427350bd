/** Hashes short messages in batches: the first 32 bits of SHA512(SHA512(message)), which is what the checksum of an address is. */
import { createHash } from 'node:crypto';
import { instantiate } from '../base/wasm-module.js';
import { BATCH_MESSAGES, type HashPairs, MESSAGE_WORDS, wordsOffset, writeShortKernel } from './short-kernel.js';

/** Longer ones, with the bit that ends them, do not fit into three words. */
export const MAX_SHORT_BYTES = 23;

/** Where the caller puts messages, and finds their hashes. */
export interface ShortHasher {
  readonly name: string;
  /** How many messages there is room for. */
  readonly capacity: number;
  /**
   * Six arrays of 32 bits: the i-th message, 24 bytes long with the byte 0x80 behind it and zeros to the end, is the i-th element of
   * each of them, as big-endian numbers.
   */
  readonly words: readonly HalfWords[];
  /** The start of the i-th hash. */
  hashAt(index: number): number;
  /** Hashes the first so many messages, all of that length. */
  run(count: number, lengthBytes: number): void;
}

/** Every second element of an array of halves of 64-bit words. */
export interface HalfWords {
  readonly halves: Uint32Array;
  /** The i-th element is `halves[2 * i + first]`. */
  readonly first: 0 | 1;
}

/** The fastest that runs here: WebAssembly with SIMD, without, or node:crypto. */
export function openShortHasher(): ShortHasher {
  for (const open of [() => wasmHasher('simd'), () => wasmHasher('scalar')]) {
    try {
      return open();
    } catch {
      // This Node has no WebAssembly, or no SIMD.
    }
  }
  return cryptoHasher();
}

/** @throws when this Node has no WebAssembly, or not all that is used */
export function wasmHasher(lanes: 'simd' | 'scalar'): ShortHasher {
  const kernel = writeShortKernel(lanes);
  const { hash, memory } = instantiate<{ hash: HashPairs }>(kernel.bytes);
  const view = new DataView(memory.buffer);
  kernel.fillConstants(view);
  const arrays = Array.from(
    { length: MESSAGE_WORDS + 1 },
    (_, word) => new Uint32Array(memory.buffer, wordsOffset(word), 2 * BATCH_MESSAGES),
  );
  const hashes = arrays[MESSAGE_WORDS]!;
  let length = 0;
  return {
    name: lanes,
    capacity: BATCH_MESSAGES,
    words: halvesOf(arrays.slice(0, MESSAGE_WORDS)),
    hashAt: (index) => hashes[2 * index + 1]!,
    run: (count, lengthBytes) => {
      if (lengthBytes !== length) kernel.fillLength(view, lengthBytes);
      length = lengthBytes;
      if (count > 0) hash(Math.ceil(count / 2));
    },
  };
}

/** For where WebAssembly is switched off: ten times slower. */
export function cryptoHasher(): ShortHasher {
  const arrays = Array.from({ length: MESSAGE_WORDS }, () => new Uint32Array(2 * BATCH_MESSAGES));
  const words = halvesOf(arrays);
  const hashes = new Uint32Array(BATCH_MESSAGES);
  const message = Buffer.alloc(8 * MESSAGE_WORDS);
  return {
    name: 'crypto',
    capacity: BATCH_MESSAGES,
    words,
    hashAt: (index) => hashes[index]!,
    run: (count, lengthBytes) => {
      for (let index = 0; index < count; index++) {
        for (const [place, { halves, first }] of words.entries()) message.writeUInt32BE(halves[2 * index + first]!, 4 * place);
        hashes[index] = sha512(sha512(message.subarray(0, lengthBytes))).readUInt32BE();
      }
    },
  };
}

/** The machine is little-endian in WebAssembly: the high half of a word is the second. */
function halvesOf(arrays: readonly Uint32Array[]): HalfWords[] {
  return arrays.flatMap((halves) => [
    { halves, first: 1 },
    { halves, first: 0 },
  ]);
}

function sha512(bytes: Uint8Array): Buffer {
  return createHash('sha512').update(bytes).digest();
}
