/** Objects for tests, with the trivial work of the private network done on the spot. */

import { concat, u32, u64 } from '../../src/bitmessage/wire/bytes.js';
import { varInt } from '../../src/bitmessage/wire/varint.js';
import { type Difficulty, initialHash, target, trialValue } from '../../src/pow/target.js';

export const TRIVIAL_WORK: Difficulty = { nonceTrialsPerByte: 1, extraBytes: 1 };

export interface TestObject {
  readonly expiresAt: number;
  readonly type?: number;
  readonly version?: bigint;
  readonly stream?: bigint;
  readonly payload?: Uint8Array;
  /** Where to begin: a large object's nonce, found once, spares the search. */
  readonly startNonce?: bigint;
}

/** Builds an object and tries nonces until its work suffices at `now`. */
export function makeObject(fields: TestObject, now: number, difficulty = TRIVIAL_WORK): Uint8Array {
  const { expiresAt, type = 2, version = 1n, stream = 1n, payload = new Uint8Array(0), startNonce = 0n } = fields;
  const body = concat(u64(expiresAt), u32(type), varInt(version), varInt(stream), payload);
  const limit = target({ lengthBytes: body.length + 8, ttlSeconds: expiresAt - now, ...difficulty });
  const hash = initialHash(body);
  let nonce = startNonce;
  while (trialValue(nonce, hash) > limit) nonce++;
  return concat(u64(nonce), body);
}
