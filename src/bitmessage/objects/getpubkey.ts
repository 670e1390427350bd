/** getpubkey: asks whoever holds an address for its public keys. */

import type { UnixSeconds } from '../../base/clock.js';
import { type Address, addressTag } from '../crypto/address.js';
import { ByteReader, DecodeError, equalBytes } from '../wire/bytes.js';
import { objectBody, readObjectHeader } from '../wire/object.js';
import { OBJECT_GETPUBKEY } from '../wire/params.js';

export interface Getpubkey {
  /** Of the address asked for: 2, 3 or 4. */
  readonly version: number;
  readonly stream: bigint;
  /** The ripe (20 bytes) up to version 3, the tag (32 bytes) from version 4 on. */
  readonly wanted: Uint8Array;
}

/** PyBitmessage answers nothing longer; a real one has 54 bytes at most with short var_ints. */
const MAX_BYTES = 200;
const RIPE_BYTES = 20;
const TAG_BYTES = 32;

/** The object without its nonce. */
export function buildGetpubkey(address: Address, expiresAt: UnixSeconds): Uint8Array {
  const { version, stream } = address;
  return objectBody({ expiresAt, type: OBJECT_GETPUBKEY, version: BigInt(version), stream }, wantedOf(address));
}

/** @throws DecodeError when it is not one, or not one that is answered */
export function readGetpubkey(object: Uint8Array): Getpubkey {
  const { type, version, stream, payloadOffset } = readObjectHeader(object);
  if (type !== OBJECT_GETPUBKEY) throw new DecodeError('not a getpubkey');
  if (version < 2n || version > 4n) throw new DecodeError(`getpubkey of version ${version}`);
  if (object.length > MAX_BYTES) throw new DecodeError(`getpubkey of ${object.length} bytes`);
  const wanted = new ByteReader(object.subarray(payloadOffset)).take(version >= 4n ? TAG_BYTES : RIPE_BYTES);
  return { version: Number(version), stream, wanted };
}

/** Is this address asked for? Version and stream must be the same, too. */
export function asksFor({ version, stream, wanted }: Getpubkey, address: Address): boolean {
  return version === address.version && stream === address.stream && equalBytes(wanted, wantedOf(address));
}

function wantedOf(address: Address): Uint8Array {
  return address.version >= 4 ? addressTag(address) : address.ripe;
}
