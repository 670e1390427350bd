/** Steps 1 to 3 of REFERENCES, RFC 5256 §3: links messages by the Message-IDs that they refer to. */
import type { ThreadNode, ThreadRow } from './thread-node.js';

interface Container {
  row: ThreadRow | null;
  parent: Container | null;
  readonly children: Set<Container>;
}

/** Rows handled between two pauses. */
const ROWS_PER_SLICE = 500;

/** The threads, not sorted; a root without a message has at least two children, other nodes without one are gone. */
export async function linkReferences(rows: readonly ThreadRow[], breathe: () => Promise<void>): Promise<ThreadNode[]> {
  const containers = new Set<Container>();
  const byMessageId = new Map<string, Container>();
  const add = (row: ThreadRow | null): Container => {
    const container: Container = { row, parent: null, children: new Set() };
    containers.add(container);
    return container;
  };
  const referred = (messageId: string): Container => {
    let container = byMessageId.get(messageId);
    if (container === undefined) byMessageId.set(messageId, (container = add(null)));
    return container;
  };
  for (const [index, row] of rows.entries()) {
    // Of two messages with the same Message-ID the first has it; without one, nobody can refer to a message.
    const known = row.messageId === '' ? undefined : referred(row.messageId);
    const container = known === undefined || known.row !== null ? add(row) : known;
    container.row = row;
    let parent: Container | null = null;
    for (const messageId of row.references) {
      const child = referred(messageId);
      if (parent !== null && child.parent === null) link(parent, child);
      parent = child;
    }
    unlink(container);
    if (parent !== null) link(parent, container);
    if (index % ROWS_PER_SLICE === 0) await breathe();
  }
  return prune([...containers], breathe);
}

function link(parent: Container, child: Container): void {
  // A container without children is nobody's ancestor: most links need no look upwards.
  if (child.children.size > 0) {
    for (let above: Container | null = parent; above !== null; above = above.parent) if (above === child) return;
  } else if (parent === child) return;
  unlink(child);
  child.parent = parent;
  parent.children.add(child);
}

function unlink(child: Container): void {
  child.parent?.children.delete(child);
  child.parent = null;
}

/** Takes out containers without a message: their children take their place, at the root only when there is just one. */
async function prune(containers: readonly Container[], breathe: () => Promise<void>): Promise<ThreadNode[]> {
  // Parents before their children; then from the end, children before their parents.
  const ordered = containers.filter((container) => container.parent === null);
  for (let i = 0; i < ordered.length; i++) for (const child of ordered[i].children) ordered.push(child);
  const nodes = new Map<Container, ThreadNode[]>();
  for (const [index, container] of ordered.reverse().entries()) {
    if (index % ROWS_PER_SLICE === 0) await breathe();
    const children = [...container.children].flatMap((child) => nodes.get(child)!);
    const isRoot = container.parent === null;
    if (container.row !== null || (isRoot && children.length > 1)) nodes.set(container, [{ row: container.row, children }]);
    else nodes.set(container, children);
  }
  return containers.filter((container) => container.parent === null).flatMap((container) => nodes.get(container)!);
}
