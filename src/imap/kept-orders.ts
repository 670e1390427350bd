/** What SORT and THREAD made of folders, kept for the next time: clients ask the same again and again. */

/** Both of a million messages: 8 MB for each way to sort, 35 to 90 for each way to thread. */
const MAX_KEPT_BYTES = 134_217_728;

/** An order of messages that can be brought up to date. */
export interface Keepable {
  readonly bytes: number;
}

export class KeptOrders {
  /** The one that was used last comes last. */
  readonly #kept = new Map<string, Keepable>();
  #bytes = 0;

  constructor(private readonly maxBytes = MAX_KEPT_BYTES) {}

  /** The order as it was left, or undefined. Nobody else gets it until it is kept again. @param kind whatever it depends on besides the messages */
  take<T extends Keepable>(kind: string): T | undefined {
    const kept = this.#kept.get(kind);
    if (kept === undefined) return undefined;
    this.#kept.delete(kind);
    this.#bytes -= kept.bytes;
    return kept as T;
  }

  keep(kind: string, order: Keepable): void {
    this.take(kind);
    if (order.bytes > this.maxBytes) return;
    this.#kept.set(kind, order);
    this.#bytes += order.bytes;
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= this.maxBytes) return;
      this.take(oldest);
    }
  }
}
