/** onionpeer: somebody says that a node listens on a Tor onion service. Not signed: anybody may say it of any name. */
import { createHash } from 'node:crypto';
import type { UnixSeconds } from '../../base/clock.js';
import { ByteReader, concat, DecodeError, equalBytes, fromHex } from '../wire/bytes.js';
import { objectBody, readObjectHeader } from '../wire/object.js';
import { DEFAULT_STREAM, OBJECT_ONIONPEER } from '../wire/params.js';
import { readCount, varInt } from '../wire/varint.js';

export interface OnionPeer {
  /** "….onion", lower case: 16 or 56 characters before the dot. */
  readonly host: string;
  readonly port: number;
}

/** What marks an onion name among IPv6 addresses (OnionCat's fd87:d87e:eb43::/48). */
const ONION_PREFIX = fromHex('fd87d87eeb43');
/** 80 bits: services of version 2, which Tor no longer carries. */
const V2_NAME_BYTES = 10;
/** Public key, 2 bytes of checksum, version. */
const V3_NAME_BYTES = 35;
const MAX_PORT = 65_535;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/** The object without its nonce. @throws RangeError when the host is no onion name */
export function buildOnionPeer({ host, port }: OnionPeer, expiresAt: UnixSeconds): Uint8Array {
  const name = decodeBase32(host.replace(/\.onion$/, ''));
  if (name === undefined || !isOnionName(name)) throw new RangeError(`${host} is no onion name`);
  const version = name.length === V2_NAME_BYTES ? 2n : 3n;
  return objectBody({ expiresAt, type: OBJECT_ONIONPEER, version, stream: DEFAULT_STREAM }, concat(varInt(port), ONION_PREFIX, name));
}

/** Reads port and name; plain IP addresses, which PyBitmessage would take as well, are refused. @throws DecodeError */
export function readOnionPeer(object: Uint8Array): OnionPeer {
  const { type, payloadOffset } = readObjectHeader(object);
  if (type !== OBJECT_ONIONPEER) throw new DecodeError('not an onionpeer');
  const reader = new ByteReader(object.subarray(payloadOffset));
  const port = readCount(reader, MAX_PORT);
  if (port === 0) throw new DecodeError('port 0');
  if (!equalBytes(reader.take(ONION_PREFIX.length), ONION_PREFIX)) throw new DecodeError('not an onion name');
  const name = reader.rest();
  if (!isOnionName(name)) throw new DecodeError('not an onion name');
  return { host: `${encodeBase32(name)}.onion`, port };
}

/** Tor rend-spec-v3, 6: checksum = SHA3-256(".onion checksum" ‖ key ‖ version), first 2 bytes. */
function isOnionName(name: Uint8Array): boolean {
  if (name.length === V2_NAME_BYTES) return true;
  if (name.length !== V3_NAME_BYTES || name[34] !== 3) return false;
  const digest = createHash('sha3-256').update('.onion checksum').update(name.subarray(0, 32)).update(name.subarray(34)).digest();
  return equalBytes(digest.subarray(0, 2), name.subarray(32, 34));
}

/** RFC 4648 base 32, lower case; both lengths are whole groups of 5 bytes, so there is no padding. */
function encodeBase32(bytes: Uint8Array): string {
  let bits = '';
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  return (bits.match(/.{5}/g) ?? []).map((digit) => ALPHABET[Number.parseInt(digit, 2)]).join('');
}

function decodeBase32(text: string): Uint8Array | undefined {
  let bits = '';
  for (const character of text) {
    const digit = ALPHABET.indexOf(character);
    if (digit < 0) return undefined;
    bits += digit.toString(2).padStart(5, '0');
  }
  if (bits.length % 8 !== 0) return undefined;
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2));
}
