/** Threads as numbers in columns: nodes are messages by their place in the table, and behind them those that stand for what is not here. Pure. */
import type { ThreadTable } from './thread-table.js';

/** Some milliseconds. */
const PER_SLICE = 50_000;

export class ThreadTree {
  /** By node; -1: it is a root. */
  readonly parents: Int32Array;
  /** In their order, when they are arranged. */
  roots: Uint32Array = new Uint32Array(0);
  /** By node: the last of its children, and the one before a node among its siblings; -1: none. */
  readonly #lastChildren: Int32Array;
  readonly #previous: Int32Array;
  /** Of nodes that stand for what is not here. */
  readonly #firstChildren: Int32Array;
  #dummies = 0;

  constructor(readonly table: ThreadTable) {
    // A node that stands for another has two children, and two of those may be joined below a third.
    const room = 2 * table.count;
    this.parents = new Int32Array(room).fill(-1);
    this.#lastChildren = new Int32Array(room);
    this.#previous = new Int32Array(room);
    this.#firstChildren = new Int32Array(table.count);
  }

  /** A root that stands for a message that is not here. */
  addDummy(): number {
    return this.table.count + this.#dummies++;
  }

  isDummy(node: number): boolean {
    return node >= this.table.count;
  }

  /** The message that a node goes by: the first one that is here. */
  speaker(node: number): number {
    return this.isDummy(node) ? this.#firstChildren[node - this.table.count] : node;
  }

  /** -1: it has no children. */
  lastChild(node: number): number {
    return this.#lastChildren[node];
  }

  /** The sibling before a node; -1: it is the first. */
  previous(node: number): number {
    return this.#previous[node];
  }

  /** Puts children below their parents as `parents` has it, and them and the roots in order. @param sorted all messages */
  async arrange(sorted: Uint32Array, breathe: () => Promise<void>): Promise<void> {
    this.#lastChildren.fill(-1);
    this.#previous.fill(-1);
    const roots = new Uint32Array(this.table.count);
    let count = 0;
    for (let i = 0; i < sorted.length; i++) {
      if (i % PER_SLICE === 0) await breathe();
      const message = sorted[i];
      const parent = this.parents[message];
      if (parent < 0) {
        roots[count++] = message;
        continue;
      }
      const before = this.#lastChildren[parent];
      this.#previous[message] = before;
      this.#lastChildren[parent] = message;
      if (before >= 0 || !this.isDummy(parent)) continue;
      // It comes where its first child would.
      this.#firstChildren[parent - this.table.count] = message;
      roots[count++] = parent;
    }
    this.roots = roots.slice(0, count);
  }
}
