/**
 * The threads of the messages of a folder, kept up when some come or go: only what they could be joined with is threaded anew. Messages
 * that have no name in common, directly or by others, cannot be of one thread.
 */
import { randomBytes } from 'node:crypto';
import { ascending, sortByNumbers } from '../sort/sort-by-numbers.js';
import type { SortContext } from '../sort/sort-values.js';
import { differences } from '../uid-arrays.js';
import { flatten } from './flat-threads.js';
import { Forest } from './forest.js';
import { NameGroups } from './name-groups.js';
import { NameNumbers } from './name-numbers.js';
import { readTable } from './read-table.js';
import { RootPile } from './root-pile.js';
import { type ThreadAlgorithm, thread } from './thread.js';
import { SUBJECT, type ThreadTable } from './thread-table.js';
import type { ThreadTree } from './thread-tree.js';

/** Groups are threaded together until they have so many messages. */
const MESSAGES_AT_ONCE = 1_000;
/** Some milliseconds. */
const NUMBERS_PER_SLICE = 50_000;
const ROOTS_PER_SLICE = 1_000;
const ITEMS_PER_SLICE = 20_000;
/** When so large a part has come and gone, it is made anew: the names of what is gone are never forgotten. */
const MAX_CHANGED = 1 / 4;
const ALWAYS_CHANGED = 100;

/** Messages, ascending, each with its group. */
interface Grouped {
  readonly uids: Uint32Array;
  readonly groups: Uint32Array;
}

/** Threads made, and the groups that became one with others by that. */
interface Rethreaded {
  readonly roots: RootPile;
  readonly united: Set<number>;
}

export class ThreadedFolder {
  #changed = 0;

  private constructor(
    private readonly algorithm: ThreadAlgorithm,
    private messages: Grouped,
    private readonly groups: NameGroups,
    private forest: Forest,
  ) {}

  /** @param uids ascending */
  static async of(algorithm: ThreadAlgorithm, uids: ArrayLike<number>, context: SortContext): Promise<ThreadedFolder> {
    const none = new Uint32Array(0);
    // Nobody can make many names fall together who does not know what they are hashed with.
    const groups = new NameGroups([randomBytes(4).readUInt32LE(), randomBytes(4).readUInt32LE()]);
    const folder = new ThreadedFolder(algorithm, { uids: none, groups: none }, groups, Forest.EMPTY);
    const table = await readTable(uids, groups.names, context);
    folder.messages = await folder.#group(table, context);
    const all: Rethreaded = { roots: new RootPile(), united: new Set() };
    await folder.#thread(table, all, context);
    folder.forest = new Forest(all.roots);
    return folder;
  }

  get bytes(): number {
    return this.messages.uids.byteLength + this.messages.groups.byteLength + this.groups.bytes + this.forest.bytes;
  }

  /** As `flatten` makes them. */
  get flat(): Uint32Array {
    return this.forest.flat;
  }

  /** The threads of these; must not be called again before it is done. @param uids ascending */
  async with(uids: ArrayLike<number>, context: SortContext): Promise<ThreadedFolder> {
    const { added, gone } = await differences(this.messages.uids, uids, () => context.breathe());
    if (added.length + gone.length === 0) return this;
    const changed = this.#changed + added.length + gone.length;
    if (changed > Math.max(ALWAYS_CHANGED, MAX_CHANGED * uids.length)) return ThreadedFolder.of(this.algorithm, uids, context);
    await this.#change(added, gone, context);
    this.#changed = changed;
    return this;
  }

  async #change(added: readonly number[], gone: readonly number[], context: SortContext): Promise<void> {
    const breathe = (): Promise<void> => context.breathe();
    const come = await this.#group(await readTable(added, this.#newNumbers(), context), context);
    const touched = new Set<number>(come.groups);
    const left = await this.#without(gone, touched, breathe);
    this.messages = await merge(left, come, breathe);
    const isTouched = this.#among(touched);
    const { roots, united } = await this.#threadGroups(isTouched, context);
    // Threads with the same subject are joined: their groups are one from now on, and threaded once more as one.
    const isUnited = this.#among(united);
    let forest = await this.forest.with(roots, isTouched, breathe);
    if (united.size > 0) forest = await forest.with((await this.#threadGroups(isUnited, context)).roots, isUnited, breathe);
    this.forest = forest;
  }

  #newNumbers(): NameNumbers {
    return new NameNumbers(this.groups.names.seeds);
  }

  /** Whether a group is a part of one of these now. */
  #among(groups: ReadonlySet<number>): (group: number) => boolean {
    const isAmong = new Uint8Array(this.groups.end);
    for (const group of groups) isAmong[this.groups.find(group)] = 1;
    return (group) => isAmong[this.groups.find(group)] === 1;
  }

  /** Gives messages to groups. */
  async #group(table: ThreadTable, context: SortContext): Promise<Grouped> {
    const groups = new Uint32Array(table.count);
    for (let message = 0; message < table.count; message++) {
      if (message % ROOTS_PER_SLICE === 0) {
        const last = Math.min(message + ROOTS_PER_SLICE, table.count);
        await this.groups.reserve(table.referenceStarts[last] - table.referenceStarts[message] + last - message, () => context.breathe());
        await context.breathe();
      }
      groups[message] = this.#groupOfNames(table, message);
    }
    return { uids: table.uids.slice(0, table.count), groups };
  }

  /** What has a name in common with another message may be linked with it, what has not cannot. */
  #groupOfNames({ ids, idNumbers, subjects, subjectNumbers, references, referenceStarts }: ThreadTable, message: number): number {
    const { names } = this.groups;
    if (this.algorithm === 'ORDEREDSUBJECT') {
      return subjects[message] === 0 ? names.of('', SUBJECT) : names.adopt(subjectNumbers, subjects[message]);
    }
    let group = ids[message] === 0 ? 0 : names.adopt(idNumbers, ids[message]);
    for (let at = referenceStarts[message]; at < referenceStarts[message + 1]; at++) {
      const other = names.adopt(idNumbers, references[at]);
      if (group === 0) group = other;
      else this.groups.unite(group, other);
    }
    return group === 0 ? names.nameless() : group;
  }

  async #without(gone: readonly number[], touched: Set<number>, breathe: () => Promise<void>): Promise<Grouped> {
    if (gone.length === 0) return this.messages;
    const before = this.messages;
    const uids = new Uint32Array(before.uids.length);
    const groups = new Uint32Array(before.uids.length);
    let count = 0;
    let next = 0;
    for (let i = 0; i < before.uids.length; i++) {
      if (i % NUMBERS_PER_SLICE === 0) await breathe();
      if (before.uids[i] === gone[next]) {
        touched.add(before.groups[i]);
        next++;
        continue;
      }
      uids[count] = before.uids[i];
      groups[count++] = before.groups[i];
    }
    return { uids: uids.slice(0, count), groups: groups.slice(0, count) };
  }

  /** The threads of the groups that were touched, and the groups that became one with others by that. */
  async #threadGroups(isTouched: (group: number) => boolean, context: SortContext): Promise<Rethreaded> {
    const all: Rethreaded = { roots: new RootPile(), united: new Set() };
    const { uids, groups } = await this.#membersByGroup(isTouched, () => context.breathe());
    for (let start = 0, end = 1; end <= uids.length; end++) {
      if (end < uids.length && (groups[end] === groups[end - 1] || end - start < MESSAGES_AT_ONCE)) continue;
      await this.#thread(
        await readTable(await ascending(uids.subarray(start, end), () => context.breathe()), this.#newNumbers(), context),
        all,
        context,
      );
      start = end;
    }
    return all;
  }

  /** The messages of the groups that were touched, one group behind the other. */
  async #membersByGroup(isTouched: (group: number) => boolean, breathe: () => Promise<void>): Promise<Grouped> {
    const { uids, groups } = this.messages;
    const places = new Uint32Array(uids.length);
    const groupsNow = new Float64Array(uids.length);
    let count = 0;
    for (let i = 0; i < uids.length; i++) {
      if (i % NUMBERS_PER_SLICE === 0) await breathe();
      if (!isTouched(groups[i])) continue;
      places[count++] = i;
      groupsNow[i] = this.groups.find(groups[i]);
    }
    const order = await sortByNumbers(places.subarray(0, count), groupsNow, breathe);
    const members = { uids: new Uint32Array(count), groups: new Uint32Array(count) };
    for (let i = 0; i < count; i++) {
      if (i % NUMBERS_PER_SLICE === 0) await breathe();
      members.uids[i] = uids[order[i]];
      members.groups[i] = groupsNow[order[i]];
    }
    return members;
  }

  async #thread(table: ThreadTable, into: Rethreaded, context: SortContext): Promise<void> {
    const breathe = (): Promise<void> => context.breathe();
    const { tree, orderOf } = await thread(this.algorithm, table, breathe, (linked) => this.#joinSubjects(linked, into.united, breathe));
    let pauseAt = 0;
    for (const root of tree.roots) {
      // Threads are short or long.
      if (into.roots.items >= pauseAt) {
        await breathe();
        pauseAt = into.roots.items + ITEMS_PER_SLICE;
      }
      const firstUid = table.uids[tree.speaker(root)];
      await flatten(tree, root, into.roots.write, breathe);
      into.roots.add({ order: orderOf(root), firstUid, group: this.#groupOf(firstUid) });
    }
  }

  /** What has a subject in common will be joined: from then on it is one group. */
  async #joinSubjects(tree: ThreadTree, united: Set<number>, breathe: () => Promise<void>): Promise<void> {
    const { table, roots } = tree;
    const { names } = this.groups;
    for (let i = 0; i < roots.length; i++) {
      if (i % ROOTS_PER_SLICE === 0) {
        await this.groups.reserve(ROOTS_PER_SLICE, breathe);
        await breathe();
      }
      const message = tree.speaker(roots[i]);
      if (table.subjects[message] === 0) continue;
      const known = names.count;
      const group = this.#groupOf(table.uids[message]);
      const subject = names.adopt(table.subjectNumbers, table.subjects[message]);
      const areTwo = this.groups.unite(group, subject);
      if (areTwo && subject <= known) united.add(group);
    }
  }

  #groupOf(uid: number): number {
    const { uids, groups } = this.messages;
    let low = 0;
    let high = uids.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (uids[middle] < uid) low = middle + 1;
      else high = middle;
    }
    return groups[low];
  }
}

async function merge(left: Grouped, come: Grouped, breathe: () => Promise<void>): Promise<Grouped> {
  const uids = new Uint32Array(left.uids.length + come.uids.length);
  const groups = new Uint32Array(uids.length);
  for (let at = 0, i = 0, j = 0; at < uids.length; at++) {
    if (at % NUMBERS_PER_SLICE === 0) await breathe();
    const isOld = j >= come.uids.length || (i < left.uids.length && left.uids[i] < come.uids[j]);
    uids[at] = isOld ? left.uids[i] : come.uids[j];
    groups[at] = isOld ? left.groups[i++] : come.groups[j++];
  }
  return { uids, groups };
}
