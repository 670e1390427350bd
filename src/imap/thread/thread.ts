/** THREAD, RFC 5256 and the REFS algorithm of draft-ietf-morg-inthread: messages as trees of answers. Pure. */
import { firstNumbers, sortByNumbers } from '../sort/sort-by-numbers.js';
import { joinBySubject } from './join-by-subject.js';
import { linkReferences } from './link-references.js';
import type { ThreadTable } from './thread-table.js';
import { ThreadTree } from './thread-tree.js';

export const THREAD_ALGORITHMS = ['ORDEREDSUBJECT', 'REFERENCES', 'REFS'] as const;
export type ThreadAlgorithm = (typeof THREAD_ALGORITHMS)[number];

/** Some milliseconds. */
const PER_SLICE = 20_000;

export interface Threads {
  /** With its roots in their order. */
  readonly tree: ThreadTree;
  /** What threads are sorted by, and then by the first message: by root. */
  readonly orderOf: (root: number) => number;
}

/** @param seeLinked is shown the threads before those with the same subject are joined */
export async function thread(
  algorithm: ThreadAlgorithm,
  table: ThreadTable,
  breathe: () => Promise<void>,
  seeLinked: (tree: ThreadTree) => Promise<void> = async () => {},
): Promise<Threads> {
  const byDate = await sortByNumbers(firstNumbers(table.count), table.sentAt, breathe);
  const tree = algorithm === 'ORDEREDSUBJECT' ? await bySubject(table, byDate, breathe) : await linkReferences(table, breathe);
  await tree.arrange(byDate, breathe);
  if (algorithm === 'REFS') return sortByLatest(tree, breathe);
  if (algorithm === 'REFERENCES') {
    await seeLinked(tree);
    await joinBySubject(tree, breathe);
    await tree.arrange(byDate, breathe);
  }
  return { tree, orderOf: (root) => table.sentAt[tree.speaker(root)] };
}

/** RFC 5256 §3, ORDEREDSUBJECT: one level of answers below the first message with a subject. */
async function bySubject(table: ThreadTable, byDate: Uint32Array, breathe: () => Promise<void>): Promise<ThreadTree> {
  const tree = new ThreadTree(table);
  const firsts = new Int32Array(table.subjectNumbers.count + 1).fill(-1);
  for (let i = 0; i < byDate.length; i++) {
    if (i % PER_SLICE === 0) await breathe();
    const subject = table.subjects[byDate[i]];
    if (firsts[subject] < 0) firsts[subject] = byDate[i];
    else tree.parents[byDate[i]] = firsts[subject];
  }
  return tree;
}

/** REFS does not look at subjects; the thread with the newest message comes last. */
async function sortByLatest(tree: ThreadTree, breathe: () => Promise<void>): Promise<Threads> {
  const { sentAt, count } = tree.table;
  const latest = new Float64Array(2 * count).fill(-Infinity);
  const tops = tree.parents.slice();
  for (let message = 0; message < count; message++) {
    if (message % PER_SLICE === 0) await breathe();
    const top = topOf(message, tops);
    latest[top] = Math.max(latest[top], sentAt[message]);
  }
  const speakers = new Float64Array(2 * count);
  for (const root of tree.roots) speakers[root] = tree.speaker(root);
  tree.roots = await sortByNumbers(await sortByNumbers(tree.roots, speakers, breathe), latest, breathe);
  return { tree, orderOf: (root) => latest[root] };
}

/** The root above a node; makes the way shorter for the next time. @param parents -1: a root */
function topOf(node: number, parents: Int32Array): number {
  let top = node;
  for (let parent = parents[top]; parent >= 0; parent = parents[top]) {
    if (parents[parent] >= 0) parents[top] = parents[parent];
    top = parent;
  }
  return top;
}
