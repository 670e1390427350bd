/** How long a proof of work will take. */

/** Seconds that `trials` take on average; null while the speed is not known. */
export function estimateSeconds(trials: number, trialsPerSecond: number | null): number | null {
  return trialsPerSecond === null || trialsPerSecond <= 0 ? null : trials / trialsPerSecond;
}
