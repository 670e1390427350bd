/**
 * What changes of entries (flags, keywords, mod-sequence), of neighbours together in one value of some hundred bytes: ten thousand
 * messages are flagged by writing 80 rows. Pure.
 */
import type { State, StatePool } from './state-pool.js';

/** Large enough that a folder is few rows, small enough that one flag rewrites about a kilobyte. */
export const UIDS_PER_BLOCK = 128;

/** A block as it is stored. */
export interface StoredBlock {
  readonly block: number;
  /** By place from `first` on: the mod-sequences (8 bytes each, little-endian doubles), then the numbers in `palette` (a byte each); then `first`. */
  readonly states: Uint8Array;
  /** JSON: the different states, each [bits, keywords]. */
  readonly palette: string;
}

/** Entries that share their state and their mod-sequence, ascending; as good as always nearly all of a folder are few of these. */
export interface StateRun {
  readonly uids: readonly number[];
  readonly state: State;
  readonly modseq: number;
}

/** Entries that have come from one state into another one. */
export interface StateChange {
  readonly uids: readonly number[];
  readonly from: State;
  readonly to: State;
}

const NOBODY = 255;
const BYTES_PER_ENTRY = Float64Array.BYTES_PER_ELEMENT + 1;
/** Between bytes and numbers. Little-endian, as all machines are that this runs on. */
const SCRATCH_DOUBLES = new Float64Array(2 * UIDS_PER_BLOCK);
const SCRATCH_BYTES = new Uint8Array(SCRATCH_DOUBLES.buffer);

export class StateBlock {
  /** Numbers in the palette. Plain arrays: a small typed array costs more than all that is done with it. */
  readonly #places = new Array<number>(UIDS_PER_BLOCK).fill(NOBODY);
  readonly #modseqs = new Array<number>(UIDS_PER_BLOCK).fill(0);
  #palette: State[] = [];

  constructor(
    /** The UIDs from `number * UIDS_PER_BLOCK` on. */
    readonly number: number,
  ) {}

  static decode({ block, states, palette }: StoredBlock, pool: StatePool): StateBlock {
    const decoded = new StateBlock(block);
    const count = Math.floor(states.length / BYTES_PER_ENTRY);
    const first = states[states.length - 1];
    SCRATCH_BYTES.set(states);
    for (let at = 0; at < count; at++) {
      decoded.#modseqs[first + at] = SCRATCH_DOUBLES[at];
      decoded.#places[first + at] = states[count * Float64Array.BYTES_PER_ELEMENT + at];
    }
    decoded.#palette = (JSON.parse(palette) as [number, string][]).map(([bits, keywords]) => pool.of(bits, keywords));
    return decoded;
  }

  get isEmpty(): boolean {
    return this.#first() === UIDS_PER_BLOCK;
  }

  /** The highest in the block. */
  get modseq(): number {
    const modseqs = this.#modseqs;
    let highest = 0;
    for (let place = 0; place < UIDS_PER_BLOCK; place++) if (modseqs[place] > highest) highest = modseqs[place];
    return highest;
  }

  /** The state of an entry; undefined: there is none with this UID. */
  stateOf(uid: number): State | undefined {
    return this.#palette[this.#places[uid % UIDS_PER_BLOCK]];
  }

  /** 0 where there is no entry. */
  modseqOf(uid: number): number {
    return this.#modseqs[uid % UIDS_PER_BLOCK];
  }

  set(uid: number, state: State, modseq: number): void {
    this.#places[uid % UIDS_PER_BLOCK] = this.#indexOf(state);
    this.#modseqs[uid % UIDS_PER_BLOCK] = modseq;
  }

  /**
   * Puts entries into other states, all with one mod-sequence; answers which. Entries that have changed
   * after `unchangedSince` are left alone and put behind `refused`.
   *
   * @param to works out what a state becomes: asked once for each state
   */
  change(uids: readonly number[], to: (state: State) => State, modseq: number, unchangedSince: number, refused: number[]): StateChange[] {
    const changes: StateChange[] = [];
    const places = this.#places;
    const modseqs = this.#modseqs;
    this.#dropUnused(); // room for what comes
    if (uids.length === UIDS_PER_BLOCK && unchangedSince === Number.MAX_SAFE_INTEGER && this.#areAlike)
      return this.#changeAll(uids, to, modseq);
    const before = this.#palette.map((state) => ({ state, next: to(state) }));
    const after = before.map(({ state, next }) => (isSame(state, next) ? NOBODY : this.#indexOf(next)));
    let present = NOBODY;
    let run: number[] = [];
    for (const uid of uids) {
      const place = uid % UIDS_PER_BLOCK;
      const index = places[place];
      if (index === NOBODY) continue;
      if (modseqs[place] > unchangedSince) {
        refused.push(uid);
        continue;
      }
      if (after[index] === NOBODY) continue;
      if (index !== present) {
        present = index;
        run = [];
        changes.push({ uids: run, from: before[index].state, to: before[index].next });
      }
      places[place] = after[index];
      modseqs[place] = modseq;
      run.push(uid);
    }
    return changes;
  }

  /** Whether it is full, and all its entries are in one state: nearly every block of a folder. */
  get #areAlike(): boolean {
    return this.#palette.length === 1 && !this.#places.includes(NOBODY);
  }

  #changeAll(uids: readonly number[], to: (state: State) => State, modseq: number): StateChange[] {
    const [from] = this.#palette;
    const next = to(from);
    if (isSame(from, next)) return [];
    this.#palette = [next];
    this.#modseqs.fill(modseq);
    return [{ uids, from, to: next }];
  }

  remove(uid: number): void {
    this.#places[uid % UIDS_PER_BLOCK] = NOBODY;
    this.#modseqs[uid % UIDS_PER_BLOCK] = 0;
  }

  get firstUid(): number {
    return this.number * UIDS_PER_BLOCK;
  }

  /** The UID after the last one that it can hold. */
  get endUid(): number {
    return (this.number + 1) * UIDS_PER_BLOCK;
  }

  /** The UIDs of its entries from `first` to `last`, ascending, put behind `found`. */
  collectUids(found: number[], first = 0, last = Number.MAX_SAFE_INTEGER): void {
    const start = this.number * UIDS_PER_BLOCK;
    const end = Math.min(last - start + 1, UIDS_PER_BLOCK);
    for (let place = Math.max(first - start, 0); place < end; place++) if (this.#places[place] !== NOBODY) found.push(start + place);
  }

  /** Its entries among these (ascending) whose mod-sequences are above `since`, up to `upTo`. */
  runs(uids: readonly number[] = this.#uids(), since = -1, upTo = Number.MAX_SAFE_INTEGER): StateRun[] {
    const runs: StateRun[] = [];
    const places = this.#places;
    const modseqs = this.#modseqs;
    let state = NOBODY;
    let modseq = -1;
    let run: number[] = [];
    for (const uid of uids) {
      const place = uid % UIDS_PER_BLOCK;
      if (places[place] === NOBODY || modseqs[place] <= since || modseqs[place] > upTo) continue;
      if (places[place] !== state || modseqs[place] !== modseq) {
        state = places[place];
        modseq = modseqs[place];
        run = [];
        runs.push({ uids: run, state: this.#palette[state], modseq });
      }
      run.push(uid);
    }
    return runs;
  }

  /** How many of its entries are in a state of this kind. */
  count(fits: (state: State) => boolean): number {
    if (this.#areAlike) return fits(this.#palette[0]) ? UIDS_PER_BLOCK : 0;
    const fitting = this.#palette.map(fits);
    const places = this.#places;
    let count = 0;
    for (let place = 0; place < UIDS_PER_BLOCK; place++) if (fitting[places[place]] === true) count++;
    return count;
  }

  encode(): StoredBlock {
    this.#dropUnused();
    const first = this.#first();
    let end = UIDS_PER_BLOCK;
    while (end > first && this.#places[end - 1] === NOBODY) end--;
    const count = end - first;
    const doubles = count * Float64Array.BYTES_PER_ELEMENT;
    const states = Buffer.allocUnsafe(count * BYTES_PER_ENTRY + 1);
    SCRATCH_DOUBLES.set(this.#modseqs.slice(first, end));
    states.set(this.#places.slice(first, end), doubles);
    states.set(SCRATCH_BYTES.subarray(0, doubles));
    states[states.length - 1] = first;
    return { block: this.number, states, palette: JSON.stringify(this.#palette.map(({ bits, keywords }) => [bits, keywords])) };
  }

  #uids(): number[] {
    const uids: number[] = [];
    this.collectUids(uids);
    return uids;
  }

  /** The first place that is taken, or the end. */
  #first(): number {
    let first = 0;
    while (first < UIDS_PER_BLOCK && this.#places[first] === NOBODY) first++;
    return first;
  }

  #indexOf(state: State): number {
    const index = this.#palette.indexOf(state);
    if (index >= 0) return index;
    // At most as many states as there are places are in use.
    if (this.#palette.length === NOBODY) this.#dropUnused();
    return this.#palette.push(state) - 1;
  }

  #dropUnused(): void {
    if (this.#palette.length <= 1) return;
    const places = this.#places;
    const renumbered = new Uint8Array(NOBODY + 1).fill(NOBODY);
    const palette: State[] = [];
    for (let place = 0; place < UIDS_PER_BLOCK; place++) {
      const index = places[place];
      if (index === NOBODY) continue;
      if (renumbered[index] === NOBODY) renumbered[index] = palette.push(this.#palette[index]) - 1;
      places[place] = renumbered[index];
    }
    this.#palette = palette;
  }
}

function isSame(a: State, b: State): boolean {
  return a.bits === b.bits && a.keywords === b.keywords;
}

/** Ascending, where the runs are. */
export function uidsOf(runs: readonly { readonly uids: readonly number[] }[]): number[] {
  return runs.flatMap((run) => run.uids);
}
