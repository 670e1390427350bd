/** The header that every object of the network begins with, and the bytes that proof of work is done on. */

import type { UnixSeconds } from '../../base/clock.js';
import { ByteReader, concat, DecodeError, u32, u64 } from './bytes.js';
import { readVarInt, varInt } from './varint.js';

/** The nonce is a fixed u64, then comes everything that the work and the signatures cover. */
export const NONCE_BYTES = 8;

export interface ObjectFields {
  readonly expiresAt: UnixSeconds;
  readonly type: number;
  readonly version: bigint;
  readonly stream: bigint;
}

export interface ObjectHeader extends ObjectFields {
  readonly nonce: bigint;
  /** First byte after the stream. */
  readonly payloadOffset: number;
}

/**
 * Reads nonce (u64), expiry (u64), type (u32), version and stream (var_int). The payload may be empty.
 *
 * Spec: Protocol_specification, "object"; PROTOCOL 2.1
 * @throws DecodeError when cut short, when a var_int is malformed, or when the expiry is past 2^53 (no date)
 */
export function readObjectHeader(object: Uint8Array): ObjectHeader {
  const reader = new ByteReader(object);
  const nonce = reader.u64();
  const expiry = reader.u64();
  if (expiry > BigInt(Number.MAX_SAFE_INTEGER)) throw new DecodeError(`expiry ${expiry} is no date`);
  const type = reader.u32();
  const version = readVarInt(reader);
  const stream = readVarInt(reader);
  return { nonce, expiresAt: Number(expiry), type, version, stream, payloadOffset: reader.offset };
}

/** Everything between the nonce and the payload: expiry, type, version, stream. */
export function objectPrefix(fields: ObjectFields): Uint8Array {
  return concat(u64(fields.expiresAt), u32(fields.type), varInt(fields.version), varInt(fields.stream));
}

/** An object without its nonce: what proof of work is done on. */
export function objectBody(fields: ObjectFields, payload: Uint8Array): Uint8Array {
  return concat(objectPrefix(fields), payload);
}

/** Completes an object: the nonce that the work found, then the body. */
export function withNonce(nonce: bigint, body: Uint8Array): Uint8Array {
  return concat(u64(nonce), body);
}
