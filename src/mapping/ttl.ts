/** Pure: how long a message shall live on the network, as a person writes it. */
import type { UnixSeconds } from '../base/clock.js';
import type { Saying } from '../words/words.js';

/** PyBitmessage's default, 4.25 days. */
export const DEFAULT_TTL_SECONDS = 367_200;
/** Nodes refuse what expires later than 28 days and three hours. */
export const MAX_TTL_SECONDS = 28 * 86_400;
/** The proof of work counts less than 300 s as 300 s, so shorter saves nothing. */
export const MIN_TTL_SECONDS = 300;

const UNITS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** "2d", "36h", "90m", "3600" (seconds) -> seconds; undefined when it is none of these. */
export function parseSpan(text: string): number | undefined {
  const match = /^(\d{1,9}(?:\.\d{1,3})?)\s*([smhdw]?)$/i.exec(text.trim());
  return match === null ? undefined : Math.round(Number(match[1]) * UNITS[match[2].toLowerCase() || 's']);
}

/** Seconds, or what is wrong. */
export function parseTtl(text: string): number | Saying {
  const seconds = parseSpan(text);
  if (seconds === undefined) return ({ sending }) => sending.ttlForm;
  if (seconds > MAX_TTL_SECONDS) return ({ sending }) => sending.ttlTooLong;
  if (seconds < MIN_TTL_SECONDS) return ({ sending }) => sending.ttlTooShort;
  return seconds;
}

/** An Expires header -> seconds from now, or what is wrong. */
export function ttlUntil(expires: string, now: UnixSeconds): number | Saying {
  const at = Math.floor(Date.parse(expires) / 1000);
  if (Number.isNaN(at)) return ({ sending }) => sending.expiresNoDate;
  if (at - now < MIN_TTL_SECONDS) return ({ sending }) => sending.expiresTooSoon;
  return Math.min(at - now, MAX_TTL_SECONDS);
}
