/** A message's life: which event leads from which state to which, and the rules of time that decide on the events. */
import type { UnixSeconds } from '../../base/clock.js';
import type { Outgoing, OutgoingFailure } from '../node.js';
import { MAX_TTL_SECONDS } from '../wire/params.js';

export type OutgoingEvent =
  /** The random wait before anything was done is over. */
  | { readonly event: 'time-came' }
  /** The recipient's key is nowhere; the network has been asked for it. */
  | { readonly event: 'pubkey-requested'; readonly askAgainAt: UnixSeconds }
  /** The recipient's key came, or the time to ask again did. */
  | { readonly event: 'look-again' }
  | { readonly event: 'work-started' }
  /** The program stopped during the work, and nothing was published. */
  | { readonly event: 'work-lost' }
  /** On the network; an ack is expected until then. */
  | { readonly event: 'published'; readonly expiresAt: UnixSeconds }
  /** On the network, and nobody will acknowledge it. */
  | { readonly event: 'published-without-ack' }
  /** The recipient's program has decrypted it: its ack says so, or it is this one. */
  | { readonly event: 'acknowledged'; readonly at: UnixSeconds }
  /** The ack did not come in time; it will be sent again. */
  | { readonly event: 'ack-overdue' }
  | { readonly event: 'gave-up'; readonly reason: OutgoingFailure }
  /** The user wants a failed message tried again. */
  | { readonly event: 'retried' }
  | { readonly event: 'cancelled' };

/** Pure: no clock, no store. An event that means nothing in this state changes nothing (the same value comes back). */
export function step(outgoing: Outgoing, event: OutgoingEvent): Outgoing {
  switch (event.event) {
    case 'time-came':
      return outgoing.state === 'held-back' ? { state: 'queued' } : outgoing;
    case 'pubkey-requested':
      return outgoing.state === 'queued' ? { state: 'awaiting-pubkey', askAgainAt: event.askAgainAt } : outgoing;
    case 'look-again':
      return outgoing.state === 'awaiting-pubkey' ? { state: 'queued' } : outgoing;
    case 'work-started':
      return outgoing.state === 'queued' ? { state: 'mining' } : outgoing;
    case 'work-lost':
      return outgoing.state === 'mining' ? { state: 'queued' } : outgoing;
    case 'published':
      return outgoing.state === 'mining' ? { state: 'awaiting-ack', expiresAt: event.expiresAt } : outgoing;
    case 'published-without-ack':
      return outgoing.state === 'mining' ? { state: 'sent' } : outgoing;
    case 'acknowledged':
      return canBeAcknowledged(outgoing) ? { state: 'delivered', at: event.at } : outgoing;
    case 'ack-overdue':
      return outgoing.state === 'awaiting-ack' ? { state: 'queued' } : outgoing;
    case 'gave-up':
      return isFinal(outgoing) ? outgoing : { state: 'failed', reason: event.reason };
    case 'retried':
      return outgoing.state === 'failed' ? { state: 'queued' } : outgoing;
    case 'cancelled':
      return isUnderWay(outgoing) ? { state: 'cancelled' } : outgoing;
  }
}

/** Nothing will happen to it by itself any more (an ack that comes very late can still turn a failure into a delivery). */
export function isFinal({ state }: Outgoing): boolean {
  return state === 'sent' || state === 'delivered' || state === 'failed' || state === 'cancelled';
}

/** Something is still to be done before it is on the network. */
export function isUnderWay({ state }: Outgoing): boolean {
  return state === 'held-back' || state === 'queued' || state === 'awaiting-pubkey' || state === 'mining';
}

/** An ack names a message that was published once, so it counts while that one waits, is being sent again, or was given up for want of it. */
function canBeAcknowledged(outgoing: Outgoing): boolean {
  const { state } = outgoing;
  return state === 'awaiting-ack' || state === 'sent' || isUnderWay(outgoing) || (state === 'failed' && outgoing.reason !== 'too-large');
}

/** How an Outgoing lies in its row. */
export interface StoredOutgoing {
  readonly state: string;
  readonly stateTime: number;
  readonly reason: string;
}

export function toStored(outgoing: Outgoing): StoredOutgoing {
  const { state } = outgoing;
  switch (outgoing.state) {
    case 'held-back':
      return { state, stateTime: outgoing.until, reason: '' };
    case 'awaiting-pubkey':
      return { state, stateTime: outgoing.askAgainAt, reason: '' };
    case 'awaiting-ack':
      return { state, stateTime: outgoing.expiresAt, reason: '' };
    case 'delivered':
      return { state, stateTime: outgoing.at, reason: '' };
    case 'failed':
      return { state, stateTime: 0, reason: outgoing.reason };
    case 'queued':
    case 'mining':
    case 'sent':
    case 'cancelled':
      return { state, stateTime: 0, reason: '' };
  }
}

export function fromStored({ state, stateTime, reason }: StoredOutgoing): Outgoing {
  const known = state as Outgoing['state'];
  switch (known) {
    case 'held-back':
      return { state: known, until: stateTime };
    case 'awaiting-pubkey':
      return { state: known, askAgainAt: stateTime };
    case 'awaiting-ack':
      return { state: known, expiresAt: stateTime };
    case 'delivered':
      return { state: known, at: stateTime };
    case 'failed':
      return { state: known, reason: reason as OutgoingFailure };
    case 'queued':
    case 'mining':
    case 'sent':
    case 'cancelled':
      return { state: known };
    default:
      throw new Error(`the outbox holds an unknown state: ${String(known satisfies never)}`);
  }
}

export interface ResendPolicy {
  /** Published this often without an ack: given up. */
  readonly maxAttempts: number;
  /** Given up this long after it was handed in. */
  readonly giveUpAfterSeconds: number;
}

/** PROTOCOL 4.8: "Stop rule default: 28 days or 5 attempts". */
export const DEFAULT_RESEND_POLICY: ResendPolicy = { maxAttempts: 5, giveUpAfterSeconds: MAX_TTL_SECONDS };

/** Whether there is to be no further attempt. */
export function isOver(policy: ResendPolicy, attempts: number, createdAt: UnixSeconds, now: UnixSeconds): boolean {
  return attempts >= policy.maxAttempts || now - createdAt >= policy.giveUpAfterSeconds;
}

/** 2.5 days: PyBitmessage class_singleWorker.py requestPubKey. */
export const GETPUBKEY_TTL_SECONDS = 216_000;
/** Nobody is asked to send an ack, or to fetch, within less than an hour: PyBitmessage's lower bound. */
export const MIN_MESSAGE_TTL_SECONDS = 3_600;
/** PyBitmessage's default, 4.25 days: used where the house names none. */
export const DEFAULT_MESSAGE_TTL_SECONDS = 367_200;
const DAY_SECONDS = 86_400;

/** TTL of attempt `attempt` (from 0): doubled each time, between an hour and 28 days. */
export function messageTtl(ttlSeconds: number, attempt: number): number {
  const wanted = ttlSeconds > 0 ? ttlSeconds : DEFAULT_MESSAGE_TTL_SECONDS;
  return doubled(Math.min(Math.max(wanted, MIN_MESSAGE_TTL_SECONDS), MAX_TTL_SECONDS), attempt);
}

/** TTL of the getpubkey after `requests` earlier ones. */
export function getpubkeyTtl(requests: number): number {
  return doubled(GETPUBKEY_TTL_SECONDS, requests);
}

/** The three lives that acks have, so that an ack does not tell the life of its message: PyBitmessage 2.6, "bucket". */
export function ackTtl(messageTtlSeconds: number): number {
  if (messageTtlSeconds < DAY_SECONDS) return DAY_SECONDS;
  return messageTtlSeconds < 7 * DAY_SECONDS ? 7 * DAY_SECONDS : 28 * DAY_SECONDS;
}

/** How long to wait for an answer to something that lives so long: a tenth more, for the way there and back. */
export function answerWait(ttlSeconds: number): number {
  return Math.ceil((ttlSeconds * 11) / 10);
}

/** Added to every TTL, so that an expiry does not tell the moment of its making: -300 … +299 s. @param random in 0 … 1 */
export function ttlJitter(random: number): number {
  return Math.floor(random * 600) - 300;
}

function doubled(ttlSeconds: number, times: number): number {
  return Math.min(ttlSeconds * 2 ** times, MAX_TTL_SECONDS);
}
