/**
 * Trial decryption: one encrypted block against many private keys of ours.
 *
 * The shared secrets of all keys are computed together (matcher.ts), and each is tried on the MAC. What fits is decrypted again with
 * node:crypto and that key alone, so that an error in the matcher's arithmetic could lose a message and never accept one.
 */
import { createDecipheriv } from 'node:crypto';
import { ByteReader, DecodeError } from '../wire/bytes.js';
import { readVarInt } from '../wire/varint.js';
import { CIPHER_BLOCK_BYTES, type Decrypted, decrypt, type EciesBlock, hasMac, type SharedKeys, sharedKeys } from './ecies.js';
import { importPrivateKey } from './keys.js';
import { createMatcher } from './matcher.js';

/** Keys made ready for trial. */
export interface KeySet {
  /**
   * Tries every key, also after one fitted, so that the time does not tell which.
   *
   * Answers undefined when none fits, the ephemeral key is no point, or what the right key opens is not padded as it must be.
   */
  decrypt(block: EciesBlock): Decrypted | undefined;
}

/** From here on the MAC of a wrong key costs more than a look at the first cipher block (bench/open.ts). */
const PEEK_BYTES = 20_000;

/**
 * Keys that open msgs and broadcasts: some milliseconds, so keep it as long as the keys stay.
 *
 * @throws RangeError when one of them is no private key
 */
export function createKeySet(privateKeys: readonly Uint8Array[]): KeySet {
  const match = createMatcher(privateKeys);
  return {
    decrypt: (block) => {
      let decrypted: Decrypted | undefined;
      for (const [keyIndex, secret] of (match(block.ephemeralKey) ?? []).entries()) {
        const keys = sharedKeys(secret);
        if (block.ciphertext.length >= PEEK_BYTES && !opensLikeAMessage(block, keys)) continue;
        if (!hasMac(block, keys)) continue;
        const plaintext = decrypt(block, importPrivateKey(privateKeys[keyIndex] as Uint8Array));
        if (plaintext !== undefined) decrypted = { keyIndex, plaintext };
      }
      return decrypted;
    },
  };
}

/** Every msg and broadcast begins with the version and the stream of its author's address: what a wrong key opens begins so once in 65. */
function opensLikeAMessage({ iv, ciphertext }: EciesBlock, { cipherKey }: SharedKeys): boolean {
  const cipher = createDecipheriv('aes-256-cbc', cipherKey, iv).setAutoPadding(false);
  const reader = new ByteReader(cipher.update(ciphertext.subarray(0, CIPHER_BLOCK_BYTES)));
  try {
    const version = readVarInt(reader);
    return version >= 1n && version <= 4n && readVarInt(reader) > 0n;
  } catch (error) {
    if (error instanceof DecodeError) return false;
    throw error;
  }
}
