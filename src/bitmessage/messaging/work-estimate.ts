/** How much work a message will take, before anything of it is built. */
import type { UnixSeconds } from '../../base/clock.js';
import { atLeast, type Difficulty, expectedTrials, target } from '../../pow/target.js';
import type { NewOutgoing } from '../node.js';
import { messageTtl } from './outgoing.js';
import type { RecipientKey } from './pubkey-lookup.js';

export interface EstimatedWork {
  readonly trials: number;
  /** Null: the recipient's key is not known, and with it its demand; then the network's minimum is counted. */
  readonly demand: Difficulty | null;
  readonly tooDifficult: boolean;
}

/** Around the content: header, keys and signature of the sender, cipher, and an ack; a few bytes more or less change nothing. */
const OVERHEAD_BYTES = 600;

export function estimateWork(
  message: Pick<NewOutgoing, 'kind' | 'ttlSeconds'> & { readonly contentBytes: number },
  key: RecipientKey | undefined,
  limits: { readonly minimum: Difficulty; readonly maxDemand: Difficulty },
): EstimatedWork {
  const { minimum, maxDemand } = limits;
  const isForeign = message.kind === 'message' && key !== undefined && !key.own;
  const demand = isForeign ? atLeast(key.demand, minimum) : minimum;
  const ttlSeconds: UnixSeconds = messageTtl(message.ttlSeconds, 0);
  const trials = expectedTrials(target({ lengthBytes: message.contentBytes + OVERHEAD_BYTES, ttlSeconds, ...demand }));
  return { trials, demand: message.kind === 'message' && key === undefined ? null : demand, tooDifficult: isAbove(demand, maxDemand) };
}

/** Whether somebody demands more than we are ready to do. */
export function isAbove(demand: Difficulty, most: Difficulty): boolean {
  return demand.nonceTrialsPerByte > most.nonceTrialsPerByte || demand.extraBytes > most.extraBytes;
}
