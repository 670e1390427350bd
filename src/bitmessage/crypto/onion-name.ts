/** Names of Tor's onion services: which are real ones, told by the checksum that version 3 names carry. */
import { createHash } from 'node:crypto';
import { equalBytes } from '../wire/bytes.js';
import { encodeOnion, ONION_PREFIX } from '../wire/host.js';

const KEY_BYTES = 32;
const CHECKSUM_BYTES = 2;
/** Public key, checksum, version. */
export const V3_NAME_BYTES = KEY_BYTES + CHECKSUM_BYTES + 1;
const V3 = 3;

/** Whether a host name can be an onion service that Tor reaches today: version 3, and no letter of it is wrong. */
export function isOnionService(host: string): boolean {
  const name = encodeOnion(host)?.subarray(ONION_PREFIX.length);
  return name !== undefined && isOnionName(name);
}

/**
 * The bytes that a version 3 name spells.
 *
 * Spec: Tor rend-spec-v3, 6: checksum = SHA3-256(".onion checksum" ‖ key ‖ version), first 2 bytes
 */
export function isOnionName(name: Uint8Array): boolean {
  if (name.length !== V3_NAME_BYTES || name[V3_NAME_BYTES - 1] !== V3) return false;
  const key = name.subarray(0, KEY_BYTES);
  const digest = createHash('sha3-256').update('.onion checksum').update(key).update(Uint8Array.of(V3)).digest();
  return equalBytes(digest.subarray(0, CHECKSUM_BYTES), name.subarray(KEY_BYTES, KEY_BYTES + CHECKSUM_BYTES));
}
