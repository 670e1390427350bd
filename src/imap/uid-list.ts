/** The UIDs of a folder, ascending: runs without a gap, so that a million messages take a few numbers. Never changes. Pure. */
import type { UidRun } from '../store/mail/uid-runs.js';

export class UidList {
  static readonly EMPTY = new UidList(new Uint32Array(0), new Uint32Array(0), 0);
  #array: readonly number[] | null = null;

  private constructor(
    /** The first UID of each run. */
    private readonly firsts: Uint32Array,
    /** How many UIDs stand before each run. */
    private readonly starts: Uint32Array,
    readonly length: number,
  ) {}

  /** @param runs ascending, without overlaps */
  static ofRuns(runs: readonly UidRun[]): UidList {
    const firsts = new Uint32Array(runs.length);
    const starts = new Uint32Array(runs.length);
    let count = 0;
    let length = 0;
    let next = 0;
    for (const { first, last } of runs) {
      if (count === 0 || first !== next) {
        firsts[count] = first;
        starts[count++] = length;
      }
      length += last - first + 1;
      next = last + 1;
    }
    return new UidList(firsts.slice(0, count), starts.slice(0, count), length);
  }

  get runCount(): number {
    return this.firsts.length;
  }

  /** 0 in an empty folder. */
  get highest(): number {
    return this.at(this.length - 1) ?? 0;
  }

  /** The UID at this place, counted from 0. */
  at(index: number): number | undefined {
    if (index < 0 || index >= this.length) return undefined;
    const run = lastNotAbove(this.starts, index);
    return this.firsts[run] + index - this.starts[run];
  }

  has(uid: number): boolean {
    return this.indexOf(uid) >= 0;
  }

  /** Counted from 0; -1: it is not here. */
  indexOf(uid: number): number {
    const run = lastNotAbove(this.firsts, uid);
    if (run < 0) return -1;
    const index = this.starts[run] + uid - this.firsts[run];
    return index < this.#end(run) ? index : -1;
  }

  /** As `indexOf`, of many (ascending): neighbours are not looked for one by one. */
  indexesOf(uids: readonly number[]): number[] {
    const indexes = new Array<number>(uids.length);
    let shift = 0;
    let from = 1;
    let to = 0;
    for (let at = 0; at < uids.length; at++) {
      const uid = uids[at];
      if (uid < from || uid >= to) {
        const run = lastNotAbove(this.firsts, uid);
        from = run < 0 ? 1 : this.firsts[run];
        to = run < 0 ? 0 : from + this.#end(run) - this.starts[run];
        shift = run < 0 ? 0 : this.starts[run] - from;
      }
      indexes[at] = uid >= from && uid < to ? uid + shift : -1;
    }
    return indexes;
  }

  /** The place of the first UID that is at least this one. */
  lowerBound(uid: number): number {
    const run = lastNotAbove(this.firsts, uid);
    return run < 0 ? 0 : Math.min(this.starts[run] + uid - this.firsts[run], this.#end(run));
  }

  /** As `ofRuns` takes them. */
  *runs(): Generator<UidRun> {
    for (const [run, first] of this.firsts.entries()) yield { first, last: first + this.#end(run) - this.starts[run] - 1 };
  }

  /** The UIDs at the places from `start` to before `end`. */
  slice(start: number, end: number): number[] {
    const last = Math.min(end, this.length);
    if (start >= last) return [];
    const uids = new Array<number>(last - start);
    let run = lastNotAbove(this.starts, start);
    for (let index = start; index < last; run++) {
      const runEnd = Math.min(this.#end(run), last);
      for (const shift = this.firsts[run] - this.starts[run]; index < runEnd; index++) uids[index - start] = shift + index;
    }
    return uids;
  }

  /** All of them; kept, since several sessions may ask. */
  toArray(): readonly number[] {
    return (this.#array ??= this.slice(0, this.length));
  }

  /** The UIDs below this one that are not here, ascending. */
  missing(below: number): number[] {
    const missing: number[] = [];
    let next = 1;
    for (let run = 0; run < this.firsts.length; run++) {
      for (; next < this.firsts[run]; next++) missing.push(next);
      next += this.#end(run) - this.starts[run];
    }
    for (; next < below; next++) missing.push(next);
    return missing;
  }

  /** With these behind. @param added ascending, above all that are here */
  withAdded(added: readonly number[]): UidList {
    if (added.length === 0) return this;
    const next = this.highest + 1;
    // The usual case: what comes in continues the last run.
    if (this.length > 0 && added[0] === next && added[added.length - 1] === next + added.length - 1) {
      return new UidList(this.firsts, this.starts, this.length + added.length);
    }
    const firsts: number[] = [];
    const starts: number[] = [];
    for (let index = 0; index < added.length; index++) {
      if (added[index] === (index === 0 ? (this.length === 0 ? -1 : next) : added[index - 1] + 1)) continue;
      firsts.push(added[index]);
      starts.push(this.length + index);
    }
    return new UidList(joined(this.firsts, firsts), joined(this.starts, starts), this.length + added.length);
  }

  /** Without these. @param gone ascending, without overlaps; may name UIDs that are not here */
  without(gone: readonly UidRun[]): UidList {
    if (!gone.some((run) => this.overlaps(run))) return this;
    const left: UidRun[] = [];
    let at = 0;
    for (let run = 0; run < this.firsts.length; run++) {
      let first = this.firsts[run];
      const last = first + this.#end(run) - this.starts[run] - 1;
      while (at < gone.length && gone[at].last < first) at++;
      for (let next = at; next < gone.length && gone[next].first <= last && first <= last; next++) {
        if (gone[next].first > first) left.push({ first, last: gone[next].first - 1 });
        first = gone[next].last + 1;
      }
      if (first <= last) left.push({ first, last });
    }
    return UidList.ofRuns(left);
  }

  /** Whether one of these UIDs is here. */
  overlaps({ first, last }: UidRun): boolean {
    return this.lowerBound(first) < this.lowerBound(last + 1);
  }

  /** What is here and not there. */
  runsNotIn(other: UidList): UidRun[] {
    return this.without(other.#runs()).#runs();
  }

  #runs(): UidRun[] {
    return Array.from(this.firsts, (first, run) => ({ first, last: first + this.#end(run) - this.starts[run] - 1 }));
  }

  #end(run: number): number {
    return run + 1 < this.starts.length ? this.starts[run + 1] : this.length;
  }
}

/** The index of the last element that is not above `value`, or -1. */
function lastNotAbove(ascending: Uint32Array, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function joined(before: Uint32Array, behind: readonly number[]): Uint32Array {
  const all = new Uint32Array(before.length + behind.length);
  all.set(before);
  all.set(behind, before.length);
  return all;
}
