/** The messages between peers that are not objects or lists of hashes: version, addr, error. */
import { ByteReader, concat, u16, u32, u64 } from './bytes.js';
import { decodeHost, encodeHost, HOST_BYTES } from './host.js';
import type { StreamNumber } from './params.js';
import { readCount, readVarBytes, readVarInt, varBytes, varInt } from './varint.js';

/** Services: what a peer offers (PyBitmessage NODE_*). 4, NODE_POW, is a proposal nobody sends. */
export const NODE_NETWORK = 1n;
export const NODE_SSL = 2n;
export const NODE_DANDELION = 8n;

export interface NetAddress {
  readonly services: bigint;
  /** IP address or onion name. */
  readonly host: string;
  readonly port: number;
}

export interface VersionMessage {
  readonly protocolVersion: number;
  readonly services: bigint;
  /** The sender's clock, UnixSeconds; signed 64 bits. */
  readonly timestamp: bigint;
  /** As the sender sees the receiver. */
  readonly addrRecv: NetAddress;
  /** Of the sender; only its port means something. */
  readonly addrFrom: NetAddress;
  /** 8 bytes, fresh for every connection: recognises a connection to oneself. */
  readonly nonce: Uint8Array;
  readonly userAgent: string;
  readonly streams: readonly StreamNumber[];
}

export interface AddrEntry extends NetAddress {
  /** When the peer was last seen, UnixSeconds. */
  readonly time: bigint;
  /** 32 bits only, unlike streams elsewhere. */
  readonly stream: number;
}

export interface ErrorMessage {
  readonly fatal: number;
  readonly banSeconds: bigint;
  /** Hash of the object it is about, or empty. */
  readonly inventoryVector: Uint8Array;
  readonly text: string;
}

/** fatal of an `error`: the connection is over. */
export const FATAL = 2;

const NONCE_BYTES = 8;
/** Limit of the specification. */
const MAX_USER_AGENT_BYTES = 5_000;
/** PyBitmessage MAX_STREAM_COUNT; the packet's own limit stops a liar far earlier. */
const MAX_STREAM_COUNT = 160_000;
/** PyBitmessage MAX_ADDR_COUNT. */
export const MAX_ADDR_COUNT = 1_000;
/** The packet may be 100,000 bytes; nobody reads such a text. */
const MAX_ERROR_TEXT_BYTES = 100_000;
const MAX_VECTOR_BYTES = 1_000;

/** Spec: Protocol_specification, "version"; PROTOCOL 1.5 */
export function encodeVersion(message: VersionMessage): Uint8Array {
  return concat(
    u32(message.protocolVersion),
    u64(message.services),
    u64(BigInt.asUintN(64, message.timestamp)),
    encodeNetAddress(message.addrRecv),
    encodeNetAddress(message.addrFrom),
    message.nonce,
    varBytes(Buffer.from(message.userAgent, 'utf8')),
    varInt(message.streams.length),
    ...message.streams.map(varInt),
  );
}

/** @throws DecodeError when cut short or malformed; trailing bytes are ignored */
export function decodeVersion(payload: Uint8Array): VersionMessage {
  const reader = new ByteReader(payload);
  const protocolVersion = reader.u32();
  const services = reader.u64();
  const timestamp = reader.i64();
  const addrRecv = readNetAddress(reader);
  const addrFrom = readNetAddress(reader);
  const nonce = reader.take(NONCE_BYTES).slice();
  const userAgent = Buffer.from(readVarBytes(reader, MAX_USER_AGENT_BYTES)).toString('utf8');
  const streams = Array.from({ length: readCount(reader, Math.min(MAX_STREAM_COUNT, reader.remaining)) }, () => readVarInt(reader));
  return { protocolVersion, services, timestamp, addrRecv, addrFrom, nonce, userAgent, streams };
}

/**
 * Spec: Protocol_specification, "addr"; PROTOCOL 1.4
 * @throws RangeError for an empty list (bmd disconnects) or more than 1,000
 */
export function encodeAddr(entries: readonly AddrEntry[]): Uint8Array {
  if (entries.length === 0 || entries.length > MAX_ADDR_COUNT) throw new RangeError(`an addr of ${entries.length}`);
  return concat(
    varInt(entries.length),
    ...entries.flatMap((entry) => [u64(BigInt.asUintN(64, entry.time)), u32(entry.stream), encodeNetAddress(entry)]),
  );
}

/** @throws DecodeError when cut short or above 1,000 entries */
export function decodeAddr(payload: Uint8Array): AddrEntry[] {
  const reader = new ByteReader(payload);
  return Array.from({ length: readCount(reader, MAX_ADDR_COUNT) }, () => {
    const time = reader.i64();
    const stream = reader.u32();
    return { time, stream, ...readNetAddress(reader) };
  });
}

/** Spec: PROTOCOL 1.7 */
export function encodeError(message: ErrorMessage): Uint8Array {
  const text = varBytes(Buffer.from(message.text, 'utf8'));
  return concat(varInt(message.fatal), varInt(message.banSeconds), varBytes(message.inventoryVector), text);
}

/** @throws DecodeError when cut short or malformed */
export function decodeError(payload: Uint8Array): ErrorMessage {
  const reader = new ByteReader(payload);
  const fatal = readCount(reader, 255);
  const banSeconds = readVarInt(reader);
  const inventoryVector = readVarBytes(reader, MAX_VECTOR_BYTES).slice();
  const text = Buffer.from(readVarBytes(reader, MAX_ERROR_TEXT_BYTES)).toString('utf8');
  return { fatal, banSeconds, inventoryVector, text };
}

function encodeNetAddress(address: NetAddress): Uint8Array {
  return concat(u64(address.services), encodeHost(address.host), u16(address.port));
}

function readNetAddress(reader: ByteReader): NetAddress {
  return { services: reader.u64(), host: decodeHost(reader.take(HOST_BYTES)), port: reader.u16() };
}
