/** onionpeer: somebody says that a node listens on a Tor onion service. Not signed: anybody may say it of any name. */
import type { UnixSeconds } from '../../base/clock.js';
import { isOnionName } from '../crypto/onion-name.js';
import { ByteReader, concat, DecodeError, equalBytes } from '../wire/bytes.js';
import { decodeHost, encodeOnion, ONION_PREFIX } from '../wire/host.js';
import { objectBody, readObjectHeader } from '../wire/object.js';
import { DEFAULT_STREAM, OBJECT_ONIONPEER } from '../wire/params.js';
import { readCount, varInt } from '../wire/varint.js';

export interface OnionPeer {
  /** "….onion", lower case: 16 or 56 characters before the dot. */
  readonly host: string;
  readonly port: number;
}

/** 80 bits: services of version 2, which Tor no longer carries. */
const V2_NAME_BYTES = 10;
const MAX_PORT = 65_535;

/** The object without its nonce. @throws RangeError when the host is no onion name */
export function buildOnionPeer({ host, port }: OnionPeer, expiresAt: UnixSeconds): Uint8Array {
  const name = encodeOnion(host);
  if (name === undefined || !isName(name.subarray(ONION_PREFIX.length))) throw new RangeError(`${host} is no onion name`);
  const version = name.length === ONION_PREFIX.length + V2_NAME_BYTES ? 2n : 3n;
  return objectBody({ expiresAt, type: OBJECT_ONIONPEER, version, stream: DEFAULT_STREAM }, concat(varInt(port), name));
}

/** Reads port and name; plain IP addresses, which PyBitmessage would take as well, are refused. @throws DecodeError */
export function readOnionPeer(object: Uint8Array): OnionPeer {
  const { type, payloadOffset } = readObjectHeader(object);
  if (type !== OBJECT_ONIONPEER) throw new DecodeError('not an onionpeer');
  const reader = new ByteReader(object.subarray(payloadOffset));
  const port = readCount(reader, MAX_PORT);
  if (port === 0) throw new DecodeError('port 0');
  const host = reader.rest();
  const isOnion = equalBytes(host.subarray(0, ONION_PREFIX.length), ONION_PREFIX) && isName(host.subarray(ONION_PREFIX.length));
  if (!isOnion) throw new DecodeError('not an onion name');
  return { host: decodeHost(host), port };
}

function isName(name: Uint8Array): boolean {
  return name.length === V2_NAME_BYTES || isOnionName(name);
}
