/** Wallet import format: how PyBitmessage's keys.dat and people write private keys. */
import { concat, DecodeError, equalBytes } from '../wire/bytes.js';
import { decodeBase58, encodeBase58 } from './base58.js';
import { sha256 } from './hash.js';
import { isPrivateKey } from './keys.js';

/** Bitcoin's main network; the test network's ef was never used for Bitmessage. */
const PREFIX = 0x80;
const CHECKSUM_BYTES = 4;
/** Prefix, 32 bytes, checksum make 52 digits at most; more is no key. */
const MAX_TEXT_LENGTH = 100;

/** Base 58 of 80, the key and 4 bytes of its double SHA-256. */
export function formatWif(privateKey: Uint8Array): string {
  const content = concat(Uint8Array.of(PREFIX), privateKey);
  return encodeBase58(concat(content, checksumOf(content)));
}

/**
 * Reads a key in the uncompressed form, blanks around it allowed.
 *
 * @throws DecodeError with the reason; the compressed form (33 bytes) is refused, as Bitmessage never used it
 */
export function parseWif(text: string): Uint8Array {
  const trimmed = text.trim();
  const data = trimmed.length > MAX_TEXT_LENGTH ? undefined : decodeBase58(trimmed);
  if (data === undefined) throw new DecodeError('not base 58');
  const content = data.subarray(0, Math.max(data.length - CHECKSUM_BYTES, 0));
  if (!equalBytes(data.subarray(content.length), checksumOf(content))) throw new DecodeError('checksum of the key does not fit');
  if (content[0] !== PREFIX) throw new DecodeError('not a private key of the main network');
  const key = content.slice(1);
  if (!isPrivateKey(key)) throw new DecodeError(key.length === 33 ? 'a compressed key: not used here' : 'not a private key of secp256k1');
  return key;
}

function checksumOf(content: Uint8Array): Uint8Array {
  return sha256(sha256(content)).subarray(0, CHECKSUM_BYTES);
}
