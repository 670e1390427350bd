/** THREAD, RFC 5256 and the REFS algorithm of draft-ietf-morg-inthread: messages as trees of answers. */
import { collate } from '../../mime/searchable-text.js';
import { baseSubject } from '../sort/base-subject.js';
import { sortInSlices } from '../sort/in-slices.js';
import type { SortContext } from '../sort/sort-values.js';
import { joinBySubject } from './join-by-subject.js';
import { linkReferences } from './link-references.js';
import type { ThreadNode, ThreadRow } from './thread-node.js';

export const THREAD_ALGORITHMS = ['ORDEREDSUBJECT', 'REFERENCES', 'REFS'] as const;
export type ThreadAlgorithm = (typeof THREAD_ALGORITHMS)[number];

/** Rows read at a time. */
const ROWS_PER_SLICE = 200;
const NODES_PER_SLICE = 1000;

/** A thread, and what threads are sorted by. */
export interface OrderedThread {
  readonly node: ThreadNode;
  readonly order: number;
}

/**
 * The threads of these messages; those that are gone are left out.
 *
 * @param uids ascending
 * @param seeLinked is shown the threads before those with the same subject are joined
 */
export async function thread(
  algorithm: ThreadAlgorithm,
  uids: readonly number[],
  context: SortContext,
  seeLinked: (threads: readonly ThreadNode[]) => Promise<void> = async () => {},
): Promise<OrderedThread[]> {
  const rows = await readRows(uids, context);
  const breathe = (): Promise<void> => context.breathe();
  if (algorithm === 'ORDEREDSUBJECT') return bySubject(rows, breathe);
  const roots = await linkReferences(rows, breathe);
  const dated = (await sortThreads(roots, breathe)).map(({ node }) => node);
  // REFS does not look at subjects; the thread with the newest message comes last.
  if (algorithm === 'REFS') return sortByLatest(dated, breathe);
  await seeLinked(dated);
  return sortThreads(await joinBySubject(dated, breathe), breathe);
}

/** What has a name in common with another message may be linked with it, what has not cannot. */
export function namesOf(algorithm: ThreadAlgorithm, row: Pick<ThreadRow, 'messageId' | 'references' | 'subject'>): string[] {
  if (algorithm === 'ORDEREDSUBJECT') return [nameOfSubject(row.subject)];
  const ids = row.messageId === '' ? row.references : [row.messageId, ...row.references];
  return ids.map((id) => `i${id}`);
}

export function nameOfSubject(subject: string): string {
  return `s${subject}`;
}

/** In one step: for a few hundred messages. */
export function readThreadRows(uids: readonly number[], context: SortContext): ThreadRow[] {
  const { uid, internalDate, messageId } = context.mailboxes.columns(context.mailboxId, uids, ['internalDate', 'messageId']);
  const read = context.messages.columns(messageId, ['messageIdHeader', 'references', 'subject', 'sentAt']);
  return uid.map((each, index) => {
    const { text, isReply } = baseSubject(read.subject[index]);
    return {
      uid: each,
      messageId: read.messageIdHeader[index],
      references: read.references[index] === '' ? [] : read.references[index].split(' '),
      subject: collate(text),
      isReply,
      sentAt: read.sentAt[index] ?? internalDate[index],
    };
  });
}

async function readRows(uids: readonly number[], context: SortContext): Promise<ThreadRow[]> {
  const rows: ThreadRow[] = [];
  for (let start = 0; start < uids.length; start += ROWS_PER_SLICE) {
    for (const row of readThreadRows(uids.slice(start, start + ROWS_PER_SLICE), context)) rows.push(row);
    await context.breathe();
  }
  return rows;
}

/** RFC 5256 §3, ORDEREDSUBJECT: one level of answers below the first message with a subject. */
async function bySubject(rows: readonly ThreadRow[], breathe: () => Promise<void>): Promise<OrderedThread[]> {
  const sorted = await sortInSlices(rows, (a, b) => a.sentAt - b.sentAt || a.uid - b.uid, breathe);
  const threads = new Map<string, OrderedThread>();
  for (const [index, row] of sorted.entries()) {
    if (index % NODES_PER_SLICE === 0) await breathe();
    const first = threads.get(row.subject);
    if (first === undefined) threads.set(row.subject, { node: { row, children: [] }, order: row.sentAt });
    else first.node.children.push({ row, children: [] });
  }
  return [...threads.values()];
}

/** Sorts the children of every node, those farthest down first, and then the threads. */
async function sortThreads(roots: readonly ThreadNode[], breathe: () => Promise<void>): Promise<OrderedThread[]> {
  const orders = new Map<ThreadNode, number>();
  const compare = byOrder(orders);
  for (const [index, node] of (await childrenFirst(roots, breathe)).entries()) {
    if (node.children.length > 1) node.children = await sortInSlices(node.children, compare, breathe);
    orders.set(node, sentDate(node, orders));
    if (index % NODES_PER_SLICE === 0) await breathe();
  }
  return ordered(roots, orders, breathe);
}

async function sortByLatest(roots: readonly ThreadNode[], breathe: () => Promise<void>): Promise<OrderedThread[]> {
  const latest = new Map<ThreadNode, number>();
  for (const [index, node] of (await childrenFirst(roots, breathe)).entries()) {
    latest.set(
      node,
      node.children.reduce((newest, child) => Math.max(newest, latest.get(child)!), node.row?.sentAt ?? 0),
    );
    if (index % NODES_PER_SLICE === 0) await breathe();
  }
  return ordered(roots, latest, breathe);
}

async function ordered(
  roots: readonly ThreadNode[],
  orders: ReadonlyMap<ThreadNode, number>,
  breathe: () => Promise<void>,
): Promise<OrderedThread[]> {
  const sorted = await sortInSlices(roots, byOrder(orders), breathe);
  return sorted.map((node) => ({ node, order: orders.get(node)! }));
}

/** Every node after all of its children. */
async function childrenFirst(roots: readonly ThreadNode[], breathe: () => Promise<void>): Promise<ThreadNode[]> {
  const nodes = [...roots];
  for (let i = 0; i < nodes.length; i++) {
    for (const child of nodes[i].children) nodes.push(child);
    if (i % NODES_PER_SLICE === 0) await breathe();
  }
  return nodes.reverse();
}

function byOrder(orders: ReadonlyMap<ThreadNode, number>): (a: ThreadNode, b: ThreadNode) => number {
  return (a, b) => orders.get(a)! - orders.get(b)! || firstRow(a).uid - firstRow(b).uid;
}

/** A node that stands for a message that is not here goes by its first child. */
function sentDate(node: ThreadNode, orders: ReadonlyMap<ThreadNode, number>): number {
  return node.row?.sentAt ?? orders.get(node.children[0])!;
}

/** The message that a thread goes by: the first one that is here. */
export function firstRow(node: ThreadNode): ThreadRow {
  let first = node;
  while (first.row === null) first = first.children[0];
  return first.row;
}
