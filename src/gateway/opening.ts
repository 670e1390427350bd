/** Something that is opened once, perhaps late; whole or not at all, and closed in reverse. */
import type { Logger } from '../base/log.js';
import type { Opened } from './open-store.js';

export class Opening<T> {
  /** How to close what is open, newest last. */
  #closers: (() => void | Promise<void>)[] = [];
  #opening: Promise<void> | undefined;
  #value: T | undefined;
  #isOver = false;

  constructor(
    private readonly make: (opened: Opened) => Promise<T>,
    private readonly log: Logger,
  ) {}

  get isOpen(): boolean {
    return this.#value !== undefined;
  }

  /** @throws Error before it is open */
  get value(): T {
    if (this.#value === undefined) throw new Error('it is asked for before it is open');
    return this.#value;
  }

  /** Whoever comes while it is being opened waits with the others. @throws what `make` threw: it can be tried again */
  open(): Promise<void> {
    this.#opening ??= this.#open();
    return this.#opening;
  }

  /** What fails to close is logged and does not keep the rest open. */
  async close(): Promise<void> {
    this.#isOver = true;
    await this.#opening?.catch(() => {});
    await this.#closeAll();
  }

  async #open(): Promise<void> {
    try {
      if (this.#isOver) throw new Error('it is closed');
      this.#value = await this.make((close) => this.#closers.push(close));
    } catch (error) {
      await this.#closeAll();
      this.#opening = undefined;
      throw error;
    }
  }

  async #closeAll(): Promise<void> {
    this.#value = undefined;
    for (const close of this.#closers.splice(0).reverse()) {
      try {
        await close();
      } catch (error) {
        this.log.error('a room did not close', error);
      }
    }
  }
}
