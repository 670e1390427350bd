/** Long commands of many clients take turns: a slice of one of them, then the event loop hears everybody, then the next. */
export class Turns {
  readonly #waiting: (() => void)[] = [];

  /** Resolves when the loop has been round, and all that waited before had their slice in a round of their own. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#waiting.push(resolve) === 1) setImmediate(this.#serve);
    });
  }

  readonly #serve = (): void => {
    this.#waiting.shift()?.();
    if (this.#waiting.length > 0) setImmediate(this.#serve);
  };
}
