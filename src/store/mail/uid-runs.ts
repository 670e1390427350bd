/** Lists of UIDs as runs of neighbours, so that one range query reads many rows. Pure. */

export interface UidRun {
  readonly first: number;
  readonly last: number;
}

/** Reading this many rows too many costs less than one more query. */
const WORTHWHILE_GAP = 16;

/** The runs of UIDs (ascending) without a gap. */
export function exactRuns(uids: readonly number[]): UidRun[] {
  return runs(uids, 1);
}

/** Runs that may cover a few UIDs that were not asked for: the reader leaves those out. */
export function readingRuns(uids: readonly number[]): UidRun[] {
  return runs(uids, WORTHWHILE_GAP);
}

/** Ascending and each once, as every function of the store takes them. */
export function sortedUids(uids: readonly number[]): readonly number[] {
  for (let i = 1; i < uids.length; i++) {
    if (uids[i] <= uids[i - 1]) return [...new Set(uids)].sort((a, b) => a - b);
  }
  return uids;
}

function runs(uids: readonly number[], gap: number): UidRun[] {
  const [first, last] = [uids[0], uids[uids.length - 1]];
  if (last - first === uids.length - 1) return [{ first, last }];
  const found: UidRun[] = [];
  let start = 0;
  for (let i = 1; i <= uids.length; i++) {
    if (i < uids.length && uids[i] - uids[i - 1] <= gap) continue;
    found.push({ first: uids[start], last: uids[i - 1] });
    start = i;
  }
  return found;
}
