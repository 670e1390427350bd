import assert from 'node:assert/strict';
import { createHash, randomInt } from 'node:crypto';
import { cryptoHasher, MAX_SHORT_BYTES, openShortHasher, type ShortHasher, wasmHasher } from '../../src/pow/short-hasher.js';

const sha512 = (bytes: Uint8Array): Buffer => createHash('sha512').update(bytes).digest();

/** Puts a message where the hasher takes it, as its description says. */
function put({ words }: ShortHasher, index: number, message: Uint8Array): void {
  const padded = Buffer.alloc(24);
  padded.set(message);
  padded[message.length] = 0x80;
  for (const [place, { halves, first }] of words.entries()) halves[2 * index + first] = padded.readUInt32BE(4 * place);
}

describe('hasher of short messages', () => {
  const seed = randomInt(2 ** 32);

  for (const hasher of [wasmHasher('simd'), wasmHasher('scalar'), cryptoHasher()]) {
    it(`${hasher.name} answers the start of SHA512(SHA512(message)) for every length (seed ${seed})`, () => {
      for (let length = 1; length <= MAX_SHORT_BYTES; length++) {
        // An odd number: the kernels work on two at a time.
        const messages = Array.from({ length: 7 }, (_, index) => sha512(Buffer.from(`${seed} ${length} ${index}`)).subarray(0, length));
        for (const [index, message] of messages.entries()) put(hasher, index, message);
        hasher.run(messages.length, length);
        const hashes = messages.map((_, index) => hasher.hashAt(index));
        assert.deepEqual(
          hashes,
          messages.map((message) => sha512(sha512(message)).readUInt32BE()),
        );
      }
    });

    it(`${hasher.name} fills its room to the last message, and does nothing for none`, () => {
      const last = hasher.capacity - 1;
      put(hasher, last, Buffer.from('last'));
      hasher.run(hasher.capacity, 4);
      const expected = sha512(sha512(Buffer.from('last'))).readUInt32BE();
      assert.equal(hasher.hashAt(last), expected);
      hasher.run(0, 4);
      assert.equal(hasher.hashAt(last), expected);
    });
  }

  it('is the fastest that runs here', () => assert.equal(openShortHasher().name, 'simd'));
});
