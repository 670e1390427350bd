/** How long a proof of work will take, in seconds and in words. */

/** Seconds that `trials` take on average; null while the speed is not known. */
export function estimateSeconds(trials: number, trialsPerSecond: number | null): number | null {
  return trialsPerSecond === null || trialsPerSecond <= 0 ? null : trials / trialsPerSecond;
}

/** "about 40 s", "about 3 min", "about 5 h", "about 2 days"; no more digits than chance allows. */
export function inWords(seconds: number): string {
  if (seconds < 1) return 'less than a second';
  for (const { unit, seconds: unitSeconds, below } of UNITS) {
    const count = roundForEstimate(seconds / unitSeconds);
    if (count < below) return `about ${count} ${unit}`;
  }
  const days = roundForEstimate(seconds / DAY_SECONDS);
  return `about ${days} ${days === 1 ? 'day' : 'days'}`;
}

const DAY_SECONDS = 86_400;
const UNITS = [
  { unit: 's', seconds: 1, below: 90 },
  { unit: 'min', seconds: 60, below: 90 },
  { unit: 'h', seconds: 3_600, below: 36 },
];

/** One to nine as they are, then steps of five, then of ten: a proof of work can well take twice its average. */
function roundForEstimate(count: number): number {
  if (count < 10) return Math.max(1, Math.round(count));
  const step = count < 30 ? 5 : 10;
  return Math.round(count / step) * step;
}
