/** Step 5 of REFERENCES, RFC 5256 §3: threads with the same subject become one. Pure. */
import type { ThreadNode, ThreadRow } from './thread-node.js';

const ROOTS_PER_SLICE = 1000;

/** @param roots sorted by date; their children, too */
export async function joinBySubject(roots: readonly ThreadNode[], breathe: () => Promise<void>): Promise<ThreadNode[]> {
  const table = new Map<string, ThreadNode>();
  for (const [index, node] of roots.entries()) {
    if (index % ROOTS_PER_SLICE === 0) await breathe();
    const { subject, isReply } = speaker(node);
    if (subject === '') continue;
    const known = table.get(subject);
    if (known === undefined) table.set(subject, node);
    else if (known.row !== null && (node.row === null || (known.row.isReply && !isReply))) table.set(subject, node);
  }
  // What a thread was replaced with or hung below; `joined` keeps the order of the rest.
  const replaced = new Map<ThreadNode, ThreadNode>();
  const gone = new Set<ThreadNode>();
  for (const [index, node] of roots.entries()) {
    if (index % ROOTS_PER_SLICE === 0) await breathe();
    const { subject } = speaker(node);
    const known = table.get(subject);
    if (subject === '' || known === undefined || known === node) continue;
    gone.add(node);
    if (known.row === null) known.children = known.children.concat(node.row === null ? node.children : node);
    else if (node.row?.isReply && !known.row.isReply) known.children.push(node);
    else {
      const both: ThreadNode = { row: null, children: [known, node] };
      replaced.set(known, both);
      table.set(subject, both);
    }
  }
  return roots.filter((node) => !gone.has(node)).map((node) => replaced.get(node) ?? node);
}

/** The message whose subject a thread goes by. */
function speaker(node: ThreadNode): ThreadRow {
  let first = node;
  while (first.row === null) first = first.children[0];
  return first.row;
}
