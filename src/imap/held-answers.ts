/** Answers on their way out, in their order, each held back until what it may tell of is on the disk. */
import type { OnDisk } from '../base/on-disk.js';

export class HeldAnswers {
  #held: Promise<void> | null = null;

  /** @param put writes to the socket @param lost called when nobody knows what the disk has: there is nothing to be answered any more */
  constructor(
    private readonly onDisk: OnDisk,
    private readonly put: (pieces: readonly Buffer[]) => void,
    private readonly lost: () => void,
  ) {}

  /** Resolves when nothing is held; null: nothing is. */
  get held(): Promise<void> | null {
    return this.#held;
  }

  /** Puts the pieces at once where everything is on the disk: what was committed a moment ago, by whomever, they may tell of. */
  send(pieces: readonly Buffer[]): void {
    const onDisk = this.onDisk();
    if (onDisk === null && this.#held === null) {
      this.put(pieces);
      return;
    }
    const held: Promise<void> = Promise.all([this.#held, onDisk]).then(
      () => {
        if (this.#held === held) this.#held = null;
        this.put(pieces);
      },
      () => this.lost(),
    );
    this.#held = held;
  }
}
