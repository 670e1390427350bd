/** How much work an object needs, and whether the work in it is enough. Pure; all integers, floors as the verifiers compute them. */
import { hash } from 'node:crypto';

/** What somebody demands: the network of every object, or a recipient of messages to it. */
export interface Difficulty {
  readonly nonceTrialsPerByte: number;
  readonly extraBytes: number;
}

export interface TargetInput extends Difficulty {
  /** The whole object, its 8-byte nonce included. */
  readonly lengthBytes: number;
  /** From now to the expiry; less than {@link MIN_TTL_SECONDS} counts as that. */
  readonly ttlSeconds: number | bigint;
}

/** An object about to expire still costs five minutes' worth (PyBitmessage isProofOfWorkSufficient). */
export const MIN_TTL_SECONDS = 300;

/** Trial values are 64 bits: 2^64 of them. */
const TRIAL_VALUES = 1n << 64n;
const NONCE_BYTES = 8;
/** Nonce and expiry: what the check reads. */
const MIN_OBJECT_BYTES = 16;

/**
 * The greatest trial value that suffices: floor(2^64 / (N × (len + E + floor(TTL × (len + E) / 65536)))).
 *
 * Spec: bitmessage.org/wiki/Proof_of_work. PyBitmessage's own sender computes it with floats; this is the verifier's.
 */
export function target({ lengthBytes, ttlSeconds, nonceTrialsPerByte, extraBytes }: TargetInput): bigint {
  const ttl = BigInt(ttlSeconds) > MIN_TTL_SECONDS ? BigInt(ttlSeconds) : BigInt(MIN_TTL_SECONDS);
  const paidBytes = BigInt(lengthBytes) + BigInt(extraBytes);
  const work = BigInt(nonceTrialsPerByte) * (paidBytes + (ttl * paidBytes) / 65_536n);
  if (work <= 0n) throw new RangeError('a proof of work needs a positive difficulty');
  const greatest = TRIAL_VALUES / work;
  return greatest < TRIAL_VALUES ? greatest : TRIAL_VALUES - 1n;
}

/** The demand raised to the network's minimum where it is below; 0 in a pubkey means "the minimum". */
export function atLeast(demanded: Difficulty, minimum: Difficulty): Difficulty {
  return {
    nonceTrialsPerByte: Math.max(demanded.nonceTrialsPerByte, minimum.nonceTrialsPerByte),
    extraBytes: Math.max(demanded.extraBytes, minimum.extraBytes),
  };
}

/** SHA-512 of the object without its nonce: all that the work depends on. */
export function initialHash(objectWithoutNonce: Uint8Array): Uint8Array {
  return sha512(objectWithoutNonce);
}

/** The first 8 bytes of SHA512(SHA512(nonce ‖ initialHash)), as an integer. */
export function trialValue(nonce: bigint, initialHash: Uint8Array): bigint {
  const input = Buffer.allocUnsafe(NONCE_BYTES + initialHash.length);
  input.writeBigUInt64BE(nonce);
  input.set(initialHash, NONCE_BYTES);
  return sha512(sha512(input)).readBigUInt64BE();
}

/** Whether the object (nonce first) carries the work demanded, with what is left of its life at `now`. */
export function isSufficient(object: Uint8Array, now: number, demanded: Difficulty, minimum: Difficulty): boolean {
  if (object.length < MIN_OBJECT_BYTES) return false;
  const view = new DataView(object.buffer, object.byteOffset, object.byteLength);
  const limit = target({
    lengthBytes: object.length,
    ttlSeconds: view.getBigUint64(NONCE_BYTES) - BigInt(now),
    ...atLeast(demanded, minimum),
  });
  return trialValue(view.getBigUint64(0), initialHash(object.subarray(NONCE_BYTES))) <= limit;
}

/** How many trials it takes on average until a value is at most `target`. */
export function expectedTrials(target: bigint): number {
  return Number(TRIAL_VALUES) / Number(target + 1n);
}

function sha512(bytes: Uint8Array): Buffer {
  return hash('sha512', bytes, 'buffer');
}
