/**
 * The threads of the messages of a folder, kept up when some come or go: only what they could be joined with is threaded anew. Messages
 * that have no name in common, directly or by others, cannot be of one thread.
 */
import type { SortContext } from '../sort/sort-values.js';
import { differences } from '../uid-arrays.js';
import { flatten } from './flat-threads.js';
import { Forest } from './forest.js';
import { NameGroups } from './name-groups.js';
import { RootPile } from './root-pile.js';
import { firstRow, nameOfSubject, namesOf, readThreadRows, type ThreadAlgorithm, thread } from './thread.js';
import type { ThreadNode } from './thread-node.js';

/** Rows read at a time: some milliseconds. */
const ROWS_PER_SLICE = 200;
/** Groups are threaded together until they have so many messages. */
const MESSAGES_AT_ONCE = 1_000;
/** Some milliseconds. */
const NUMBERS_PER_SLICE = 100_000;
/** When so large a part has come and gone, it is made anew: the names of what is gone are never forgotten. */
const MAX_CHANGED = 1 / 4;
const ALWAYS_CHANGED = 100;

export class ThreadedFolder {
  #changed = 0;

  private constructor(
    private readonly algorithm: ThreadAlgorithm,
    /** Ascending. */
    private uids: Uint32Array,
    /** Of each message. */
    private groups: Uint32Array,
    private readonly names: NameGroups,
    private forest: Forest,
  ) {}

  /** @param uids ascending */
  static async of(algorithm: ThreadAlgorithm, uids: readonly number[], context: SortContext): Promise<ThreadedFolder> {
    const none = new Uint32Array(0);
    const folder = new ThreadedFolder(algorithm, none, none, new NameGroups(), Forest.EMPTY);
    await folder.#change(uids, [], context);
    return folder;
  }

  get bytes(): number {
    return this.uids.byteLength + this.groups.byteLength + this.names.bytes + this.forest.bytes;
  }

  /** As `flatten` makes them. */
  get flat(): Float64Array {
    return this.forest.flat;
  }

  /** The threads of these; must not be called again before it is done. @param uids ascending */
  async with(uids: readonly number[], context: SortContext): Promise<ThreadedFolder> {
    const { added, gone } = await differences(this.uids, uids, () => context.breathe());
    if (added.length + gone.length === 0) return this;
    const changed = this.#changed + added.length + gone.length;
    if (changed > Math.max(ALWAYS_CHANGED, MAX_CHANGED * uids.length)) return ThreadedFolder.of(this.algorithm, uids, context);
    await this.#change(added, gone, context);
    this.#changed = changed;
    return this;
  }

  async #change(added: readonly number[], gone: readonly number[], context: SortContext): Promise<void> {
    const breathe = (): Promise<void> => context.breathe();
    const come = await this.#group(added, context);
    const touched = new Set<number>();
    for (const group of come.groups) touched.add(group);
    const left = await this.#without(gone, touched, breathe);
    await this.#merge(left, come, breathe);
    const isTouched = this.#among(touched);
    const { roots, united } = await this.#thread(isTouched, context);
    // Threads with the same subject are joined: their groups are one from now on, and threaded once more as one.
    const isUnited = this.#among(united);
    let forest = await this.forest.with(roots, isTouched, breathe);
    if (united.size > 0) forest = await forest.with((await this.#thread(isUnited, context)).roots, isUnited, breathe);
    this.forest = forest;
  }

  /** Whether a group is a part of one of these now. */
  #among(groups: ReadonlySet<number>): (group: number) => boolean {
    const isAmong = new Uint8Array(this.names.count);
    for (const group of groups) isAmong[this.names.find(group)] = 1;
    return (group) => isAmong[this.names.find(group)] === 1;
  }

  /** Gives messages to groups. Those that are gone are left out. */
  async #group(uids: readonly number[], context: SortContext): Promise<{ uids: Uint32Array; groups: Uint32Array }> {
    const there = new Uint32Array(uids.length);
    const groups = new Uint32Array(uids.length);
    let count = 0;
    for (let start = 0; start < uids.length; start += ROWS_PER_SLICE) {
      const rows = readThreadRows(uids.slice(start, start + ROWS_PER_SLICE), context);
      const names = rows.map((row) => namesOf(this.algorithm, row));
      await this.names.reserve(
        names.reduce((sum, each) => sum + each.length, 0),
        () => context.breathe(),
      );
      for (const [index, { uid }] of rows.entries()) {
        there[count] = uid;
        groups[count++] = this.names.join(names[index]);
      }
      await context.breathe();
    }
    return { uids: there.subarray(0, count), groups: groups.subarray(0, count) };
  }

  async #without(
    gone: readonly number[],
    touched: Set<number>,
    breathe: () => Promise<void>,
  ): Promise<{ uids: Uint32Array; groups: Uint32Array }> {
    if (gone.length === 0) return { uids: this.uids, groups: this.groups };
    const uids = new Uint32Array(this.uids.length);
    const groups = new Uint32Array(this.uids.length);
    let count = 0;
    let next = 0;
    for (let i = 0; i < this.uids.length; i++) {
      if (i % NUMBERS_PER_SLICE === 0) await breathe();
      if (this.uids[i] === gone[next]) {
        touched.add(this.groups[i]);
        next++;
        continue;
      }
      uids[count] = this.uids[i];
      groups[count++] = this.groups[i];
    }
    return { uids: uids.slice(0, count), groups: groups.slice(0, count) };
  }

  async #merge(
    left: { uids: Uint32Array; groups: Uint32Array },
    come: { uids: Uint32Array; groups: Uint32Array },
    breathe: () => Promise<void>,
  ): Promise<void> {
    const uids = new Uint32Array(left.uids.length + come.uids.length);
    const groups = new Uint32Array(uids.length);
    for (let at = 0, i = 0, j = 0; at < uids.length; at++) {
      if (at % NUMBERS_PER_SLICE === 0) await breathe();
      const isOld = j >= come.uids.length || (i < left.uids.length && left.uids[i] < come.uids[j]);
      uids[at] = isOld ? left.uids[i] : come.uids[j];
      groups[at] = isOld ? left.groups[i++] : come.groups[j++];
    }
    this.uids = uids;
    this.groups = groups;
  }

  /** The threads of the groups that were touched, and the groups that became one with others by that. */
  async #thread(isTouched: (group: number) => boolean, context: SortContext): Promise<{ roots: RootPile; united: Set<number> }> {
    const breathe = (): Promise<void> => context.breathe();
    const roots = new RootPile();
    const united = new Set<number>();
    const seeLinked = async (threads: readonly ThreadNode[]): Promise<void> => {
      await this.names.reserve(threads.length, breathe);
      for (const node of threads) {
        const { uid, subject } = firstRow(node);
        const group = this.#groupOf(uid);
        if (subject !== '' && this.names.attach(group, nameOfSubject(subject))) united.add(group);
      }
    };
    const { members, starts } = await this.#membersByGroup(isTouched, breathe);
    for (let group = 0, start = 0; group < this.names.count; group++) {
      const end = starts[group + 1];
      if (end - start < MESSAGES_AT_ONCE && group + 1 < this.names.count) continue;
      for (const { node, order } of await thread(this.algorithm, Array.from(members.subarray(start, end).sort()), context, seeLinked)) {
        const { uid } = firstRow(node);
        roots.add({ order, firstUid: uid, group: this.#groupOf(uid), flat: await flatten([node], breathe) });
      }
      start = end;
      await breathe();
    }
    return { roots, united };
  }

  /** The UIDs of each group that was touched, one group behind the other; where each begins, and one more for the end. */
  async #membersByGroup(
    isTouched: (group: number) => boolean,
    breathe: () => Promise<void>,
  ): Promise<{ members: Uint32Array; starts: Uint32Array }> {
    const starts = new Uint32Array(this.names.count + 1);
    const roots = this.groups.map((group) => this.names.find(group));
    await breathe();
    for (const group of roots) if (isTouched(group)) starts[group + 1]++;
    await breathe();
    for (let group = 0; group < this.names.count; group++) starts[group + 1] += starts[group];
    const members = new Uint32Array(starts[this.names.count]);
    const next = starts.slice();
    for (let i = 0; i < roots.length; i++) if (isTouched(roots[i])) members[next[roots[i]]++] = this.uids[i];
    return { members, starts };
  }

  #groupOf(uid: number): number {
    let low = 0;
    let high = this.uids.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.uids[middle] < uid) low = middle + 1;
      else high = middle;
    }
    return this.groups[low];
  }
}
