/** The verdict on an object that came from outside. Pure: cheap checks first, the proof of work last. */
import type { UnixSeconds } from '../../base/clock.js';
import { type Difficulty, isSufficient } from '../../pow/target.js';
import { inventoryHash } from '../crypto/hash.js';
import { DecodeError } from '../wire/bytes.js';
import { type ObjectHeader, readObjectHeader } from '../wire/object.js';
import { MAX_EXPIRED_SECONDS, MAX_EXPIRY_AHEAD_SECONDS, MAX_OBJECT_PAYLOAD_BYTES, type StreamNumber } from '../wire/params.js';

export interface IntakeRules {
  readonly now: UnixSeconds;
  readonly streams: readonly StreamNumber[];
  /** What the network demands of every object. */
  readonly minimum: Difficulty;
}

export type RefusalReason = 'malformed' | 'too-large' | 'expired' | 'expires-too-late' | 'invalid-stream' | 'insufficient-work';

export interface AcceptedObject extends ObjectHeader {
  readonly hash: Uint8Array;
  readonly bytes: Uint8Array;
}

export type Verdict =
  | { readonly verdict: 'accepted'; readonly object: AcceptedObject }
  /** Not for us, and nobody's fault. */
  | { readonly verdict: 'ignored'; readonly reason: 'foreign-stream' }
  /** `clockMayDiffer`: so near the limit that the two clocks may explain it. */
  | { readonly verdict: 'refused'; readonly blame: 'peer'; readonly reason: RefusalReason; readonly clockMayDiffer: boolean };

/** PROTOCOL 2.2: within ten minutes of a limit of time, the clocks may be to blame. */
const CLOCK_TOLERANCE_SECONDS = 600;

/** PyBitmessage keeps the number in 63 bits (bmobject.py checkStream). */
const MAX_STREAM = (1n << 63n) - 1n;

/**
 * Judges the payload of an `object` packet, in the order of PyBitmessage (PROTOCOL 2.2) with the work moved to the end.
 * What the type demands is not looked at: such objects are relayed all the same, and the reader refuses them.
 *
 * @param digest SHA-512 of the bytes, where it is known
 */
export function judge(bytes: Uint8Array, rules: IntakeRules, digest?: Uint8Array): Verdict {
  let header: ObjectHeader;
  try {
    header = readObjectHeader(bytes);
  } catch (error) {
    if (error instanceof DecodeError) return refused('malformed');
    throw error;
  }
  if (bytes.length - header.payloadOffset > MAX_OBJECT_PAYLOAD_BYTES) return refused('too-large');
  const late = header.expiresAt - (rules.now + MAX_EXPIRY_AHEAD_SECONDS);
  if (late > 0) return refused('expires-too-late', late <= CLOCK_TOLERANCE_SECONDS);
  const early = rules.now - MAX_EXPIRED_SECONDS - header.expiresAt;
  if (early > 0) return refused('expired', early <= CLOCK_TOLERANCE_SECONDS);
  if (header.stream < 1n || header.stream > MAX_STREAM) return refused('invalid-stream');
  if (!rules.streams.includes(header.stream)) return { verdict: 'ignored', reason: 'foreign-stream' };
  if (!isSufficient(bytes, rules.now, rules.minimum, rules.minimum)) return refused('insufficient-work');
  return { verdict: 'accepted', object: { ...header, hash: inventoryHash(bytes, digest), bytes } };
}

function refused(reason: RefusalReason, clockMayDiffer = false): Verdict {
  return { verdict: 'refused', blame: 'peer', reason, clockMayDiffer };
}
