/** Slows down guessing: each remote address has a number of attempts in hand, which come back with time or with a good password. */
import { isIPv6 } from 'node:net';
import type { Clock } from '../base/clock.js';
import { isLoopback } from '../config.js';

/** An attempt that was let in. Not saying `succeeded` means that it failed. */
export interface Attempt {
  succeeded(): void;
}

interface Bucket {
  attempts: number;
  /** Seconds since 1970, when `attempts` was last right. */
  at: number;
  waiting: AbortController[];
}

/** A mail program opens 5 to 10 connections at once, and two or three programs may start together. */
export const ATTEMPTS_IN_HAND = 30;
/** From another machine: 360 guesses an hour. */
const SECONDS_PER_ATTEMPT = 10;
/** From this machine, where a forgotten program with an old password must not lock out its neighbours for long. */
const LOOPBACK_SECONDS_PER_ATTEMPT = 1;
/** Attempts of one address that may wait; each holds a connection open. More are refused unread. */
export const MAX_WAITING = 30;
/** About 1 MB. Beyond it the address that was quiet the longest is forgotten. */
const MAX_ADDRESSES = 10_000;

export class LoginThrottle {
  /** In the order of their last use. */
  readonly #buckets = new Map<string, Bucket>();

  readonly #stopping = new AbortController();

  constructor(private readonly clock: Clock) {}

  /** Those who wait are refused, so that their connections can end. */
  stop(): void {
    this.#stopping.abort();
  }

  /** Resolves when the attempt may be made; null: too many wait already, do not even look at the password. */
  async enter(remoteAddress: string): Promise<Attempt | null> {
    const pace = isLoopback(bare(remoteAddress)) ? LOOPBACK_SECONDS_PER_ATTEMPT : SECONDS_PER_ATTEMPT;
    const bucket = this.#bucket(origin(remoteAddress), pace);
    if (bucket.attempts < 1 && bucket.waiting.length >= MAX_WAITING) return null;
    while (bucket.attempts < 1) {
      const wake = new AbortController();
      bucket.waiting.push(wake);
      await this.clock.sleep(pace * 1000, AbortSignal.any([wake.signal, this.#stopping.signal]));
      if (this.#stopping.signal.aborted) return null;
      bucket.waiting = bucket.waiting.filter((other) => other !== wake);
      this.#refill(bucket, pace);
    }
    bucket.attempts -= 1;
    return {
      succeeded: () => {
        bucket.attempts = Math.min(bucket.attempts + 1, ATTEMPTS_IN_HAND);
        bucket.waiting[0]?.abort();
      },
    };
  }

  #bucket(key: string, pace: number): Bucket {
    const bucket = this.#buckets.get(key) ?? { attempts: ATTEMPTS_IN_HAND, at: this.clock.now(), waiting: [] };
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    if (this.#buckets.size > MAX_ADDRESSES) this.#buckets.delete(this.#buckets.keys().next().value!);
    this.#refill(bucket, pace);
    return bucket;
  }

  #refill(bucket: Bucket, pace: number): void {
    const now = this.clock.now();
    bucket.attempts = Math.min(bucket.attempts + Math.max(now - bucket.at, 0) / pace, ATTEMPTS_IN_HAND);
    bucket.at = now;
  }
}

/** Whoever has an IPv6 address has the whole /64 around it. */
function origin(remoteAddress: string): string {
  const address = bare(remoteAddress);
  if (!isIPv6(address)) return address;
  const [head, tail = ''] = address.split('%')[0].split('::');
  const groups = head.split(':').filter((group) => group !== '');
  const missing = 8 - groups.length - tail.split(':').filter((group) => group !== '').length;
  return [...groups, ...Array<string>(Math.max(missing, 0)).fill('0'), ...tail.split(':')].slice(0, 4).join(':');
}

/** An IPv4 address that came to a socket for both families is written "::ffff:127.0.0.1". */
function bare(remoteAddress: string): string {
  return remoteAddress.replace(/^::ffff:(?=\d+\.)/i, '');
}
