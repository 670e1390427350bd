/** Scores what peers do wrong, and refuses for a while the addresses that did too much of it. */
import type { Clock, UnixSeconds } from '../../base/clock.js';
import { accountableUnit, isLoopback } from './address.js';

/** Points of PROTOCOL 8.3; at 100 the peer is closed and its address refused. */
export const POINTS = {
  /** Wrong magic or checksum, oversized, malformed, a second version: no honest peer does this. */
  'protocol-violation': 100,
  'insufficient-work': 20,
  'oversized-object': 20,
  'outside-lifetime': 10,
  /** So near the limit that the clocks may differ. */
  'outside-lifetime-slightly': 5,
  'foreign-stream': 10,
  'malformed-address': 1,
  'unrequested-object': 1,
  'not-delivered': 1,
} as const;

export type Misdeed = keyof typeof POINTS;

const CLOSE_AT = 100;
/** Busy peers and PyBitmessage's deaf periods leave requests unanswered without malice: that is forgotten again. */
const FORGIVE_SECONDS_PER_POINT = 10;

const FIRST_BAN_SECONDS = 600;
const LONGEST_BAN_SECONDS = 86_400;
/** After this long without a misdeed the next ban is the first again. */
const FORGET_BAN_SECONDS = 7 * 86_400;
const MAX_BANS = 10_000;

/** The score of one connection. */
export class Conduct {
  #points = 0;
  #forgivenAt: UnixSeconds;

  constructor(private readonly clock: Clock) {
    this.#forgivenAt = clock.now();
  }

  /** True when the peer must go. */
  record(misdeed: Misdeed): boolean {
    const now = this.clock.now();
    const forgiven = Math.floor((now - this.#forgivenAt) / FORGIVE_SECONDS_PER_POINT);
    this.#points = Math.max(0, this.#points - forgiven) + POINTS[misdeed];
    this.#forgivenAt += forgiven * FORGIVE_SECONDS_PER_POINT;
    return this.#points >= CLOSE_AT;
  }
}

interface Ban {
  readonly count: number;
  readonly until: UnixSeconds;
}

/** Addresses refused for 10 minutes, doubling each time, at most a day. IPv6 by /64. */
export class BanList {
  readonly #bans = new Map<string, Ban>();

  constructor(private readonly clock: Clock) {}

  /** Loopback is never refused: behind it stand our own neighbours, or everybody who comes through a Tor service. */
  ban(host: string): void {
    if (isLoopback(host)) return;
    const unit = accountableUnit(host);
    const now = this.clock.now();
    const before = this.#bans.get(unit);
    const count = before !== undefined && now - before.until < FORGET_BAN_SECONDS ? before.count + 1 : 1;
    const seconds = Math.min(FIRST_BAN_SECONDS * 2 ** (count - 1), LONGEST_BAN_SECONDS);
    this.#bans.delete(unit);
    this.#bans.set(unit, { count, until: now + seconds });
    for (const oldest of this.#bans.keys()) {
      if (this.#bans.size <= MAX_BANS) break;
      this.#bans.delete(oldest);
    }
  }

  isBanned(host: string): boolean {
    return (this.#bans.get(accountableUnit(host))?.until ?? 0) > this.clock.now();
  }
}
