/** The engine that is always there: node:crypto. Several times slower than WebAssembly, for where that is switched off. */
import { createHash } from 'node:crypto';
import { type Engine, INITIAL_HASH_BYTES } from './engine.js';

const NONCE_BYTES = 8;

export function cryptoEngine(): Engine {
  const input = Buffer.alloc(NONCE_BYTES + INITIAL_HASH_BYTES);
  let target = 0n;
  return {
    name: 'crypto',
    prepare: (initialHash, jobTarget) => {
      input.set(initialHash, NONCE_BYTES);
      target = jobTarget;
    },
    search: (first, count) => {
      for (let index = 0; index < count; index++) {
        const nonce = BigInt.asUintN(64, first + BigInt(index));
        input.writeBigUInt64BE(nonce);
        if (sha512(sha512(input)).readBigUInt64BE() <= target) return nonce;
      }
      return null;
    },
  };
}

function sha512(bytes: Uint8Array): Buffer {
  return createHash('sha512').update(bytes).digest();
}
