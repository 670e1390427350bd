/** Pure: whether a message of the same words is the same message signed anew, or somebody saying the same thing again. */
import type { UnixSeconds } from '../base/clock.js';

interface Life {
  readonly receivedAt: UnixSeconds;
  readonly expiresAt: UnixSeconds;
}

/** PROTOCOL 4.6: after that long nobody resends. */
const RESEND_WINDOW_SECONDS = 60 * 86_400;
/** A resend lives twice as long as the attempt before (PROTOCOL 4.8), give or take the time each was under way. */
const RESEND_GROWTH = 1.5;
/** Times to live stop growing at 28 days. */
const NEARLY_LONGEST_SECONDS = 25 * 86_400;

/**
 * Both messages have the same sender, recipient, encoding and bytes. A copy made by a chan member keeps the expiry, for it is
 * signed. A resend comes after the first attempt has run out, and lives about twice as long. Anything else is new: who
 * writes "ok" twice in a week means it twice.
 */
export function isCopy(message: Life, earlier: Life): boolean {
  if (message.expiresAt === earlier.expiresAt) return true;
  const age = message.receivedAt - earlier.receivedAt;
  if (message.receivedAt < earlier.expiresAt || age > RESEND_WINDOW_SECONDS) return false;
  const life = message.expiresAt - message.receivedAt;
  const earlierLife = earlier.expiresAt - earlier.receivedAt;
  return life >= RESEND_GROWTH * earlierLife || life >= NEARLY_LONGEST_SECONDS;
}
