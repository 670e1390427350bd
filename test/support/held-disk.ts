/** A disk that takes as long as a test wants: what doors must wait for before they answer. */
import type { OnDisk } from '../../src/base/on-disk.js';

export class HeldDisk {
  #held: Promise<void> | null = null;
  #settle: { resolve(): void; reject(error: Error): void } | null = null;
  #asked: () => void = () => {};

  readonly onDisk: OnDisk = () => {
    if (this.#held !== null) this.#asked();
    return this.#held;
  };

  /** From now on nothing reaches the disk. Resolves when somebody waits for it. */
  hold(): Promise<void> {
    this.#held = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    return new Promise((resolve) => {
      this.#asked = resolve;
    });
  }

  release(): void {
    this.#held = null;
    this.#settle?.resolve();
  }

  fail(error: Error): void {
    this.#settle?.reject(error);
  }
}
