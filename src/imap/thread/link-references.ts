/** Steps 1 to 3 of REFERENCES, RFC 5256 §3: links messages by the Message-IDs that they refer to. Pure. */
import { Containers } from './containers.js';
import type { ThreadTable } from './thread-table.js';
import { ThreadTree } from './thread-tree.js';

/** Some milliseconds. */
const PER_SLICE = 5_000;

/** A tree that is not yet arranged. Containers without a message are gone; only at the root one stands for several children. */
export async function linkReferences(table: ThreadTable, breathe: () => Promise<void>): Promise<ThreadTree> {
  const containers = new Containers(table.idNumbers.count, table.count);
  for (let message = 0; message < table.count; message++) {
    if (message % PER_SLICE === 0) await breathe();
    linkOne(message, table, containers);
  }
  return prune(table, containers, breathe);
}

function linkOne(message: number, table: ThreadTable, containers: Containers): void {
  const container = containers.put(message, table.ids[message]);
  let parent = 0;
  for (let at = table.referenceStarts[message]; at < table.referenceStarts[message + 1]; at++) {
    const child = table.references[at];
    if (parent !== 0 && containers.isRoot(child)) containers.link(parent, child);
    parent = child;
  }
  containers.unlink(container);
  if (parent !== 0) containers.link(parent, container);
}

async function prune(table: ThreadTable, containers: Containers, breathe: () => Promise<void>): Promise<ThreadTree> {
  const tree = new ThreadTree(table);
  /** By container without a message: how many messages are below it, and the node that stands for it. */
  const below = new Uint32Array(containers.end);
  const dummies = new Uint32Array(containers.end);
  for (let message = 0; message < table.count; message++) {
    if (message % PER_SLICE === 0) await breathe();
    const above = containers.above(message);
    tree.parents[message] = containers.messageOf(above);
    if (containers.messageOf(above) < 0) below[above]++;
  }
  for (let message = 0; message < table.count; message++) {
    if (message % PER_SLICE === 0) await breathe();
    const above = containers.above(message);
    if (above === 0 || tree.parents[message] >= 0 || below[above] < 2) continue;
    if (dummies[above] === 0) dummies[above] = tree.addDummy();
    tree.parents[message] = dummies[above];
  }
  return tree;
}
