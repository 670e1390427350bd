/** Step 5 of REFERENCES, RFC 5256 §3: threads with the same subject become one. Pure. */
import type { ThreadTree } from './thread-tree.js';

const ROOTS_PER_SLICE = 20_000;

/** @param tree arranged; it has to be arranged once more then */
export async function joinBySubject(tree: ThreadTree, breathe: () => Promise<void>): Promise<void> {
  const { table, roots } = tree;
  const { isReply } = table;
  const subjectOf = (root: number): number => table.subjects[tree.speaker(root)];
  /** By subject the root of its thread, and 1; 0: none. */
  const threads = new Uint32Array(table.subjectNumbers.count + 1);
  for (let i = 0; i < roots.length; i++) {
    if (i % ROOTS_PER_SLICE === 0) await breathe();
    const root = roots[i];
    const subject = subjectOf(root);
    if (subject === 0) continue;
    const known = threads[subject] - 1;
    const isBetter = known >= 0 && !tree.isDummy(known) && (tree.isDummy(root) || (isReply[known] === 1 && isReply[root] === 0));
    if (known < 0 || isBetter) threads[subject] = root + 1;
  }
  for (let i = 0; i < roots.length; i++) {
    if (i % ROOTS_PER_SLICE === 0) await breathe();
    const root = roots[i];
    const subject = subjectOf(root);
    const known = threads[subject] - 1;
    if (subject === 0 || known === root) continue;
    if (tree.isDummy(known)) putBelow(tree, root, known);
    else if (!tree.isDummy(root) && isReply[root] === 1 && isReply[known] === 0) tree.parents[root] = known;
    else {
      const both = tree.addDummy();
      tree.parents[known] = both;
      putBelow(tree, root, both);
      threads[subject] = both + 1;
    }
  }
}

/** What stands for a message that is not here gives its children away. */
function putBelow(tree: ThreadTree, root: number, dummy: number): void {
  if (!tree.isDummy(root)) {
    tree.parents[root] = dummy;
    return;
  }
  for (let child = tree.lastChild(root); child >= 0; child = tree.previous(child)) tree.parents[child] = dummy;
}
