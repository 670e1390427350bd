/** Disks for doors that wait for one before they answer: none at all, and one that takes as long as a test wants. */
import type { OnDisk } from '../../src/base/on-disk.js';

/** For what is in memory only. */
export const NO_DISK: OnDisk = () => null;

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
