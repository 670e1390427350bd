/** A bounded set whose elements come out in random order: what is asked of a peer, and what a peer asks of us. */

export class RandomQueue<T> {
  readonly #items: T[] = [];
  readonly #positions = new Map<T, number>();

  constructor(private readonly limit: number) {}

  get size(): number {
    return this.#items.length;
  }

  has(item: T): boolean {
    return this.#positions.has(item);
  }

  /** False when it is full; an element that is in it already stays once. */
  add(item: T): boolean {
    if (this.#positions.has(item)) return true;
    if (this.#items.length >= this.limit) return false;
    this.#positions.set(item, this.#items.length);
    this.#items.push(item);
    return true;
  }

  delete(item: T): void {
    const position = this.#positions.get(item);
    if (position === undefined) return;
    this.#positions.delete(item);
    const last = this.#items.pop() as T;
    if (position === this.#items.length) return;
    this.#items[position] = last;
    this.#positions.set(last, position);
  }

  /** Takes out a random element. */
  take(): T | undefined {
    const item = this.#items[Math.floor(Math.random() * this.#items.length)];
    if (item !== undefined) this.delete(item);
    return item;
  }
}

/** Fisher and Yates, in place. */
export function shuffle<T>(items: T[]): T[] {
  for (let index = items.length - 1; index > 0; index--) {
    const other = Math.floor(Math.random() * (index + 1));
    [items[index], items[other]] = [items[other], items[index]];
  }
  return items;
}
