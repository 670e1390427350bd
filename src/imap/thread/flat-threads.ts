/** Threads as one list of numbers, and as the text that goes over the wire: "(1 2)(3 (4)(5))". Pure. */
import type { ThreadNode } from './thread-node.js';

/** What stands between the UIDs, which are above 0. */
const OPEN = -1;
const CLOSE = -2;
const ANSWER = -3;

/** Some milliseconds. */
const STEPS_PER_SLICE = 10_000;

/** Not recursive: threads can be as deep as a folder is long. */
export async function flatten(threads: readonly ThreadNode[], breathe: () => Promise<void>): Promise<number[]> {
  const flat: number[] = [];
  const todo: (ThreadNode | typeof OPEN | typeof CLOSE)[] = [];
  const push = (nodes: readonly ThreadNode[]): void => {
    for (const node of nodes.toReversed()) todo.push(CLOSE, node, OPEN);
  };
  push(threads);
  let steps = 0;
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    if (++steps % STEPS_PER_SLICE === 0) await breathe();
    if (typeof next === 'number') {
      flat.push(next);
      continue;
    }
    if (next.row !== null) flat.push(next.row.uid);
    if (next.children.length === 0) continue;
    if (next.row !== null) flat.push(ANSWER);
    if (next.children.length === 1 && next.row !== null) todo.push(next.children[0]);
    else push(next.children);
  }
  return flat;
}

export async function formatFlat(
  flat: ArrayLike<number>,
  numberOf: (uid: number) => number,
  breathe: () => Promise<void>,
): Promise<string> {
  let text = '';
  for (let i = 0; i < flat.length; i++) {
    const item = flat[i];
    text += item === OPEN ? '(' : item === CLOSE ? ')' : item === ANSWER ? ' ' : numberOf(item);
    if (i % STEPS_PER_SLICE === 0) await breathe();
  }
  return text;
}
