/** IMAP dates: "17-Jul-1996 02:44:25 -0700" (date-time) and "1-Feb-1994" (date), RFC 9051 §9. */
import type { UnixSeconds } from '../../base/clock.js';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const SECONDS_PER_DAY = 86_400;
/** The grammar has four digits for the year; a zone, or a file that somebody moved in, leads beyond. */
const FIRST_TIME = -62_167_219_200;
const LAST_TIME = 253_402_300_799;

/** INTERNALDATE as it goes over the wire, without its quotes; always in UTC, which names no time zone of ours. */
export function formatDateTime(time: UnixSeconds): string {
  const date = new Date(Math.min(Math.max(time, FIRST_TIME), LAST_TIME) * 1000);
  const day = String(date.getUTCDate()).padStart(2, ' ');
  const clock = date.toISOString().slice(11, 19);
  return `${day}-${MONTHS[date.getUTCMonth()]}-${String(date.getUTCFullYear()).padStart(4, '0')} ${clock} +0000`;
}

/** Reads the text between the quotes of a date-time; null when it is none. Horde writes a day of one digit without the blank. */
export function parseDateTime(text: string): UnixSeconds | null {
  const match = /^([ \d]?\d)-([A-Za-z]{3})-(\d{4}) (\d{2}):(\d{2}):(\d{2}) ([+-])(\d{2})(\d{2})$/.exec(text);
  if (match === null) return null;
  const [, day, month, year, hours, minutes, seconds, sign, zoneHours, zoneMinutes] = match;
  const days = daysSinceEpoch(Number(year), month, Number(day));
  // Second 60 is a leap second; zones go from -1200 to +1400.
  if (days === null || Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 60) return null;
  if (Number(zoneHours) > 14 || Number(zoneMinutes) > 59) return null;
  const offset = (Number(zoneHours) * 60 + Number(zoneMinutes)) * 60 * (sign === '-' ? -1 : 1);
  return days * SECONDS_PER_DAY + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) - offset;
}

/** Reads a search date ("1-Feb-1994"): days since 1 January 1970, no time zone in it; null when it is none. */
export function parseDate(text: string): number | null {
  const match = /^(\d{1,2})-([A-Za-z]{3})-(\d{4})$/.exec(text);
  if (match === null) return null;
  return daysSinceEpoch(Number(match[3]), match[2], Number(match[1]));
}

function daysSinceEpoch(year: number, monthName: string, day: number): number | null {
  const month = MONTHS.indexOf(monthName[0].toUpperCase() + monthName.slice(1).toLowerCase());
  if (month === -1) return null;
  const date = new Date(0);
  // setUTCFullYear, because Date.UTC would take the years 0 to 99 for 1900 to 1999.
  date.setUTCFullYear(year, month, day);
  return date.getUTCDate() === day && date.getUTCMonth() === month ? date.getTime() / 1000 / SECONDS_PER_DAY : null;
}
