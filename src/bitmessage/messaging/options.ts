/** The settings of messaging, with what they are on the main network and on one for tests. */
import type { Difficulty } from '../../pow/target.js';
import type { StealthLevel } from '../objects/ack.js';
import { MAINNET, type NetworkParams } from '../wire/params.js';
import { DEFAULT_RESEND_POLICY, type ResendPolicy } from './outgoing.js';

/** A random wait between two bounds, seconds. */
export interface Delay {
  readonly min: number;
  readonly max: number;
}

export interface MessagingOptions {
  /** Between the delivery of a message and its ack, so that the one does not point at the other. */
  readonly ackDelay: Delay;
  /** Between a getpubkey for us and our answer. */
  readonly pubkeyDelay: Delay;
  /** A getpubkey that comes sooner after the last answer waits for the rest of this time. */
  readonly pubkeyAnswerIntervalSeconds: number;
  /** Publish the pubkey of a new identity at once, and again before it expires, so that nobody needs to ask. Never for chans. */
  readonly publishPubkeys: boolean;
  readonly resend: ResendPolicy;
  /** Before anything is done for a message: at random, and at most this, where its identity says nothing else. */
  readonly sendDelaySeconds: number;
  /** What the acks that we ask for look like to everybody else. */
  readonly ackStealth: StealthLevel;
  /** A recipient that demands more is not written to, unless the user insists. */
  readonly maxDemand: Difficulty;
}

const NO_DELAY: Delay = { min: 0, max: 0 };

/** Ten times the main network's minimum (PROTOCOL 4.5): a hostile pubkey would otherwise buy hours of our processor. */
const MAX_DEMAND_FACTOR = 10;

/**
 * A network whose minimum is below the main one's is a test network: its people wait for answers, and nobody watches
 * from whom they come, so nothing is delayed there.
 */
export function messagingDefaults(params: NetworkParams): MessagingOptions {
  const test = params.name === 'private' || params.minNonceTrialsPerByte < MAINNET.minNonceTrialsPerByte;
  return {
    // notbit's rule (PROTOCOL 4.7).
    ackDelay: test ? NO_DELAY : { min: 60, max: 180 },
    // PROTOCOL 8.7 allows up to ten minutes; who writes for the first time waits for this.
    pubkeyDelay: test ? NO_DELAY : { min: 0, max: 120 },
    pubkeyAnswerIntervalSeconds: test ? 10 : 3_600,
    publishPubkeys: true,
    resend: DEFAULT_RESEND_POLICY,
    sendDelaySeconds: 0,
    ackStealth: 0,
    maxDemand: {
      nonceTrialsPerByte: MAX_DEMAND_FACTOR * MAINNET.minNonceTrialsPerByte,
      extraBytes: MAX_DEMAND_FACTOR * MAINNET.minExtraBytes,
    },
  };
}

/** A whole number of seconds within the bounds. @param random in 0 … 1 */
export function drawDelay({ min, max }: Delay, random: number): number {
  return min + Math.floor(random * (max - min + 1));
}
