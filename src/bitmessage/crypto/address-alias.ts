/** The alias of an address for programs that write everything in lower case: its bytes in Base32, where case says nothing. */
import { decodeAddress, formatAddress } from './address.js';
import { decodeBase58, encodeBase58 } from './base58.js';

/** Says what it is, and cannot be mistaken for an address that lost its capitals. */
export const ALIAS_PREFIX = 'b32-';
/** RFC 4648 §6, in lower case; i and l, o and 0 cannot be confused, for 0, 1, 8 and 9 are no digits. */
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
/** Two 9-byte var_ints, ripe and checksum are 42 bytes: 68 digits. */
const MAX_DIGITS = 68;

/** "BM-2cW…" -> "b32-aqa…", 44 characters for the addresses in use. */
export function toAlias(address: string): string {
  return `${ALIAS_PREFIX}${encodeBase32(decodeBase58(address.replace(/^BM-/, '')) ?? new Uint8Array())}`;
}

/** The canonical address, or null when the text is no alias of a valid one. Case does not matter. */
export function fromAlias(text: string): string | null {
  const lower = text.trim().toLowerCase();
  if (!lower.startsWith(ALIAS_PREFIX)) return null;
  const bytes = decodeBase32(lower.slice(ALIAS_PREFIX.length));
  if (bytes === null) return null;
  const decoded = decodeAddress(encodeBase58(bytes));
  return decoded.status === 'success' ? formatAddress(decoded.address) : null;
}

function encodeBase32(bytes: Uint8Array): string {
  let text = '';
  let value = 0;
  let bits = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += ALPHABET[(value >>> (bits - 5)) & 31];
    value &= 31;
  }
  return bits === 0 ? text : text + ALPHABET[(value << (5 - bits)) & 31];
}

function decodeBase32(text: string): Uint8Array | null {
  if (text.length > MAX_DIGITS) return null;
  const bytes: number[] = [];
  let value = 0;
  let bits = 0;
  for (const character of text) {
    const digit = ALPHABET.indexOf(character);
    if (digit < 0) return null;
    value = ((value & 0xff) << 5) | digit;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((value >>> bits) & 0xff);
    }
  }
  // What is left over is padding: less than a digit, and zero, so that one address has one alias.
  return bits < 5 && (value & ((1 << bits) - 1)) === 0 ? new Uint8Array(bytes) : null;
}
