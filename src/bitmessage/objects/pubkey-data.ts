/** What an address tells of itself: the common part of pubkeys, messages and broadcasts. */
import type { Address } from '../crypto/address.js';
import { type IdentityKeys, PUBLIC_KEY_BYTES, ripeOf } from '../crypto/keys.js';
import type { SignatureDigest } from '../crypto/signature.js';
import { type ByteReader, concat, DecodeError, u32 } from '../wire/bytes.js';
import { readVarInt, varInt } from '../wire/varint.js';

export interface PubkeyData {
  /** Of the address: 1 to 4. */
  readonly version: number;
  readonly stream: bigint;
  /** The behaviour bitfield, see {@link DOES_ACK}. */
  readonly behavior: number;
  /** Public keys, 64 bytes each. */
  readonly signingKey: Uint8Array;
  readonly encryptionKey: Uint8Array;
  /** What a msg to the address must carry; 0 where the version has no such field: the network's minimum. */
  readonly nonceTrialsPerByte: number;
  readonly extraBytes: number;
}

/** Who makes an object and signs it. */
export interface Author {
  readonly version: number;
  readonly stream: bigint;
  readonly keys: IdentityKeys;
  readonly behavior: number;
  readonly nonceTrialsPerByte: number;
  readonly extraBytes: number;
  /** SHA-256 unless the other side knows SHA-1 alone. */
  readonly digest?: SignatureDigest;
}

/** Behaviour bit 31 (the last): messages to this address are acknowledged. */
export const DOES_ACK = 0x0000_0001;
/** Behaviour bit 30: a light client wants its ripe in clear before each message. Nobody serves it. */
export const INCLUDE_DESTINATION = 0x0000_0002;

/** From this address version on, an address demands its own proof of work and signs its pubkey. */
const FIRST_VERSION_WITH_DEMANDS = 3;
const LAST_VERSION = 4n;

/** The head of a msg or broadcast plaintext, and what PyBitmessage keeps of a pubkey. @throws DecodeError */
export function readPubkeyData(reader: ByteReader): PubkeyData {
  const version = readVarInt(reader);
  if (version < 1n || version > LAST_VERSION) throw new DecodeError(`sender's address is of version ${version}`);
  const stream = readVarInt(reader);
  if (stream === 0n) throw new DecodeError("sender's address is in stream 0");
  return readPubkeyFields(reader, { version: Number(version), stream });
}

/** What follows version and stream, which a pubkey object has in its header. @throws DecodeError */
export function readPubkeyFields(reader: ByteReader, { version, stream }: Pick<PubkeyData, 'version' | 'stream'>): PubkeyData {
  const behavior = reader.u32();
  const signingKey = reader.take(PUBLIC_KEY_BYTES);
  const encryptionKey = reader.take(PUBLIC_KEY_BYTES);
  const demands = version >= FIRST_VERSION_WITH_DEMANDS;
  const nonceTrialsPerByte = demands ? readDemand(reader) : 0;
  const extraBytes = demands ? readDemand(reader) : 0;
  return { version, stream, behavior, signingKey, encryptionKey, nonceTrialsPerByte, extraBytes };
}

export function pubkeyData(data: PubkeyData): Uint8Array {
  return concat(varInt(data.version), varInt(data.stream), pubkeyFields(data));
}

export function pubkeyFields(data: PubkeyData): Uint8Array {
  const demands = data.version >= FIRST_VERSION_WITH_DEMANDS ? [varInt(data.nonceTrialsPerByte), varInt(data.extraBytes)] : [];
  return concat(u32(data.behavior), data.signingKey, data.encryptionKey, ...demands);
}

/** What the author tells of itself. */
export function dataOf({ version, stream, keys, behavior, nonceTrialsPerByte, extraBytes }: Author): PubkeyData {
  const { signingKey, encryptionKey } = keys;
  return { version, stream, behavior, signingKey, encryptionKey, nonceTrialsPerByte, extraBytes };
}

/** The address that these keys make. */
export function addressOf({ version, stream, signingKey, encryptionKey }: PubkeyData): Address {
  return { version, stream, ripe: ripeOf(signingKey, encryptionKey) };
}

/** A demand of 2^53 and more can only mean "never": it counts as the greatest number we can hold. */
function readDemand(reader: ByteReader): number {
  const demand = readVarInt(reader);
  return demand > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(demand);
}
