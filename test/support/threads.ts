/** Threads of messages made afresh, for tests that hold them against others. */
import { firstNumbers, sortByNumbers } from '../../src/imap/sort/sort-by-numbers.js';
import type { SortContext } from '../../src/imap/sort/sort-values.js';
import { flatten } from '../../src/imap/thread/flat-threads.js';
import { linkReferences } from '../../src/imap/thread/link-references.js';
import { NameNumbers } from '../../src/imap/thread/name-numbers.js';
import { readTable } from '../../src/imap/thread/read-table.js';
import { type ThreadAlgorithm, thread } from '../../src/imap/thread/thread.js';
import { type ThreadRow, ThreadTable } from '../../src/imap/thread/thread-table.js';
import type { ThreadTree } from '../../src/imap/thread/thread-tree.js';

const breathe = async (): Promise<void> => {};

/** As `flatten` makes them. @param uids ascending */
export async function freshThreads(algorithm: ThreadAlgorithm, uids: readonly number[], context: SortContext): Promise<Uint32Array> {
  return flat((await thread(algorithm, await readTable(uids, new NameNumbers([1, 2]), context), breathe)).tree);
}

/** The same after step 3 of REFERENCES. */
export async function linkedThreads(rows: readonly ThreadRow[]): Promise<Uint32Array> {
  const table = new ThreadTable(rows.length, new NameNumbers([1, 2]));
  await table.add(rows, breathe);
  const tree = await linkReferences(table, breathe);
  await tree.arrange(await sortByNumbers(firstNumbers(rows.length), table.sentAt, breathe), breathe);
  return flat(tree);
}

async function flat(tree: ThreadTree): Promise<Uint32Array> {
  const items: number[] = [];
  for (const root of tree.roots) await flatten(tree, root, (item) => items.push(item), breathe);
  return Uint32Array.from(items);
}
