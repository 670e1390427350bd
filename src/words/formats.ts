/** Numbers, moments and lists as a language writes them. Pure but for the time zone of this machine. */

const DAY_SECONDS = 86_400;
/** In which unit a rough duration is said: the first that makes few enough of it. */
const UNITS = [
  { unit: 'second', seconds: 1, below: 90 },
  { unit: 'minute', seconds: 60, below: 90 },
  { unit: 'hour', seconds: 3_600, below: 36 },
  { unit: 'day', seconds: DAY_SECONDS, below: Number.POSITIVE_INFINITY },
] as const;

export interface Formats {
  /** 12,345 */
  number(value: number): string;
  /** 0.25 is 25 %. */
  percent(share: number): string;
  /** "1.5 MB" */
  megabytes(bytes: number): string;
  /** Seconds since 1970 as date and time of this machine, and in which time zone that is. */
  time(seconds: number): string;
  /** The same without the zone, for a table. */
  moment(seconds: number): string;
  /** "3 minutes": no more digits than chance allows. */
  duration(seconds: number): string;
  /** "a, b or c" */
  either(items: readonly string[]): string;
}

/** @param locale BCP 47 @param month "short": its name, where the order of day and month is not the same everywhere */
export function formats(locale: string, month: '2-digit' | 'short'): Formats {
  const moment = { day: '2-digit', month, year: 'numeric', hour: '2-digit', minute: '2-digit' } as const;
  return {
    number: (value) => new Intl.NumberFormat(locale).format(value),
    percent: (share) => new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 }).format(share),
    megabytes: (bytes) =>
      `${new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(bytes / 1_000_000)} MB`,
    time: (seconds) => new Intl.DateTimeFormat(locale, { ...moment, timeZoneName: 'short' }).format(seconds * 1000),
    moment: (seconds) => new Intl.DateTimeFormat(locale, moment).format(seconds * 1000),
    duration: (seconds) => {
      const { unit, count } = roughly(seconds);
      return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(count);
    },
    either: (items) => new Intl.ListFormat(locale, { type: 'disjunction' }).format(items),
  };
}

function roughly(seconds: number): { unit: (typeof UNITS)[number]['unit']; count: number } {
  const rounded = UNITS.map(({ unit, seconds: unitSeconds, below }) => ({ unit, count: roundRoughly(seconds / unitSeconds), below }));
  return rounded.find(({ count, below }) => count < below)!;
}

/** One to nine as they are, then steps of five, then of ten: a proof of work can well take twice its average. */
function roundRoughly(count: number): number {
  if (count < 10) return Math.max(1, Math.round(count));
  const step = count < 30 ? 5 : 10;
  return Math.round(count / step) * step;
}
