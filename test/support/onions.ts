/** Names of onion services that are spelt rightly and that nobody has. */
import { createHash } from 'node:crypto';
import { concat } from '../../src/bitmessage/wire/bytes.js';
import { decodeHost, ONION_PREFIX } from '../../src/bitmessage/wire/host.js';

/** Another name for each number. Spec: Tor rend-spec-v3, 6. */
export function onionName(number: number): string {
  const key = createHash('sha256').update(`test ${number}`).digest();
  const checksum = createHash('sha3-256').update('.onion checksum').update(key).update(Uint8Array.of(3)).digest().subarray(0, 2);
  return decodeHost(concat(ONION_PREFIX, key, checksum, Uint8Array.of(3)));
}
