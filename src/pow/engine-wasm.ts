/** The engines that run a WebAssembly kernel. */
import { instantiate } from '../base/wasm-module.js';
import { type Engine, INITIAL_HASH_BYTES } from './engine.js';
import { type KernelSearch, type KernelShape, writeKernel } from './kernel.js';
import { trialValue } from './target.js';

/** @throws when this Node has no WebAssembly, or no SIMD and the shape has */
export function wasmEngine(name: string, shape: KernelShape): Engine {
  const kernel = writeKernel(shape);
  const instance = instantiate<{ search: KernelSearch }>(kernel.bytes);
  const memory = new DataView(instance.memory.buffer);
  kernel.fillConstants(memory);
  let initialHash: Uint8Array = new Uint8Array(INITIAL_HASH_BYTES);
  let target = 0n;
  return {
    name,
    prepare: (jobHash, jobTarget) => {
      initialHash = jobHash;
      target = jobTarget;
      const words = new DataView(jobHash.buffer, jobHash.byteOffset, jobHash.byteLength);
      kernel.fillJob(
        memory,
        Array.from({ length: INITIAL_HASH_BYTES / 8 }, (_, index) => words.getBigUint64(8 * index)),
      );
    },
    search: (first, count) => {
      const goes = Math.ceil(count / kernel.lanes);
      const left = instance.search(first, goes, target);
      if (left === 0) return null;
      // One of the lanes of this go has it; which one is quicker found out here than in every go.
      const start = first + BigInt((goes - left) * kernel.lanes);
      for (let lane = 0; lane < kernel.lanes; lane++) {
        const nonce = BigInt.asUintN(64, start + BigInt(lane));
        if (trialValue(nonce, initialHash) <= target) return nonce;
      }
      throw new Error(`kernel ${name} reported a hit where there is none`);
    },
  };
}
