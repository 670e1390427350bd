/** The Date header, RFC 5322 §3.3 with its obsolete forms. Pure, takes any text. */

export interface SentDate {
  /** Seconds since 1970. */
  readonly at: number;
  /** The day that stands there, whatever its zone: days since 1970. */
  readonly day: number;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
// RFC 5322 §4.3; other names say nothing and count as UTC.
const ZONES: Record<string, number> = { est: -300, edt: -240, cst: -360, cdt: -300, mst: -420, mdt: -360, pst: -480, pdt: -420 };

const DATE =
  /^(?:[a-z]{2,9}\s*,?\s*)?(\d{1,2})[\s-]+([a-z]{3})[a-z]*[\s-]+(\d{2,4})(?:\s+(\d{1,2})\s*[:.]\s*(\d{1,2})(?:\s*[:.]\s*(\d{1,2}))?\s*([+-]\d{4}|[a-z]{1,5})?)?/i;
// ctime: "Fri Jan  1 00:00:00 2021"
const CTIME = /^(?:[a-z]{3}\s+)([a-z]{3})\s+(\d{1,2})\s+(\d{1,2}):(\d{1,2}):(\d{1,2})\s+(?:([+-]\d{4}|[a-z]{1,5})\s+)?(\d{4})/i;

/** Comments and all; what is longer is no date, and might be made to take long. */
const MAX_CHARACTERS = 1_000;

/** Null when there is no date in it. */
export function parseDate(text: string): SentDate | null {
  const clean = text
    .slice(0, MAX_CHARACTERS)
    .replace(/\([^)]{0,200}\)/g, ' ')
    .trim()
    .slice(0, 200);
  const date = DATE.exec(clean);
  if (date !== null) return toDate(date[3], date[2], date[1], date[4] ?? '0', date[5] ?? '0', date[6] ?? '0', date[7] ?? '');
  const ctime = CTIME.exec(clean);
  return ctime === null ? null : toDate(ctime[7], ctime[1], ctime[2], ctime[3], ctime[4], ctime[5], ctime[6] ?? '');
}

function toDate(
  yearText: string,
  monthName: string,
  ...rest: [day: string, hour: string, minute: string, second: string, zone: string]
): SentDate | null {
  const [day, hour, minute, second] = rest.map(Number);
  const month = MONTHS.indexOf(monthName.toLowerCase());
  const year = fullYear(yearText);
  if (month < 0 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) return null;
  const midnight = Date.UTC(year, month, day);
  // The 31st of a month with 30 days would silently become another day.
  if (new Date(midnight).getUTCDate() !== day) return null;
  const at = midnight / 1000 + hour * 3600 + minute * 60 + second - zoneMinutes(rest[4]) * 60;
  return { at, day: midnight / 86_400_000 };
}

/** RFC 5322 §4.3: two digits are 2000 to 2049 or 1950 to 1999, three count from 1900. */
function fullYear(text: string): number {
  const year = Number(text);
  if (text.length === 2) return year < 50 ? 2000 + year : 1900 + year;
  return text.length === 3 ? 1900 + year : year;
}

function zoneMinutes(zone: string): number {
  const match = /^([+-])(\d{2})(\d{2})$/.exec(zone);
  if (match === null) return ZONES[zone.toLowerCase()] ?? 0;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return match[1] === '-' ? -minutes : minutes;
}
