/** How much of a long piece of work is done at a time: as much as fits into the time that nobody notices. Pure. */

/** Bounds what one transaction holds in memory. */
const MAX_SLICE_SIZE = 5000;
/** However slow the disk is. */
const MIN_SLICE_SIZE = 20;

/** How many fit into the time, judged by the last slice; at most twice as many, since that one may have been an easy one. */
export function nextSliceSize(size: number, tookMs: number, wantedMs: number, maxSize = MAX_SLICE_SIZE): number {
  const fitting = Math.floor((size * wantedMs) / Math.max(tookMs, 1));
  return Math.max(MIN_SLICE_SIZE, Math.min(fitting, size * 2, maxSize));
}
