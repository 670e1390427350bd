/** Pure: whether a mail is to be sent later, RFC 4865 or a Date that lies ahead. */
import type { UnixSeconds } from '../base/clock.js';
import { parseDate } from '../mime/date.js';
import type { Envelope } from '../smtp/submission.js';
import type { Saying } from '../words/words.js';

/** Longer plans belong in a calendar. */
export const MAX_HOLD_SECONDS = 366 * 86_400;
/** A Date so little ahead is a clock that is wrong, not a wish. */
const CLOCK_TOLERANCE_SECONDS = 600;

/** When to send it; null: now; or what is wrong. The envelope counts before the Date. */
export function releaseTime(envelope: Pick<Envelope, 'hold'>, date: string | null, now: UnixSeconds): UnixSeconds | null | Saying {
  const { hold } = envelope;
  const dated = date === null ? undefined : parseDate(date)?.at;
  const ahead = dated !== undefined && dated > now + CLOCK_TOLERANCE_SECONDS ? dated : null;
  const at = hold === undefined ? ahead : 'until' in hold ? hold.until : now + hold.forSeconds;
  if (at === null || at <= now) return null;
  return at - now > MAX_HOLD_SECONDS ? ({ sending }) => sending.tooFarAhead : at;
}

/** The request of the envelope, for reports: RFC 4865 §6. */
export function releaseRequest({ hold }: Pick<Envelope, 'hold'>): string {
  if (hold === undefined) return '';
  return 'until' in hold ? `until;${new Date(hold.until * 1000).toISOString().replace('.000', '')}` : `for;${hold.forSeconds}`;
}
