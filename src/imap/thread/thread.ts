/** THREAD, RFC 5256 and the REFS algorithm of draft-ietf-morg-inthread: messages as trees of answers. */
import { fold } from '../../mime/searchable-text.js';
import { baseSubject } from '../sort/base-subject.js';
import { sortInSlices } from '../sort/in-slices.js';
import type { SortContext } from '../sort/sort.js';
import { joinBySubject } from './join-by-subject.js';
import { linkReferences } from './link-references.js';
import type { ThreadNode, ThreadRow } from './thread-node.js';

export const THREAD_ALGORITHMS = ['ORDEREDSUBJECT', 'REFERENCES', 'REFS'] as const;
export type ThreadAlgorithm = (typeof THREAD_ALGORITHMS)[number];

/** Rows read at a time. */
const ROWS_PER_SLICE = 200;
const NODES_PER_SLICE = 1000;

/** The threads of these messages; those that are gone are left out. @param uids ascending */
export async function thread(algorithm: ThreadAlgorithm, uids: readonly number[], context: SortContext): Promise<ThreadNode[]> {
  const rows = await readRows(uids, context);
  const breathe = (): Promise<void> => context.breathe();
  if (algorithm === 'ORDEREDSUBJECT') return bySubject(rows, breathe);
  const roots = await linkReferences(rows, breathe);
  const dated = await sortThreads(roots, sentDate, breathe);
  // REFS does not look at subjects; the thread with the newest message comes last.
  if (algorithm === 'REFS') return sortByLatest(dated, breathe);
  return sortThreads(await joinBySubject(dated, breathe), sentDate, breathe);
}

async function readRows(uids: readonly number[], context: SortContext): Promise<ThreadRow[]> {
  const rows: ThreadRow[] = [];
  for (let start = 0; start < uids.length; start += ROWS_PER_SLICE) {
    for (const entry of context.mailboxes.entries(context.mailboxId, uids.slice(start, start + ROWS_PER_SLICE))) {
      const description = context.messages.describe(entry.messageId);
      const { text, isReply } = baseSubject(description.subject);
      rows.push({
        uid: entry.uid,
        messageId: description.messageIdHeader,
        references: description.references,
        subject: fold(text),
        isReply,
        sentAt: description.sentAt ?? entry.internalDate,
      });
    }
    await context.breathe();
  }
  return rows;
}

/** RFC 5256 §3, ORDEREDSUBJECT: one level of answers below the first message with a subject. */
async function bySubject(rows: readonly ThreadRow[], breathe: () => Promise<void>): Promise<ThreadNode[]> {
  const sorted = await sortInSlices(rows, (a, b) => a.sentAt - b.sentAt || a.uid - b.uid, breathe);
  const threads = new Map<string, ThreadNode>();
  for (const row of sorted) {
    const first = threads.get(row.subject);
    if (first === undefined) threads.set(row.subject, { row, children: [] });
    else first.children.push({ row, children: [] });
  }
  return [...threads.values()];
}

type Order = (node: ThreadNode, orders: ReadonlyMap<ThreadNode, number>) => number;

/** Sorts the children of every node, those farthest down first, and then the threads. */
async function sortThreads(roots: readonly ThreadNode[], order: Order, breathe: () => Promise<void>): Promise<ThreadNode[]> {
  const orders = new Map<ThreadNode, number>();
  const compare = byOrder(orders);
  for (const [index, node] of childrenFirst(roots).entries()) {
    if (node.children.length > 1) node.children = await sortInSlices(node.children, compare, breathe);
    orders.set(node, order(node, orders));
    if (index % NODES_PER_SLICE === 0) await breathe();
  }
  return sortInSlices(roots, compare, breathe);
}

async function sortByLatest(roots: readonly ThreadNode[], breathe: () => Promise<void>): Promise<ThreadNode[]> {
  const latest = new Map<ThreadNode, number>();
  for (const node of childrenFirst(roots)) {
    latest.set(
      node,
      node.children.reduce((newest, child) => Math.max(newest, latest.get(child)!), node.row?.sentAt ?? 0),
    );
  }
  return sortInSlices(roots, byOrder(latest), breathe);
}

/** Every node after all of its children. */
function childrenFirst(roots: readonly ThreadNode[]): ThreadNode[] {
  const nodes = [...roots];
  for (let i = 0; i < nodes.length; i++) for (const child of nodes[i].children) nodes.push(child);
  return nodes.reverse();
}

function byOrder(orders: ReadonlyMap<ThreadNode, number>): (a: ThreadNode, b: ThreadNode) => number {
  return (a, b) => orders.get(a)! - orders.get(b)! || firstUid(a) - firstUid(b);
}

/** A node that stands for a message that is not here goes by its first child. */
function sentDate(node: ThreadNode, orders: ReadonlyMap<ThreadNode, number>): number {
  return node.row?.sentAt ?? orders.get(node.children[0])!;
}

function firstUid(node: ThreadNode): number {
  let first = node;
  while (first.row === null) first = first.children[0];
  return first.row.uid;
}
