/** Large messages are held in memory a few at a time, so that no number of clients fills it with them. */

/** Two programs of a person that move old mail in, or search it, at the same time. */
const MAX_AT_ONCE = 2;

export class LargeMessagePlaces {
  #places = MAX_AT_ONCE;
  readonly #waiting: (() => void)[] = [];

  /** Resolves when there is a place, which must be given back with `leave`. */
  async enter(): Promise<void> {
    if (this.#places > 0) this.#places--;
    // Who leaves hands its place over.
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#places++;
    else next();
  }
}
