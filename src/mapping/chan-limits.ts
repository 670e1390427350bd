/** Which posts of a chan are too many or too large to lie among the others. */
import type { UnixSeconds } from '../base/clock.js';
import type { ChanLimitTable, OwnChanLimits } from '../store/chan-limits.js';

export interface ChanLimits {
  /** 0: no limit. */
  readonly postsPerDay: number;
  /** Of subject, text and files, as they travel. */
  readonly postBytes: number;
}

/** No chan of the main network comes near it in a day; a person reads no more. The size is what an object carries. */
export const DEFAULT_CHAN_LIMITS: ChanLimits = { postsPerDay: 500, postBytes: 262_144 };

const DAY_SECONDS = 86_400;

/** Those of each chan: its own, or else those of the settings. */
export class ChanLimitBook {
  /** @param usual of chans for which nothing else was said */
  constructor(
    private readonly usual: ChanLimits,
    private readonly table: ChanLimitTable,
  ) {}

  of(address: string): ChanLimits {
    const own = this.table.of(address);
    return { postsPerDay: own.postsPerDay ?? this.usual.postsPerDay, postBytes: own.postBytes ?? this.usual.postBytes };
  }

  /** Null in the place of a number: as in the settings. What is not said stays. */
  set(address: string, change: Partial<OwnChanLimits>): void {
    this.table.set(address, { ...this.table.of(address), ...change });
  }
}

/**
 * The day that a post counts for: the one on which it expires. What was posted over weeks comes all at once when a chan is joined or
 * the computer was off, and is no flood; its expiries lie as far apart as its days of posting.
 */
export function countedDay(expiresAt: UnixSeconds): { readonly from: UnixSeconds; readonly to: UnixSeconds } {
  const from = expiresAt - (expiresAt % DAY_SECONDS);
  return { from, to: from + DAY_SECONDS };
}

/** @param earlier posts of the same chan and day */
export function isBeyond({ postsPerDay, postBytes }: ChanLimits, post: { readonly bytes: number; readonly earlier: number }): boolean {
  return post.bytes > postBytes || (postsPerDay > 0 && post.earlier >= postsPerDay);
}
