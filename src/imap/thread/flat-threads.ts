/** Threads as one list of numbers, and as the text that goes over the wire: "(1 2)(3 (4)(5))". Pure. */
import type { ThreadTree } from './thread-tree.js';

/** What stands between the UIDs. No folder gets that far: it would have lost four billion messages. */
const OPEN = 0xffffffff;
const CLOSE = 0xfffffffe;
const ANSWER = 0xfffffffd;

/** Some milliseconds. */
const STEPS_PER_SLICE = 20_000;

/** What is still to be written, beside nodes. */
const TO_OPEN = -1;
const TO_CLOSE = -2;

/** A thread, item by item. Not recursive: threads can be as deep as a folder is long. */
export async function flatten(tree: ThreadTree, root: number, write: (item: number) => void, breathe: () => Promise<void>): Promise<void> {
  const todo = [TO_CLOSE, root, TO_OPEN];
  let steps = 0;
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    if (++steps % STEPS_PER_SLICE === 0) await breathe();
    if (next < 0) {
      write(next === TO_OPEN ? OPEN : CLOSE);
      continue;
    }
    const child = tree.lastChild(next);
    if (!tree.isDummy(next)) {
      write(tree.table.uids[next]);
      if (child < 0) continue;
      write(ANSWER);
      if (tree.previous(child) < 0) {
        todo.push(child);
        continue;
      }
    }
    for (let at = child; at >= 0; at = tree.previous(at)) todo.push(TO_CLOSE, at, TO_OPEN);
  }
}

/** Threads, or a part of them, as they go over the wire. */
export function formatFlat(flat: Uint32Array, numberOf: (uid: number) => number): string {
  let text = '';
  for (const item of flat) text += item === OPEN ? '(' : item === CLOSE ? ')' : item === ANSWER ? ' ' : numberOf(item);
  return text;
}
