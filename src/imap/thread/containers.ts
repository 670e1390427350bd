/** The containers of REFERENCES (RFC 5256 §3, step 1) as numbers in columns: one for each Message-ID, whether its message is here or not. Pure. */

export class Containers {
  /** By container, from 1 on; 0 stands for none. The message of each, counted from 1. */
  readonly #messages: Uint32Array;
  readonly #parents: Uint32Array;
  readonly #firstChildren: Uint32Array;
  readonly #next: Uint32Array;
  readonly #previous: Uint32Array;
  /** By message. */
  readonly #places: Uint32Array;
  #last: number;

  /** @param ids containers up to this number are there from the start */
  constructor(ids: number, messages: number) {
    const room = ids + messages + 1;
    this.#messages = new Uint32Array(room);
    this.#parents = new Uint32Array(room);
    this.#firstChildren = new Uint32Array(room);
    this.#next = new Uint32Array(room);
    this.#previous = new Uint32Array(room);
    this.#places = new Uint32Array(messages);
    this.#last = ids;
  }

  /** Containers have numbers below this. */
  get end(): number {
    return this.#last + 1;
  }

  /** Puts a message into the container of its id, where that is free, or else into one of its own; answers which. @param id 0: none */
  put(message: number, id: number): number {
    // Of two messages with the same Message-ID the first has it; without one, nobody can refer to a message.
    const container = id !== 0 && this.#messages[id] === 0 ? id : ++this.#last;
    this.#messages[container] = message + 1;
    this.#places[message] = container;
    return container;
  }

  isRoot(container: number): boolean {
    return this.#parents[container] === 0;
  }

  /** Does nothing where that would be a circle. */
  link(parent: number, child: number): void {
    // A container without children is nobody's ancestor: most links need no look upwards.
    if (this.#firstChildren[child] !== 0) {
      for (let above = parent; above !== 0; above = this.#parents[above]) if (above === child) return;
    } else if (parent === child) return;
    this.unlink(child);
    const next = this.#firstChildren[parent];
    this.#parents[child] = parent;
    this.#next[child] = next;
    if (next !== 0) this.#previous[next] = child;
    this.#firstChildren[parent] = child;
  }

  unlink(child: number): void {
    const parent = this.#parents[child];
    if (parent === 0) return;
    const [previous, next] = [this.#previous[child], this.#next[child]];
    if (previous === 0) this.#firstChildren[parent] = next;
    else this.#next[previous] = next;
    if (next !== 0) this.#previous[next] = previous;
    this.#parents[child] = this.#previous[child] = this.#next[child] = 0;
  }

  /** The container above a message that counts: the nearest with a message, or else the root; 0 where there is none. Nothing is linked any more then. */
  above(message: number): number {
    const start = this.#parents[this.#places[message]];
    let top = start;
    while (this.#messages[top] === 0 && this.#parents[top] !== 0) top = this.#parents[top];
    // Whoever comes this way again has one step.
    for (let at = start; at !== top; ) {
      const next = this.#parents[at];
      this.#parents[at] = top;
      at = next;
    }
    return top;
  }

  /** -1: it is not here. */
  messageOf(container: number): number {
    return this.#messages[container] - 1;
  }
}
